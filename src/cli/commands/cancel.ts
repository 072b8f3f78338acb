import { doneAnswer } from '../../contract/index.ts'
import { exit, PlimsollError } from '../../kernel/index.ts'
import type { Command } from '../command.ts'
import { connect, serverOptions, text } from '../connect.ts'

/** Deployments are named after service, environment and their number, runs after service and number. */
const deploymentName = /^[^.]+\.[^.]+\.\d+$/

/** Comparisons are named after the two releases. */
const comparisonName = /\.[0-9a-f]{12}\.[0-9a-f]{12}\.\d+$/

/** So are squeezes. */
const squeezeName = /\.squeeze-\d+$/

/** Load tests are named after service, environment and their number. */
const loadTestName = /\.test-\d+$/

function kindOf(name: string): 'comparisons' | 'deployments' | 'load-tests' | 'runs' | 'squeezes' {
  if (squeezeName.test(name)) return 'squeezes'
  if (loadTestName.test(name)) return 'load-tests'
  if (comparisonName.test(name)) return 'comparisons'
  return deploymentName.test(name) ? 'deployments' : 'runs'
}

export const cancel: Command = {
  name: 'cancel',
  summary:
    'ends a run, a comparison, a load test of an environment or a deployment; what is at work in it is stopped, or goes back, first',
  examples: ['plimsoll cancel payments.12', 'plimsoll cancel payments.production.7 --reason "not today"'],
  positionals: 'RUN|COMPARISON|LOAD-TEST|DEPLOYMENT',
  options: {
    ...serverOptions,
    reason: { type: 'string', value: 'TEXT', description: 'why: kept with a deployment' },
  },
  async run(input, io) {
    const [run] = input.positionals
    if (!run)
      throw new PlimsollError(
        'PLM_USAGE',
        'cancel needs a run, a comparison, a load test or a deployment: `plimsoll runs`, `plimsoll load history` and `plimsoll status` list them',
      )
    const client = await connect(input, io)
    const address = `/api/${kindOf(run)}/${encodeURIComponent(run)}/cancel`
    const reason = text(input.values.reason) ?? 'no reason given'
    const answer = await client.send('POST', address, { reason }, doneAnswer)
    const said = answer.done ? `${run} is being cancelled.` : `${run} has ended already.`
    io.stdout.write(input.values.json ? `${JSON.stringify(answer)}\n` : `${said}\n`)
    return answer.done ? exit.yes : exit.no
  },
}
