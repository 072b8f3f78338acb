import type { Reason } from '../../../kernel/index.ts'
import { formatDuration } from '../../../kernel/index.ts'
import type { Comparison, Effect } from './comparison.ts'
import { metricTitle, roundsText, sizeText } from './wording.ts'

/** A comparison before its reasons are written. */
export type Unreasoned = Omit<Comparison, 'reasons'>

const numbersOf = ({ estimate, interval, margin, p }: Effect): Record<string, number> => ({
  ...(estimate !== null && { estimate }),
  ...(interval && { low: interval.low, high: interval.high }),
  ...(margin !== null && { margin }),
  p,
})

const about = ({ metric }: Effect): string => (metric === 'carries' ? 'the load line' : metricTitle[metric])

function worseReason(effect: Effect): Reason {
  const way = effect.metric === 'carries' ? 'lower' : 'higher'
  return {
    text: `${about(effect)} is ${way} by more than the margin of ${sizeText(effect.margin ?? 0)}`,
    numbers: numbersOf(effect),
  }
}

const endings: Readonly<Record<Comparison['ended'], (c: Unreasoned) => string>> = {
  decided: () => '',
  'all rounds': (c) => `after all ${roundsText(c.rounds.used)}`,
  budget: (c) =>
    `when the time of ${formatDuration(c.options.budgetMs)} was up, after ${roundsText(c.rounds.used)}`,
  'voided rounds': (c) => `after ${roundsText(c.rounds.voided.length)} that did not count`,
}

function untoldReason(c: Unreasoned): Reason {
  const margin = sizeText(c.options.margins.loadLine)
  return {
    text: `whether the load line is lower by more than the margin of ${margin} could not be told ${endings[c.ended](c)}`,
    numbers: {
      ...numbersOf(c.primary),
      ...(c.smallestEffect !== null && { smallestEffect: c.smallestEffect }),
    },
    next: c.ended === 'budget' ? 'give it more time with --budget' : 'compare on a quieter machine',
  }
}

function passReason(c: Unreasoned): Reason {
  const margin = sizeText(c.options.margins.loadLine)
  return {
    text: `the load line is not lower by more than the margin of ${margin}, after ${roundsText(c.rounds.used)}`,
    numbers: numbersOf(c.primary),
  }
}

/** Secondary figures with a margin that could not be told: said, though they do not hold up a pass. */
const openReasons = (c: Unreasoned): readonly Reason[] =>
  c.secondary
    .filter((effect) => effect.verdict === 'inconclusive')
    .map((effect) => ({
      text: `${about(effect)} could not be told against its margin of ${sizeText(effect.margin ?? 0)}`,
      numbers: numbersOf(effect),
    }))

/** Why the verdict is what it is; the deciding reasons first. */
export function reasonsFor(c: Unreasoned): Comparison['reasons'] {
  const worse = [c.primary, ...c.secondary].filter((effect) => effect.verdict === 'fail').map(worseReason)
  const first = { pass: [passReason(c)], fail: worse, inconclusive: [untoldReason(c)] }[c.verdict]
  const reasons = c.verdict === 'fail' ? first : [...first, ...openReasons(c)]
  return reasons.map(({ text, numbers, next }) => ({
    text,
    ...(numbers && { numbers: { ...numbers } }),
    ...(next !== undefined && { next }),
  }))
}
