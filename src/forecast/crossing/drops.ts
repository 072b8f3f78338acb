import { median } from '../model/order.ts'

/** Days from `begin` to before `end` in which nothing was cleaned up or started again. */
export type Stretch = { readonly begin: number; readonly end: number }

/** A fall of so many robust deviations of a day's change is a clean-up, not noise. */
const surely = 6
/** And of so many days' growth. */
const daysOfGrowth = 2

/** Days on which much less is used than on the day before: a clean-up, a restart, a rotated log. */
export function dropsOf(y: Float64Array): readonly number[] {
  const changes = y.slice(1).map((value, i) => value - (y[i] as number))
  const usual = median(changes)
  const deviation = 1.4826 * median(changes.map((change) => Math.abs(change - usual)))
  const least = Math.max(surely * deviation, daysOfGrowth * Math.abs(usual), 1e-9 * Math.abs(median(y)))
  return [...changes.keys()].flatMap((i) => ((changes[i] as number) - usual < -least ? [i + 1] : []))
}

export function stretchesOf(y: Float64Array, drops: readonly number[]): readonly Stretch[] {
  const edges = [0, ...drops, y.length]
  return edges.slice(1).map((end, i) => ({ begin: edges[i] as number, end }))
}
