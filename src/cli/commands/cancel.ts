import { doneAnswer } from '../../contract/index.ts'
import { exit, PlimsollError } from '../../kernel/index.ts'
import type { Command } from '../command.ts'
import { connect, serverOptions } from '../connect.ts'

/** Comparisons are named after the two releases. */
const comparisonName = /\.[0-9a-f]{12}\.[0-9a-f]{12}\.\d+$/

export const cancel: Command = {
  name: 'cancel',
  summary: 'ends a run, or a comparison under load; what is at work in it is stopped first',
  examples: ['plimsoll cancel payments.12', 'plimsoll cancel payments.3f2a9c1d0b7e.a1b2c3d4e5f6.1'],
  positionals: 'RUN|COMPARISON',
  options: serverOptions,
  async run(input, io) {
    const [run] = input.positionals
    if (!run)
      throw new PlimsollError(
        'PLM_USAGE',
        'cancel needs a run or a comparison: `plimsoll runs` and `plimsoll load history` list them',
      )
    const client = await connect(input, io)
    const kind = comparisonName.test(run) ? 'comparisons' : 'runs'
    const address = `/api/${kind}/${encodeURIComponent(run)}/cancel`
    const answer = await client.send('POST', address, {}, doneAnswer)
    const said = answer.done ? `${run} is being cancelled.` : `${run} has ended already.`
    io.stdout.write(input.values.json ? `${JSON.stringify(answer)}\n` : `${said}\n`)
    return answer.done ? exit.yes : exit.no
  },
}
