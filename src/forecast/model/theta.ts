import type { Level } from '../outlook.ts'
import { quantileOf, sorted } from './order.ts'

export type Theta = {
  readonly centre: Float64Array
  readonly halfWidth: (level: Level, step: number) => number
}

/** Of a normal distribution. */
const deviations: Readonly<Record<Level, number>> = { 50: 0.674, 80: 1.282, 95: 1.96 }
/** With few points the deviation itself is uncertain: Student's t, nearly. */
const forFewPoints = (n: number): number => 1 + 3 / Math.max(2, n - 2)

/** The mean of each time of the season less the mean of all, in whole seasons from the end. */
function seasonalMeans(y: Float64Array, season: number): Float64Array {
  const means = new Float64Array(season)
  if (season <= 1) return means
  const whole = Math.floor(y.length / season)
  const begin = y.length - whole * season
  for (let t = begin; t < y.length; t++)
    means[t % season] = (means[t % season] as number) + (y[t] as number) / whole
  const mean = means.reduce((sum, value) => sum + value, 0) / season
  return means.map((value) => value - mean)
}

function slopeOf(y: Float64Array): number {
  const middle = (y.length - 1) / 2
  let [xy, xx] = [0, 0]
  y.forEach((value, t) => {
    xy += (t - middle) * value
    xx += (t - middle) ** 2
  })
  return xx > 0 ? xy / xx : 0
}

type Smoothed = {
  readonly level: number
  readonly misses: Float64Array
  readonly alpha: number
  readonly cost: number
}

function smooth(y: Float64Array, alpha: number): Smoothed {
  let level = y[0] as number
  const misses = new Float64Array(y.length - 1)
  for (let t = 1; t < y.length; t++) {
    const miss = (y[t] as number) - level
    misses[t - 1] = miss
    level += alpha * miss
  }
  return { level, misses, alpha, cost: misses.reduce((sum, miss) => sum + miss * miss, 0) }
}

const alphas = Array.from({ length: 20 }, (_, i) => (i + 1) / 20)

/**
 * The Theta method (Assimakopoulos & Nikolopoulos 2000) as exponential smoothing with half the slope of the straight line (Hyndman &
 * Billah 2003); the slope fades, so that a few points never run away. Its bands are those of exponential smoothing.
 * @param y at least 3 values, without gaps
 * @param season in steps, when it is to be taken out first; 1 when there is none
 * @param isTrending false for a flat line
 */
export function theta(y: Float64Array, season: number, horizon: number, isTrending = true): Theta {
  const seasonal = seasonalMeans(y, season)
  const plain = y.map((value, t) => value - (seasonal[t % season] ?? 0))
  const best = alphas.map((alpha) => smooth(plain, alpha)).reduce((a, b) => (b.cost < a.cost ? b : a))
  const slope = isTrending ? slopeOf(plain) / 2 : 0
  const fade = 1 - 1 / Math.max(10, y.length)
  const faded = (steps: number): number => (fade * (1 - fade ** steps)) / (1 - fade)
  const centre = Float64Array.from(
    { length: horizon },
    (_, h) => best.level + slope * faded(h + 1) + (seasonal[(y.length + h) % season] ?? 0),
  )
  const sizes = sorted(best.misses.map(Math.abs))
  const root = Math.sqrt(best.cost / Math.max(1, best.misses.length - 1))
  const widest = quantileOf(sizes, 0.9) / 1.645
  const deviation = Math.max(root, widest) * forFewPoints(y.length)
  // Smoothing with a small alpha says that nothing ever moves; a tenth of each miss is taken to last at least.
  const lasting = Math.max(0.1, best.alpha)
  return {
    centre,
    halfWidth: (level, step) => deviations[level] * deviation * Math.sqrt(1 + step * lasting ** 2),
  }
}
