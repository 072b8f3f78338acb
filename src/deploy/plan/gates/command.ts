import {
  type Awaiting,
  type Evidence,
  formatDuration,
  type Gate,
  pass,
  type Reason,
  type Verdict,
} from '../../../kernel/index.ts'
import { type CheckAnswer, checkKind } from '../checks/state.ts'
import type { CommandGateSettings } from './settings.ts'

type Body = CheckAnswer & { readonly gate: string; readonly deployment: string }

const bodyOf = ({ body }: Evidence): Body => body as unknown as Body

/** So many of the last lines stand beside the verdict; its output has them all. */
const linesShown = 3

const reasonOf = ({ text, lines }: Body): Reason => ({
  text: [text, ...(lines.length > 0 ? [lines.slice(-linesShown).join(' / ')] : [])].join(': '),
  next: 'bring the release again to ask once more',
})

/**
 * Holds when the team's command says yes. It is asked once for each deployment, and again when the deployment has its turn
 * and the answer has grown older than `expires`.
 */
export const commandGate: Gate<CommandGateSettings, Verdict | Awaiting> = {
  name: 'command',
  needs: [checkKind],
  judge({ name, expires }, { environment, deployment, hasTurn }, evidence, now) {
    const newest = evidence
      .filter(
        ({ about, ...one }) => about.environment === environment && bodyOf({ about, ...one }).gate === name,
      )
      .filter((one) => bodyOf(one).deployment === deployment)
      .sort((a, b) => b.at - a.at)[0]
    if (!newest) return { is: 'waits', because: 'it is about to be asked' }
    if (hasTurn && now - newest.at >= expires)
      return {
        is: 'waits',
        because: `its answer is older than ${formatDuration(expires)}: it is asked again`,
      }
    const body = bodyOf(newest)
    return body.is === 'pass' ? pass(newest.id) : { is: body.is, reasons: [reasonOf(body)] }
  },
}
