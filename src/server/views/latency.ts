import type { LatencyCounts } from '../../fleet/index.ts'

/** Upper edge of the bucket in which the quantile lies, in milliseconds. */
function quantile({ upperMs, counts }: LatencyCounts, total: number, q: number): number {
  let sum = 0
  for (let i = 0; i < counts.length; i++) {
    sum += counts[i] ?? 0
    if (sum >= q * total) return upperMs[i] ?? 0
  }
  return upperMs.at(-1) ?? 0
}

/** Quantiles that people ask for; undefined before the first answer. */
export function latencyOf(latency: LatencyCounts): { p50: number; p95: number; p99: number } | undefined {
  const total = latency.counts.reduce((sum, count) => sum + count, 0)
  if (total === 0) return undefined
  const at = (q: number) => quantile(latency, total, q)
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) }
}
