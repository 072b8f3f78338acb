import { median } from '../model/order.ts'

/** Days from `begin` to before `end` in which nothing was cleaned up or started again. */
export type Stretch = { readonly begin: number; readonly end: number }

/** A fall of so many standard deviations of the difference between the days before and after is a clean-up, not noise. */
const surely = 4.5
const window = 3
/** What rounding leaves. */
const smallest = 1e-9

/** Days on which much less is used than on the days before, for longer than a day: a clean-up, a restart, a rotated log. */
export function dropsOf(y: Float64Array): readonly number[] {
  const changes = y.slice(1).map((value, i) => value - (y[i] as number))
  const growth = median(changes)
  const deviation = (1.4826 * median(changes.map((change) => Math.abs(change - growth)))) / Math.SQRT2
  const level = (begin: number, end: number, at: number): number => {
    let sum = 0
    for (let day = begin; day < end; day++) sum += (y[day] as number) + growth * (at - day)
    return sum / (end - begin)
  }
  const isDrop = (day: number): boolean => {
    const [begin, end] = [Math.max(0, day - window), Math.min(y.length, day + window)]
    const sure = surely * deviation * Math.sqrt(1 / (day - begin) + 1 / (end - day))
    return (
      level(begin, day, day) - level(day, end, day) >
      Math.max(sure, Math.abs(growth), smallest * Math.abs(y[day] as number))
    )
  }
  const isSteepest = (day: number): boolean => {
    const near = changes.subarray(Math.max(0, day - window), day + window - 1)
    return changes[day - 1] === near.reduce((least, change) => Math.min(least, change))
  }
  return [...y.keys()].filter((day) => day > 0 && isDrop(day) && isSteepest(day))
}

export function stretchesOf(y: Float64Array, drops: readonly number[]): readonly Stretch[] {
  const edges = [0, ...drops, y.length]
  return edges.slice(1).map((end, i) => ({ begin: edges[i] as number, end }))
}
