import { seededRandom } from '../../../kernel/index.ts'
import { shareOf } from '../compare/metrics.ts'
import { type DriftFound, findDrift } from './drift.ts'
import type { Drift, History, HistoryPoint } from './finding.ts'
import { logSteps } from './noise.ts'
import { historySentence } from './sentence.ts'
import { lastingSteps, significantSteps } from './shifts.ts'
import { isMeasured, type MeasuredStep, type Step } from './step.ts'
import { totalOf } from './total.ts'

export type HistoryOptions = {
  /** The release before the first step: with it, the points begin with it. */
  readonly first?: { readonly release: string; readonly at: number }
  /** Of the signs that a drift is held against. */
  readonly seed?: number
}

function pointsOf(steps: readonly MeasuredStep[], first: HistoryOptions['first']): readonly HistoryPoint[] {
  let index = 1
  const points = steps.map(({ release, comparison, at, estimate, interval }) => {
    index *= 1 + estimate
    return { release, comparison, at, index, interval }
  })
  return first ? [{ ...first, index: 1, interval: null }, ...points] : points
}

/** A drift by its releases. Those that were left out within it count: they are releases, too. */
function driftOf(steps: readonly Step[], measured: readonly MeasuredStep[], found: DriftFound): Drift | null {
  const first = measured[found.from]
  const last = measured[found.end - 1]
  if (!first || !last) return null
  return {
    first: first.release,
    last: last.release,
    releases: steps.indexOf(last) - steps.indexOf(first) + 1,
    ratio: shareOf(found.log),
    p: found.p,
    isGoingOn: found.end === measured.length,
  }
}

/**
 * How the load line went from release to release, and what of that is more than noise. What is independent in a
 * chain of ratios are its steps, so findings rest on them: a step that stands out is a shift, and a stretch of
 * steps that go one way is a drift. Anything is found in at most 5 % of histories without a change.
 *
 * It believes the estimates. They lean a little upwards where comparisons end early as soon as they pass and
 * only releases that passed are steps: by 0.1 % a release for rounds that scatter 2.5 % a side, and by more the
 * noisier the place. A comparison with a release of long ago has no such chain in between.
 * @param steps oldest first, each against the release before it
 */
export function historyOf(steps: readonly Step[], { first, seed = 1 }: HistoryOptions = {}): History {
  const measured = steps.filter(isMeasured)
  const logs = logSteps(measured)
  const outstanding = significantSteps(logs)
  const shifts = lastingSteps(logs, outstanding).flatMap(({ at, p }) => {
    const step = measured[at]
    return step ? [{ release: step.release, ratio: step.estimate, p }] : []
  })
  const found = findDrift(logs, new Set(outstanding.map(({ at }) => at)), seededRandom(seed))
  const untold = {
    points: pointsOf(measured, first),
    total: totalOf(logs),
    shifts,
    drift: found ? driftOf(steps, measured, found) : null,
    leftOut: steps.flatMap(({ release, comparison, estimate }) =>
      estimate === null ? [{ release, comparison }] : [],
    ),
  }
  return { ...untold, text: historySentence(untold, steps.length) }
}
