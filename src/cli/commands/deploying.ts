import { deployAnswer } from '../../contract/index.ts'
import { type ExitCode, exit, PlimsollError } from '../../kernel/index.ts'
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
    return carryOut(client, { kind: 'rollback', place, release: undefined, effect }, input, io)
  },
}
