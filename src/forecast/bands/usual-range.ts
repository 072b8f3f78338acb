import type { Scale } from '../scale.ts'

/** So far beyond what an hour of the day has had may a band reach, as a share of how much that hour differs from day to day. */
const beyondHour = 0.15
/** The same of what any hour has had. */
const beyondAll = 0.04
/** Both grow with time from so many seasons on: the further ahead, the less the past says what was never seen. */
const nearSeasons = 2

type Extent = { readonly least: number; readonly most: number }

function extentOf(values: Float64Array, from: number, apart: number): Extent {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (let t = from; t < values.length; t += apart) {
    const value = values[t] as number
    if (value < least) least = value
    if (value > most) most = value
  }
  return { least, most }
}

/**
 * What a series keeps to: at a time of the season hardly more or less than it ever had at that time, or at any.
 * @param y on the model's scale, without gaps; at least one season
 * @param season in steps
 * @returns of a step after the end, counted from 0, in the units of the history
 */
export function usualRange(
  y: Float64Array,
  season: number,
  { back }: Scale,
): (step: number) => readonly [number, number] {
  const all = extentOf(y, 0, 1)
  const [floor, ceiling] = [back(all.least), back(all.most)]
  const byPhase = Array.from({ length: season }, (_, phase) => {
    const { least, most } = extentOf(y, phase, season)
    return [back(least), back(most)] as const
  })
  return (step) => {
    const [low, high] = byPhase[(y.length + step) % season] as readonly [number, number]
    const growth = Math.max(1, (step + 1) / (nearSeasons * season))
    const [more, margin] = [beyondHour * growth * (high - low), beyondAll * growth * (ceiling - floor)]
    return [Math.max(low - more, floor - margin), Math.min(high + more, ceiling + margin)]
  }
}
