/** How a level wanders from week to week beside its growth. */
export type Drift = {
  /** Standard deviation of what a week adds, on the model's scale. */
  readonly perWeek: number
  /** Where the level is now, beside what the trend says. */
  readonly now: number
}

const week = 7
/** What a straight line takes away of a wandering level has to be given back. */
const givenBack = 1.5

const meanOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length

const meanSquareOver = (means: readonly number[], apart: number): number => {
  const changes = means.slice(apart).map((value, i) => (value - (means[i] as number)) ** 2)
  return changes.reduce((sum, value) => sum + value, 0) / changes.length
}

/**
 * Weeks far apart differ by more than neighbours where a level wanders, and by as much where it does not.
 * @param residuals of days, oldest first
 */
export function driftOf(residuals: Float64Array): Drift {
  const weeks = Math.floor(residuals.length / week)
  const begin = residuals.length - weeks * week
  const means = Array.from({ length: weeks }, (_, i) =>
    meanOf(residuals.subarray(begin + i * week, begin + (i + 1) * week)),
  )
  if (weeks < 6) return { perWeek: 0, now: 0 }
  const [near, far] = [meanSquareOver(means, 1), meanSquareOver(means, 3)]
  const variance = Math.max(0, (far - near) / 2) * givenBack
  if (variance === 0) return { perWeek: 0, now: 0 }
  const noise = Math.max(near / 2 - variance / 2, 1e-12)
  const ratio = variance / noise
  // How much of each week's news lasts, when a level wanders so (the steady state of Kalman's filter).
  const gain = (-ratio + Math.sqrt(ratio ** 2 + 4 * ratio)) / 2
  const now = means.reduce((level, mean) => level + gain * (mean - level), 0)
  return { perWeek: Math.sqrt(variance), now }
}
