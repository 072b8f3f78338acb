import { doneAnswer } from '../../contract/index.ts'
import { exit, PlimsollError } from '../../kernel/index.ts'
import type { Command } from '../command.ts'
import { connect, serverOptions } from '../connect.ts'

export const cancel: Command = {
  name: 'cancel',
  summary: 'ends a run; what is at work in it is stopped first',
  examples: ['plimsoll cancel payments.12', 'plimsoll cancel payments.12 --json'],
  positionals: 'RUN',
  options: serverOptions,
  async run(input, io) {
    const [run] = input.positionals
    if (!run) throw new PlimsollError('PLM_USAGE', 'cancel needs a run: `plimsoll runs` lists them')
    const client = await connect(input, io)
    const answer = await client.send('POST', `/api/runs/${encodeURIComponent(run)}/cancel`, {}, doneAnswer)
    const said = answer.done ? `${run} is being cancelled.` : `${run} has ended already.`
    io.stdout.write(input.values.json ? `${JSON.stringify(answer)}\n` : `${said}\n`)
    return answer.done ? exit.yes : exit.no
  },
}
