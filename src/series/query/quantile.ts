/** Prometheus sorts what is no number first. */
const nanFirst = (a: number, b: number): number => (Number.isNaN(a) ? -1 : Number.isNaN(b) ? 1 : a - b)

/** The quantile of some values, between the two nearest, as `quantile` of Prometheus; undefined without values. */
export function quantileOf(quantile: number, values: Float64Array): number | undefined {
  if (values.length === 0) return undefined
  if (Number.isNaN(quantile)) return Number.NaN
  if (quantile < 0) return -Infinity
  if (quantile > 1) return Infinity
  const sorted = values.toSorted(nanFirst)
  const rank = quantile * (sorted.length - 1)
  const lower = Math.floor(rank)
  const upper = Math.min(sorted.length - 1, lower + 1)
  const weight = rank - lower
  return (sorted[lower] as number) * (1 - weight) + (sorted[upper] as number) * weight
}
