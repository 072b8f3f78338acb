import type { Effect, SecondaryEffect } from './comparison.ts'
import type { Judgement } from './judge.ts'
import { carries, logRatios, type Metric, secondaryMetrics, shareOf } from './metrics.ts'
import type { CompareOptions } from './options.ts'
import type { Round, Side } from './round.ts'
import { holm } from './statistics/holm.ts'
import { signedRankInterval, twoSidedP } from './statistics/signed-rank.ts'
import { hodgesLehmann, middleOf } from './statistics/walsh.ts'

function medianOf(metric: Metric, rounds: readonly Round[], side: Side): number | null {
  const values = rounds.flatMap((round) => metric.read(round[side]) ?? [])
  return values.length === 0 ? null : middleOf(values.sort((a, b) => a - b))
}

function effectOf(
  metric: Metric,
  rounds: readonly Round[],
  margins: CompareOptions['margins'],
  verdict: Effect['verdict'],
): Effect {
  const values = logRatios(metric, rounds)
  const interval = signedRankInterval(values, 0.025)
  return {
    metric: metric.name,
    rounds: values.length,
    base: medianOf(metric, rounds, 'base'),
    change: medianOf(metric, rounds, 'change'),
    estimate: values.length === 0 ? null : shareOf(hodgesLehmann(values)),
    interval: interval && { low: shareOf(interval.low), high: shareOf(interval.high) },
    p: twoSidedP(values),
    margin: metric.margin(margins),
    verdict,
  }
}

/** The primary figure's effect, with what was found of it. */
export const primaryEffect = (
  rounds: readonly Round[],
  margins: CompareOptions['margins'],
  judgement: Judgement | undefined,
): Effect => effectOf(carries, rounds, margins, judgement?.primary ?? 'inconclusive')

/** The effects on the secondary figures that were measured; their p values corrected for being several. */
export function secondaryEffects(
  rounds: readonly Round[],
  margins: CompareOptions['margins'],
  judgement: Judgement | undefined,
): readonly SecondaryEffect[] {
  const effects = secondaryMetrics
    .map((metric) => effectOf(metric, rounds, margins, judgement?.secondary.get(metric.name) ?? null))
    .filter((effect) => effect.rounds > 0)
  const corrected = holm(effects.map((effect) => effect.p))
  return effects.map((effect, at) => ({ ...effect, pCorrected: corrected[at] ?? 1 }))
}
