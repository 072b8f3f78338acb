import { doneAnswer } from '../../contract/index.ts'
import { exit, PlimsollError, parseDuration } from '../../kernel/index.ts'
import type { Command } from '../command.ts'
import { connect, serverOptions, text } from '../connect.ts'
import { findPlace, type Place } from '../place.ts'

const address = ({ service, environment }: Place): string =>
  `/api/services/${encodeURIComponent(service.name)}/environments/${encodeURIComponent(environment.name)}/lock`

export const lock: Command = {
  name: 'lock',
  summary: 'keeps deployments out of an environment until it is unlocked or the time is over',
  examples: [
    'plimsoll lock production --reason "data migration" --for 2h',
    'plimsoll lock payments staging --reason "load test" --for 30m',
  ],
  positionals: '[SERVICE] [ENVIRONMENT]',
  options: {
    ...serverOptions,
    reason: { type: 'string', value: 'TEXT', description: 'why: shown to everyone who waits' },
    for: { type: 'string', value: 'DURATION', description: 'how long at most (default 1h)' },
  },
  async run(input, io) {
    const reason = text(input.values.reason)
    const forMs = parseDuration(text(input.values.for) ?? '1h')
    if (!reason) throw new PlimsollError('PLM_USAGE', 'lock needs --reason: those who wait will read it')
    if (!forMs)
      throw new PlimsollError(
        'PLM_USAGE',
        `--for is ${input.values.for}, expected a duration such as 30m or 2h`,
      )
    const client = await connect(input, io)
    const answer = await client.send(
      'PUT',
      address(await findPlace(client, input.positionals)),
      { reason, forMs },
      doneAnswer,
    )
    io.stdout.write(
      input.values.json ? `${JSON.stringify(answer)}\n` : 'Locked; what goes on there ends first.\n',
    )
    return exit.yes
  },
}

export const unlock: Command = {
  name: 'unlock',
  summary: 'lets deployments into an environment again',
  examples: ['plimsoll unlock production', 'plimsoll unlock payments staging'],
  positionals: '[SERVICE] [ENVIRONMENT]',
  options: serverOptions,
  async run(input, io) {
    const client = await connect(input, io)
    const answer = await client.send(
      'DELETE',
      address(await findPlace(client, input.positionals)),
      {},
      doneAnswer,
    )
    io.stdout.write(
      input.values.json
        ? `${JSON.stringify(answer)}\n`
        : answer.done
          ? 'Unlocked.\n'
          : 'Nobody had locked it.\n',
    )
    return exit.yes
  },
}
