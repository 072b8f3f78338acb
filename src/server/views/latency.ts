import type { LatencyCounts } from '../../fleet/index.ts'
import { quantileOf } from '../../kernel/index.ts'

/** Quantiles that people ask for; undefined before the first answer. */
export function latencyOf(latency: LatencyCounts): { p50: number; p95: number; p99: number } | undefined {
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => quantileOf(latency, share))
  return p50 === undefined || p95 === undefined || p99 === undefined ? undefined : { p50, p95, p99 }
}
