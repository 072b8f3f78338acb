import { isSeasonal } from '../../src/forecast/seasons.ts'

/** What a rival says: the middle, and its band of 95 % where it has one. */
export type Said = {
  readonly middle: ArrayLike<number>
  readonly lower?: ArrayLike<number>
  readonly upper?: ArrayLike<number>
}

const season = 24

/** Classical multiplicative decomposition: the mean ratio of each hour to the centred moving average, 1 on average. */
function seasonalIndices(y: Float64Array): Float64Array {
  const sums = new Float64Array(season)
  const counts = new Float64Array(season)
  const half = season / 2
  for (let t = half; t < y.length - half; t++) {
    let around = ((y[t - half] as number) + (y[t + half] as number)) / 2
    for (let k = 1 - half; k < half; k++) around += y[t + k] as number
    const phase = t % season
    sums[phase] = (sums[phase] as number) + ((y[t] as number) * season) / around
    counts[phase] = (counts[phase] as number) + 1
  }
  const means = sums.map((sum, i) => sum / (counts[i] as number))
  const mean = means.reduce((sum, value) => sum + value, 0) / season
  return means.map((value) => value / mean)
}

/** What is taken out before, and put in again after: nothing when M4's test finds no season. */
function adjusted(y: Float64Array) {
  const indices = isSeasonal(y, season) ? seasonalIndices(y) : new Float64Array(season).fill(1)
  const index = (t: number): number => indices[t % season] as number
  return { plain: y.map((value, t) => value / index(t)), index }
}

/** The last value, seasonally adjusted: M4's yardstick for OWA. */
export function naive2(y: Float64Array, horizon: number): Said {
  const { plain, index } = adjusted(y)
  const last = plain.at(-1) as number
  return { middle: Float64Array.from({ length: horizon }, (_, h) => last * index(y.length + h)) }
}

export function seasonalNaive(y: Float64Array, horizon: number): Said {
  const middle = Float64Array.from(
    { length: horizon },
    (_, h) => y[y.length - season + (h % season)] as number,
  )
  let squares = 0
  for (let t = season; t < y.length; t++) squares += ((y[t] as number) - (y[t - season] as number)) ** 2
  const deviation = Math.sqrt(squares / (y.length - season))
  const width = (h: number) => 1.96 * deviation * Math.sqrt(Math.floor(h / season) + 1)
  return {
    middle,
    lower: middle.map((value, h) => value - width(h)),
    upper: middle.map((value, h) => value + width(h)),
  }
}

function smoothed(y: Float64Array, alpha: number) {
  let level = y[0] as number
  let cost = 0
  for (let t = 1; t < y.length; t++) {
    const miss = (y[t] as number) - level
    cost += miss * miss
    level += alpha * miss
  }
  return { alpha, level, deviation: Math.sqrt(cost / (y.length - 2)) }
}

function slopeOf(y: Float64Array): number {
  const middle = (y.length - 1) / 2
  let [xy, xx] = [0, 0]
  y.forEach((value, t) => {
    xy += (t - middle) * value
    xx += (t - middle) ** 2
  })
  return xy / xx
}

/** M4's Theta: exponential smoothing with half the slope, on seasonally adjusted values. */
export function classicTheta(y: Float64Array, horizon: number): Said {
  const { plain, index } = adjusted(y)
  const all = Array.from({ length: 99 }, (_, i) => smoothed(plain, (i + 1) / 100))
  const { alpha, level, deviation } = all.reduce((a, b) => (b.deviation < a.deviation ? b : a))
  const slope = slopeOf(plain) / 2
  const drift = (h: number) => slope * (h + (1 - (1 - alpha) ** y.length) / alpha)
  const edge = (side: number) =>
    Float64Array.from({ length: horizon }, (_, h) => {
      const width = side * 1.96 * deviation * Math.sqrt(1 + h * alpha ** 2)
      return (level + drift(h) + width) * index(y.length + h)
    })
  return { middle: edge(0), lower: edge(-1), upper: edge(1) }
}
