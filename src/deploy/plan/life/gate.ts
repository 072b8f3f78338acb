import {
  type Awaiting,
  type Digest,
  type Evidence,
  type Gate,
  pass,
  type Reason,
  type Verdict,
} from '../../../kernel/index.ts'
import { type AbsoluteBody, absoluteKind } from './state.ts'

const bodyOf = ({ body }: Evidence): AbsoluteBody => body as unknown as AbsoluteBody

const reasonsOf = ({ text, doubts, reasons }: AbsoluteBody): readonly Reason[] => [
  { text },
  ...reasons.filter((one) => one.text !== text),
  ...doubts.map((doubt) => ({ text: `it does not count: ${doubt}` })),
]

function judge(newest: Evidence): Verdict {
  const { standing, counts } = bodyOf(newest)
  if (standing === 'failed') return { is: 'fail', reasons: reasonsOf(bodyOf(newest)) }
  if (standing === 'passed' && counts) return pass(newest.id)
  return { is: 'inconclusive', reasons: reasonsOf(bodyOf(newest)) }
}

/** What was kept for want of anything that runs: the first release has nobody before it who could be measured. */
export const nothingMeasured = 'nothing ran before it'
const isNothing = (one: Evidence): boolean =>
  (one.body as { readonly nothing?: string }).nothing !== undefined

/**
 * Holds when the load line of what runs now was measured in an environment in step, counts, and is not too low: nobody
 * goes on while that is missing or red.
 */
export const loadTestGate: Gate<undefined, Verdict | Awaiting> = {
  name: 'loadTest',
  needs: [absoluteKind],
  judge(_config, { environment }, evidence) {
    const [newest] = evidence
      .filter((one) => one.kind === absoluteKind && bodyOf(one).sized === undefined)
      .sort((a, b) => b.at - a.at)
    if (!newest) {
      const text = `the load line of what runs in ${environment} is missing`
      return { is: 'inconclusive', reasons: [{ text, next: 'plimsoll load test' }] }
    }
    return isNothing(newest) ? pass(newest.id as Digest) : judge(newest)
  },
}
