import { type AheadView, aheadView, deployAnswer } from '../../contract/index.ts'
import { type ExitCode, exit, PlimsollError } from '../../kernel/index.ts'
import { aheadExit, renderAhead } from '../ahead.ts'
import { ask } from '../ask.ts'
import type { Client } from '../client.ts'
import type { Command, Input, Io } from '../command.ts'
import { connect, serverOptions, text } from '../connect.ts'
import { showEnd } from '../following.ts'
import { findPlace, here, type Place } from '../place.ts'

type Kind = 'deploy' | 'promote' | 'rollback'
type Wish = {
  readonly kind: Kind
  readonly place: Place
  readonly release: string | undefined
  readonly effect: string
  /** Why it cannot be done now. */
  readonly refused?: string | undefined
}

const options = {
  ...serverOptions,
  yes: { type: 'boolean', short: 'y', description: 'do not ask' },
  'dry-run': { type: 'boolean', description: 'say what would happen now, and do nothing' },
  reason: { type: 'string', value: 'TEXT', description: 'why; kept with the deployment' },
  'no-wait': { type: 'boolean', description: 'return as soon as it is accepted' },
  wait: {
    type: 'boolean',
    description: 'follow it also while it waits for a person or a date; otherwise that ends with exit code 5',
  },
} as const satisfies Command['options']

/** A way back is never frozen, so that it needs no such word. */
const forthOptions = {
  ...options,
  fix: { type: 'string', value: 'TEXT', description: 'what it mends: a freeze lets fixes through' },
} as const satisfies Command['options']

const address = ({ service, environment }: Place): string =>
  `/api/services/${encodeURIComponent(service.name)}/environments/${encodeURIComponent(environment.name)}/deployments`

/** What would happen, as the server has it now. */
function planOf(client: Client, { kind, place, release }: Wish, fix: string | undefined): Promise<AheadView> {
  const asked = { kind, ...(release ? { release } : {}), ...(fix ? { fix } : {}) }
  const { service, environment } = place
  const at = `/api/services/${encodeURIComponent(service.name)}/environments/${encodeURIComponent(environment.name)}`
  return client.get(`${at}/plan?${new URLSearchParams(asked)}`, aheadView)
}

async function carryOut(client: Client, wish: Wish, input: Input, io: Io): Promise<ExitCode> {
  if (wish.refused !== undefined) throw new PlimsollError('PLM_RELEASE_TOO_OLD', wish.refused)
  const reason = text(input.values.reason)
  const fix = text(input.values.fix)
  if (input.values['dry-run']) {
    const plan = await planOf(client, wish, fix)
    io.stdout.write(input.values.json ? `${JSON.stringify(plan)}\n` : renderAhead(plan, io.stdout))
    return aheadExit[plan.passage.is]
  }
  if (!input.values.yes) {
    if (io.stderr.isTTY) io.stderr.write(renderAhead(await planOf(client, wish, fix), io.stderr))
    if (!(await ask(`${wish.effect}. Go on?`, io))) return exit.no
  }
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

export const deploy: Command = {
  name: 'deploy',
  summary: 'brings a release into an environment',
  examples: [
    'plimsoll deploy 3f2a91c0d4e5 staging --dry-run',
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
  examples: [
    'plimsoll promote production --dry-run',
    'plimsoll promote production --fix "INC-12: refunds fail"',
  ],
  positionals: '[SERVICE] [ENVIRONMENT]',
  options: forthOptions,
  async run(input, io) {
    const client = await connect(input, io)
    const place = await findPlace(client, input.positionals)
    const after = place.environment.after ?? place.environment.inStep?.with
    const source = place.service.environments.find((row) => row.name === after)?.release
    if (!after)
      throw new PlimsollError(
        'PLM_USAGE',
        `${here(place)} comes after no other environment, and is in step with none; use deploy`,
      )
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
    const refused = place.environment.rollback?.refused
    return carryOut(client, { kind: 'rollback', place, release: undefined, effect, refused }, input, io)
  },
}
