import { tQuantile } from './quantiles.ts'

/** A rise per step with its interval. */
export type Slope = { readonly slope: number; readonly low: number; readonly high: number }

/**
 * Least-squares slope of values at equal distances, with Student's interval.
 * @param values at least three
 * @param confidence of the two-sided interval
 * @returns undefined when there are too few values
 */
export function slopeOf(values: readonly number[], confidence = 0.95): Slope | undefined {
  const n = values.length
  if (n < 3) return undefined
  const middle = (n - 1) / 2
  const mean = values.reduce((sum, value) => sum + value, 0) / n
  const spread = (n * (n * n - 1)) / 12
  const slope = values.reduce((sum, value, i) => sum + (i - middle) * (value - mean), 0) / spread
  const left = values.reduce((sum, value, i) => sum + (value - mean - slope * (i - middle)) ** 2, 0)
  const half = tQuantile((1 + confidence) / 2, n - 2) * Math.sqrt(left / (n - 2) / spread)
  return { slope, low: slope - half, high: slope + half }
}
