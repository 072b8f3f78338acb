import { type HistogramCounts, meanOf, quantileOf, totalOf } from '../kernel/index.ts'
import type { Durations } from './result.ts'

const orNull = (value: number | undefined): number | null => value ?? null

/** A histogram as results show it. */
export function durationsOf(histogram: HistogramCounts): Durations {
  const at = (share: number) => orNull(quantileOf(histogram, share))
  return {
    count: totalOf(histogram),
    meanMs: orNull(meanOf(histogram)),
    p50Ms: at(0.5),
    p90Ms: at(0.9),
    p95Ms: at(0.95),
    p99Ms: at(0.99),
    p999Ms: at(0.999),
    maxMs: at(1),
    histogram: { upperMs: [...histogram.upperMs], counts: [...histogram.counts] },
  }
}
