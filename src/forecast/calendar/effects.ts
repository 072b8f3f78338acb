import { median } from '../model/order.ts'
import { dayMs, type SpecialDay, weekdayOf } from './day.ts'

/** Where a grid of steps lies in time. */
export type Grid = { readonly from: number; readonly stepMs: number }

/** First step and one past the last of a day on a grid; may lie outside of what is known. */
export const stepsOf = ({ from, stepMs }: Grid, day: SpecialDay): readonly [number, number] => [
  Math.round((day.from - from) / stepMs),
  Math.round((day.from + dayMs - from) / stepMs),
]

/** The same steps, with those of special days not known: models learn of usual days alone. */
export function withoutSpecialDays(grid: Grid, y: Float64Array, days: readonly SpecialDay[]): Float64Array {
  const usual = y.slice()
  for (const day of days) {
    const [begin, end] = stepsOf(grid, day)
    usual.fill(Number.NaN, Math.max(0, begin), Math.max(0, end))
  }
  return usual
}

/**
 * How days of a kind differed from usual ones, for each step of a day.
 * @param y what was seen, on the model's scale (see `scale.ts`); NaN where nothing was
 * @param usual the same without special days, gaps filled
 * @returns undefined when no such day was seen
 */
export function effectOf(
  grid: Grid,
  y: Float64Array,
  usual: Float64Array,
  days: readonly SpecialDay[],
  kind: string,
): { readonly byStep: readonly number[]; readonly days: number } | undefined {
  const seen = days
    .filter((day) => day.kind === kind)
    .map((day) => stepsOf(grid, day))
    .filter(([begin, end]) => begin >= 0 && end <= y.length)
  const differences = seen.map(([begin, end]) =>
    Array.from({ length: end - begin }, (_, i) => (y[begin + i] as number) - (usual[begin + i] as number)),
  )
  const longest = Math.max(0, ...differences.map((one) => one.length))
  const byStep = Array.from({ length: longest }, (_, i) => {
    const found = median(differences.map((one) => one[i] ?? Number.NaN))
    return Number.isNaN(found) ? 0 : found
  })
  return longest > 0 ? { byStep, days: seen.length } : undefined
}

/** So many days on from a special day there is one of each weekday. */
const week = 7

/** The nearest day of a weekday that is not special itself, in days from `day`; what comes before is preferred. */
export function likeDayOffset(day: SpecialDay, days: readonly SpecialDay[]): number | undefined {
  const specials = new Set(days.map(({ from }) => Math.round(from / 3_600_000)))
  const isSpecial = (from: number) => specials.has(Math.round(from / 3_600_000))
  for (let away = 1; away <= 2 * week; away++)
    for (const offset of [-away, away])
      if (weekdayOf(day.from + offset * dayMs) === day.like && !isSpecial(day.from + offset * dayMs))
        return offset
  return undefined
}
