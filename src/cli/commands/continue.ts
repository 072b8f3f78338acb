import { doneAnswer } from '../../contract/index.ts'
import { exit, PlimsollError } from '../../kernel/index.ts'
import type { Command } from '../command.ts'
import { connect, serverOptions, text } from '../connect.ts'
import { showEnd } from '../following.ts'
import { findPlace, here } from '../place.ts'

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
    'no-wait': { type: 'boolean', description: 'return as soon as it goes on' },
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
