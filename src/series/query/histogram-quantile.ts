import { keyOf, type Labels, withoutName } from '../series.ts'
import { type Column, newColumn, put } from './columns.ts'

/** How many were not above an edge. */
type Bucket = { readonly edge: number; count: number }

/** Buckets that rounding has left a trillionth apart hold the same. */
const tolerance = 1e-12
const nearlyEqual = (a: number, b: number): boolean =>
  a === b || Math.abs(a - b) / Math.min(Math.abs(a) + Math.abs(b), Number.MAX_VALUE) < tolerance

/** Buckets of one edge become one; a bucket never holds less than the one before it. */
function tidied(buckets: readonly Bucket[]): Bucket[] {
  const whole: Bucket[] = []
  for (const { edge, count } of [...buckets].sort((a, b) => a.edge - b.edge)) {
    const before = whole.at(-1)
    if (before?.edge === edge) before.count += count
    else whole.push({ edge, count })
  }
  let most = whole[0]?.count ?? 0
  for (const bucket of whole) {
    if (bucket.count < most || nearlyEqual(bucket.count, most)) bucket.count = most
    else most = bucket.count
  }
  return whole
}

/** The value within bucket `b` below which a number `rank` of observations lies, if these are spread evenly. */
function within(buckets: readonly Bucket[], b: number, rank: number): number {
  const { edge, count } = buckets[b] as Bucket
  const before = buckets[b - 1]
  if (!before) return edge <= 0 ? edge : edge * (rank / count)
  return before.edge + (edge - before.edge) * ((rank - before.count) / (count - before.count))
}

/**
 * After `bucketQuantile` of Prometheus' promql/quantile.go.
 * @returns NaN without an infinite bucket and one more, or without observations; the highest finite edge for what lies
 *   above it; an infinity for quantiles that are none
 */
export function quantileOfBuckets(quantile: number, given: readonly Bucket[]): number {
  if (Number.isNaN(quantile)) return Number.NaN
  if (quantile < 0) return -Infinity
  if (quantile > 1) return Infinity
  const buckets = tidied(given)
  const last = buckets.length - 1
  const all = buckets[last]
  if (all?.edge !== Infinity || last < 1 || all.count === 0 || Number.isNaN(all.count)) return Number.NaN
  const rank = quantile * all.count
  const b = buckets.findIndex(({ count }, i) => i === last || count >= rank)
  return b === last ? (buckets[last - 1] as Bucket).edge : within(buckets, b, rank)
}

const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/

/** @returns undefined when the label is no number: then its series is no bucket */
function edgeOf({ le = '' }: Labels): number | undefined {
  if (/^\+?inf$/i.test(le)) return Infinity
  return number.test(le) ? Number(le) : undefined
}

/** For each set of labels but `le`. */
export function quantiles(quantile: number, columns: readonly Column[]): readonly Column[] {
  const histograms = new Map<string, { into: Column; parts: { edge: number; column: Column }[] }>()
  for (const column of columns) {
    const edge = edgeOf(column.labels)
    if (edge === undefined) continue
    const { le: _, ...labels } = withoutName(column.labels)
    const key = keyOf(labels)
    const histogram = histograms.get(key) ?? { into: newColumn(labels, column.values.length), parts: [] }
    histograms.set(key, histogram)
    histogram.parts.push({ edge, column })
  }
  for (const { into, parts } of histograms.values())
    for (let i = 0; i < into.values.length; i++) {
      const here = parts.filter(({ column }) => column.has[i])
      if (here.length === 0) continue
      const buckets = here.map(({ edge, column }) => ({ edge, count: column.values[i] as number }))
      put(into, i, quantileOfBuckets(quantile, buckets))
    }
  return [...histograms.values()].map(({ into }) => into)
}
