import { type DeploymentView, deployAnswer, deploymentView, doneAnswer } from '../../contract/index.ts'
import { realClock } from '../../host/index.ts'
import { type ExitCode, exit, PlimsollError } from '../../kernel/index.ts'
import { ask } from '../ask.ts'
import type { Client } from '../client.ts'
import type { Command, Input, Io } from '../command.ts'
import { connect, serverOptions, text } from '../connect.ts'
import { createLive } from '../live.ts'
import { mark } from '../marks.ts'
import { findPlace, type Place } from '../place.ts'

type Kind = 'deploy' | 'promote' | 'rollback'
type Wish = {
  readonly kind: Kind
  readonly place: Place
  readonly release: string | undefined
  readonly effect: string
}

const options = {
  ...serverOptions,
  yes: { type: 'boolean', short: 'y', description: 'do not ask' },
  'dry-run': { type: 'boolean', description: 'say what would happen, and do nothing' },
  reason: { type: 'string', value: 'TEXT', description: 'why; kept with the deployment' },
  'no-wait': { type: 'boolean', description: 'return as soon as it is accepted' },
} as const satisfies Command['options']

/** A way back is never frozen, so that it needs no such word. */
const forthOptions = {
  ...options,
  fix: { type: 'string', value: 'TEXT', description: 'what it mends: a freeze lets fixes through' },
} as const satisfies Command['options']

const address = ({ service, environment }: Place): string =>
  `/api/services/${encodeURIComponent(service.name)}/environments/${encodeURIComponent(environment.name)}/deployments`

const standingExit: Readonly<Record<DeploymentView['standing'], ExitCode>> = {
  passed: exit.yes,
  failed: exit.no,
  cancelled: exit.no,
  skipped: exit.no,
  inconclusive: exit.unknown,
  waiting: exit.unknown,
  running: exit.unknown,
}

function renderEnd(view: DeploymentView, io: Io): string {
  const failedGates = view.gates.filter((gate) => gate.is !== 'pass')
  const reasons = [...view.reasons, ...failedGates.flatMap((gate) => gate.reasons)].map(
    ({ text: why }) => `  ${why}\n`,
  )
  const back = view.standing === 'passed' && view.rollback ? `  to go back: ${view.rollback.command}\n` : ''
  return `${mark(view.standing, io.stdout)}  ${view.text}\n${[...new Set(reasons)].join('')}${back}`
}

/** The stage that goes on, and what it waits for. */
function currentLines(view: DeploymentView, io: Io): { stage: string; lines: string[] } {
  const current = view.rail.findLast((step) => step.standing === 'running')
  const stage = current?.title ?? view.text
  const { lost, accepted } = view.ledger
  const requests = `${lost} of ${accepted.toLocaleString('en-GB')} requests lost`
  const why = current?.because ? ` – ${current.because}` : ''
  return { stage, lines: [`${mark('running', io.stderr)}  ${stage}${why}; ${requests}`] }
}

/** Follows a deployment to its end: each stage is said once, what it waits for is shown while it does. */
async function follow(client: Client, id: string, io: Io): Promise<DeploymentView> {
  const live = createLive(io.stderr, realClock)
  let told = ''
  try {
    for (;;) {
      const view = await client.get(`/api/deployments/${encodeURIComponent(id)}`, deploymentView)
      if (view.endedAt !== undefined) return view
      const { stage, lines } = currentLines(view, io)
      if (stage !== told) live.say(`${mark('running', io.stderr)}  ${stage}`)
      told = stage
      live.show(lines)
      await realClock.until(realClock.now() + 200, io.signal)
      if (io.signal?.aborted) throw new PlimsollError('PLM_USAGE', 'interrupted; the deployment goes on')
    }
  } finally {
    live.end()
  }
}

async function showEnd(client: Client, id: string, input: Input, io: Io): Promise<ExitCode> {
  const view = await follow(client, id, io)
  io.stdout.write(input.values.json ? `${JSON.stringify(view)}\n` : renderEnd(view, io))
  return standingExit[view.standing]
}

async function carryOut(client: Client, wish: Wish, input: Input, io: Io): Promise<ExitCode> {
  if (input.values['dry-run']) {
    io.stdout.write(
      input.values.json
        ? `${JSON.stringify({ schemaVersion: 1, dryRun: true, effect: wish.effect })}\n`
        : `${wish.effect}\n`,
    )
    return exit.yes
  }
  if (!input.values.yes && !(await ask(`${wish.effect}. Go on?`, io))) return exit.no
  const reason = text(input.values.reason)
  const fix = text(input.values.fix)
  const body = {
    kind: wish.kind,
    ...(wish.release ? { release: wish.release } : {}),
    ...(reason ? { reason } : {}),
    ...(fix ? { fix } : {}),
  }
  const { deployment } = await client.send('POST', address(wish.place), body, deployAnswer)
  if (input.values['no-wait']) {
    io.stdout.write(
      input.values.json
        ? `${JSON.stringify({ schemaVersion: 1, deployment })}\n`
        : `${deployment} was accepted\n`,
    )
    return exit.yes
  }
  return showEnd(client, deployment, input, io)
}

const here = ({ service, environment }: Place): string => `${environment.name} of ${service.name}`

export const deploy: Command = {
  name: 'deploy',
  summary: 'brings a release into an environment',
  examples: [
    'plimsoll deploy 3f2a91c0d4e5 staging',
    'plimsoll deploy 3f2a91c0d4e5 payments production --reason "as agreed with Ada" --yes',
  ],
  positionals: 'RELEASE [SERVICE] [ENVIRONMENT]',
  options: forthOptions,
  async run(input, io) {
    const [release, ...words] = input.positionals
    if (!release)
      throw new PlimsollError('PLM_USAGE', 'deploy needs a release: `plimsoll releases` lists them')
    const client = await connect(input, io)
    const place = await findPlace(client, words)
    return carryOut(
      client,
      { kind: 'deploy', place, release, effect: `release ${release} will run in ${here(place)}` },
      input,
      io,
    )
  },
}

export const promote: Command = {
  name: 'promote',
  summary: 'brings what runs in the environment before into this one',
  examples: ['plimsoll promote production', 'plimsoll promote production --fix "INC-12: refunds fail"'],
  positionals: '[SERVICE] [ENVIRONMENT]',
  options: forthOptions,
  async run(input, io) {
    const client = await connect(input, io)
    const place = await findPlace(client, input.positionals)
    const { after } = place.environment
    const source = place.service.environments.find((row) => row.name === after)?.release
    if (!after)
      throw new PlimsollError('PLM_USAGE', `${here(place)} comes after no other environment; use deploy`)
    if (!source) throw new PlimsollError('PLM_NOT_FOUND', `nothing runs in ${after}`)
    const effect = `release ${source.short} (${source.subject}), which runs in ${after}, will run in ${here(place)}`
    return carryOut(client, { kind: 'promote', place, release: source.digest, effect }, input, io)
  },
}

export const rollback: Command = {
  name: 'rollback',
  summary: 'goes back: turns a running deployment round, or brings the release before',
  examples: [
    'plimsoll rollback production',
    'plimsoll rollback payments production --reason "errors since 12:04" --yes',
  ],
  positionals: '[SERVICE] [ENVIRONMENT]',
  options,
  async run(input, io) {
    const client = await connect(input, io)
    const place = await findPlace(client, input.positionals)
    const running = place.environment.deployment
    const effect = running
      ? `${running} will be turned round; ${here(place)} keeps ${place.environment.release?.short ?? 'nothing'}`
      : (place.environment.rollback?.effect ?? `${here(place)} goes back to the release before`)
    return carryOut(client, { kind: 'rollback', place, release: undefined, effect }, input, io)
  },
}

export const goOn: Command = {
  name: 'continue',
  summary: 'lets a canary take over that is held because the judge could not tell',
  examples: [
    'plimsoll continue production --reason "hardly any traffic at night; looked at it by hand"',
    'plimsoll continue payments production --reason "as agreed with Ada" --no-wait',
  ],
  positionals: '[SERVICE] [ENVIRONMENT]',
  options: {
    ...serverOptions,
    reason: { type: 'string', value: 'TEXT', description: 'why; kept with the deployment' },
    'no-wait': options['no-wait'],
  },
  async run(input, io) {
    const reason = text(input.values.reason)
    if (!reason)
      throw new PlimsollError('PLM_USAGE', 'continue needs --reason: it is kept with the deployment')
    const client = await connect(input, io)
    const place = await findPlace(client, input.positionals)
    const id = place.environment.deployment
    if (!id) throw new PlimsollError('PLM_NOT_FOUND', `nothing is being deployed to ${here(place)}`)
    const at = `/api/deployments/${encodeURIComponent(id)}/continue`
    const answer = await client.send('POST', at, { reason }, doneAnswer)
    if (!answer.done) throw new PlimsollError('PLM_NOT_FOUND', `${id} is not held`)
    if (!input.values['no-wait']) return showEnd(client, id, input, io)
    io.stdout.write(input.values.json ? `${JSON.stringify(answer)}\n` : `${id} goes on\n`)
    return exit.yes
  },
}
