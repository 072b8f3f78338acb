import type { LineGoal } from './line/index.ts'
import { parseThresholds } from './thresholds.ts'

/** `p99<250ms`, a quantile of the response time of all requests; undefined for anything else. */
export function parseGoal(text: string): LineGoal | undefined {
  const [threshold] = parseThresholds([text]).thresholds
  if (!threshold) return undefined
  const { metric, compare, name, windowMs, stop, limit } = threshold
  const isPlain = name === undefined && windowMs === undefined && !stop && compare.startsWith('<')
  if (metric.is !== 'quantile' || metric.of !== 'response' || !isPlain || limit <= 0) return undefined
  return { quantile: metric.share, belowMs: limit }
}

type Slo =
  | { readonly kind: 'latency'; readonly objective: number; readonly below: number }
  | { readonly kind: 'availability' | 'ratio' | 'probe' | 'promql' }

/** The objective that a service's first SLO for latency makes, as a text; undefined without one. */
export function objectiveOf(slos: readonly Slo[]): string | undefined {
  const slo = slos.find((one) => one.kind === 'latency')
  return slo && `p${Number((slo.objective * 100).toFixed(3))}<${slo.below}ms`
}
