/** Level and growth at the end of a series of means, as a normal distribution; variances are in units of `scale`. */
export type LocalTrend = {
  readonly level: number
  readonly slope: number
  /** Variances of level and slope, and their covariance. */
  readonly spread: readonly [level: number, slope: number, both: number]
  /** What a step adds to the level's variance. */
  readonly wander: number
  /** Variance of one mean around its level. */
  readonly scale: number
  /** Means that told of the scale. */
  readonly degrees: number
  readonly logLikelihood: number
}

/** As good as nothing known, in units of `scale`. */
const diffuse = 1e7

/**
 * Kalman's filter for a level that grows by a fixed slope and wanders.
 * @param means one for each step, oldest first; NaN where there is none
 * @param ratio variance of what a step adds by chance, over that of a mean around its level
 * @param jumps steps before which the level changed for good
 */
export function localTrend(means: Float64Array, ratio: number, jumps: ReadonlySet<number>): LocalTrend {
  let [level, slope] = [means.find((mean) => !Number.isNaN(mean)) ?? 0, 0]
  let [pl, ps, pb] = [diffuse, diffuse, 0]
  let [logs, squares, degrees] = [0, 0, 0]
  for (let i = 0; i < means.length; i++) {
    if (i > 0) {
      level += slope
      pl += 2 * pb + ps + ratio
      pb += ps
    }
    if (jumps.has(i)) pl += diffuse
    const mean = means[i] as number
    if (Number.isNaN(mean)) continue
    const variance = pl + 1
    const miss = mean - level
    const [gainLevel, gainSlope] = [pl / variance, pb / variance]
    // What was not known before says nothing of how likely this is.
    if (variance < diffuse / 1e3) {
      logs += Math.log(variance)
      squares += miss ** 2 / variance
      degrees++
    }
    level += gainLevel * miss
    slope += gainSlope * miss
    ps -= gainSlope * pb
    pb -= gainSlope * pl
    pl -= gainLevel * pl
  }
  const scale = Math.max(1e-12, squares / Math.max(1, degrees))
  const logLikelihood = -(logs + degrees * Math.log(scale)) / 2
  return { level, slope, spread: [pl, ps, pb], wander: ratio, scale, degrees, logLikelihood }
}

/** From a level that never wanders to one that wanders in a step by much more than a mean is unsure. */
const ratios = [0, 0.03, 0.1, 0.3, 1, 3] as const

/** The same for levels that wander more and less, each with how likely it is after what was seen. */
export function localTrends(
  means: Float64Array,
  jumps: ReadonlySet<number>,
): readonly { readonly trend: LocalTrend; readonly weight: number }[] {
  const trends = ratios.map((ratio) => localTrend(means, ratio, jumps))
  const best = Math.max(...trends.map(({ logLikelihood }) => logLikelihood))
  const likely = trends.map(({ logLikelihood }) => Math.exp(logLikelihood - best))
  const total = likely.reduce((sum, one) => sum + one, 0)
  return trends.map((trend, i) => ({ trend, weight: (likely[i] as number) / total }))
}
