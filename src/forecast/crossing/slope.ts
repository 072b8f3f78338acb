import { median } from '../model/order.ts'
import type { Stretch } from './drops.ts'

/**
 * The middle of the slopes between all pairs of days of the same stretch (Theil 1950, Sen 1968): up to 29 % of wrong days do not matter.
 * @returns change a day; NaN when no stretch has two days
 */
export function theilSen(y: Float64Array, stretches: readonly Stretch[]): number {
  const slopes: number[] = []
  for (const { begin, end } of stretches)
    for (let a = begin; a < end; a++)
      for (let b = a + 1; b < end; b++) slopes.push(((y[b] as number) - (y[a] as number)) / (b - a))
  return median(slopes)
}

/** What is left of each day when slope and the middle of its stretch are taken away. */
export function aroundSlope(y: Float64Array, stretches: readonly Stretch[], slope: number): Float64Array {
  const left = y.map((value, day) => value - slope * day)
  for (const { begin, end } of stretches) {
    const middle = median(left.subarray(begin, end))
    for (let day = begin; day < end; day++) left[day] = (left[day] as number) - middle
  }
  return left
}

/** The slope of least squares within stretches: how much noise would have changed a slope. */
export function slopeWithin(noise: Float64Array, stretches: readonly Stretch[]): number {
  let [xy, xx] = [0, 0]
  for (const { begin, end } of stretches) {
    const middle = (begin + end - 1) / 2
    for (let day = begin; day < end; day++) {
      xy += (day - middle) * (noise[day] as number)
      xx += (day - middle) ** 2
    }
  }
  return xx > 0 ? xy / xx : 0
}
