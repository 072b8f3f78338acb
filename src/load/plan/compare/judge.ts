import type { LookLevels } from './looks.ts'
import { carries, logRatios, type Metric, marginLog, secondaryMetrics } from './metrics.ts'
import type { CompareOptions } from './options.ts'
import type { Round } from './round.ts'
import { holm } from './statistics/holm.ts'
import { lowerP, upperP } from './statistics/signed-rank.ts'

export type Found = 'pass' | 'fail' | 'inconclusive'

/** Exact p values against a margin: of being worse than it (small: it is not), of not being (small: it is). */
type AgainstMargin = { readonly worseP: number; readonly notWorseP: number }

function againstMargin(metric: Metric, rounds: readonly Round[], margin: number): AgainstMargin {
  const values = logRatios(metric, rounds)
  const line = marginLog(metric, margin)
  const [below, above] = [lowerP(values, line), upperP(values, line)]
  return metric.worse === 'lower' ? { worseP: above, notWorseP: below } : { worseP: below, notWorseP: above }
}

const found = ({ worseP, notWorseP }: AgainstMargin, levels: LookLevels): Found =>
  notWorseP <= levels.failLevel ? 'fail' : worseP <= levels.passLevel ? 'pass' : 'inconclusive'

/** What a look finds of each metric that has a margin. */
export type Judgement = {
  readonly primary: Found
  readonly secondary: ReadonlyMap<Metric['name'], Found>
  /** A secondary metric looks worse than its margin, but not yet for certain: more rounds would tell. */
  readonly suspects: boolean
}

/** Chance at which a metric that is within its margin is suspected all the same; it costs rounds, no verdict. */
const suspicion = 0.05

/**
 * Non-inferiority: `pass` when the one-sided bound is inside the margin, `fail` when the whole interval is
 * beyond it. The secondary metrics fail only after Holm's correction among themselves.
 */
export function judgeRounds(
  rounds: readonly Round[],
  margins: CompareOptions['margins'],
  levels: LookLevels,
): Judgement {
  const judged = secondaryMetrics.flatMap((metric) => {
    const margin = metric.margin(margins)
    const seen = logRatios(metric, rounds).length > 0
    return margin === null || !seen ? [] : [{ metric, p: againstMargin(metric, rounds, margin) }]
  })
  const corrected = holm(judged.map(({ p }) => p.notWorseP))
  return {
    primary: found(againstMargin(carries, rounds, margins.loadLine), levels),
    secondary: new Map(
      judged.map(({ metric, p }, at) => [
        metric.name,
        found({ ...p, notWorseP: corrected[at] ?? 1 }, levels),
      ]),
    ),
    suspects: judged.some(({ p }) => p.notWorseP <= suspicion),
  }
}

/** One secondary metric that is worse fails the whole; one that cannot be told does not hold it up. */
export const overall = (j: Judgement): Found =>
  [...j.secondary.values()].includes('fail') ? 'fail' : j.primary
