import { type HistogramCounts, quantileOf, totalOf } from '../../../kernel/index.ts'
import type { LatencyEdge } from './settings.ts'

/** Of the live version's answers, so many are not slower. */
const edgeShares = [0.5, 0.9, 0.95, 0.99, 0.999] as const

/** So many answers must lie beyond an edge, or where it lies is chance. */
const fewestBeyond = 10

/**
 * How far beyond an edge an answer lies does not count: so many times the furthest edge that is known, what takes a second
 * more is seen for itself.
 */
const timesFurthest = [2, 5] as const
/** A bad hour of the past moves the far edges out of reach; half of all answers it does not move. */
const timesMedian = [5, 20] as const
/** An edge this near to another tells nothing new, and all share one chance of a false alarm. */
const nearest = 1.5

const times = (edge: LatencyEdge | undefined, factors: readonly number[]): readonly LatencyEdge[] =>
  edge
    ? factors.map((factor) => ({
        name: `${factor} × ${edge.name}`,
        liveMs: edge.liveMs * factor,
        canaryMs: edge.canaryMs * factor,
      }))
    : []

/** @param known from the nearest to the furthest */
function withFurther(known: readonly LatencyEdge[]): LatencyEdge[] {
  const edges = [...known]
  const isNear = ({ liveMs }: LatencyEdge) =>
    edges.some((edge) => Math.max(edge.liveMs / liveMs, liveMs / edge.liveMs) < nearest)
  for (const edge of [...times(known.at(-1), timesFurthest), ...times(known[0], timesMedian)])
    if (!isNear(edge)) edges.push(edge)
  return edges.sort((a, b) => a.liveMs - b.liveMs)
}

/**
 * Edges from the live version's latency before the canary, from the nearest to the furthest; none when it has answered too
 * little. At some of them the live version may never have been slower.
 * @param harmless the canary may take so many times as long: instances of one release differ by some per cent, too
 */
export function latencyEdges(live: HistogramCounts, harmless = 1.1): LatencyEdge[] {
  const total = totalOf(live)
  const edges = edgeShares.flatMap((share) => {
    const liveMs = quantileOf(live, share)
    const isKnown = liveMs !== undefined && total * (1 - share) >= fewestBeyond
    return isKnown
      ? [{ name: `p${Number((share * 100).toFixed(1))}`, liveMs, canaryMs: liveMs * harmless }]
      : []
  })
  return withFurther(edges.filter((edge, j) => edge.liveMs !== edges[j - 1]?.liveMs))
}

/**
 * How many answers of a histogram were slower than each edge: `slower` of a span's side, when the histogram holds
 * what was answered in that span.
 */
export const slowerThan = ({ upperMs, counts }: HistogramCounts, edgesMs: readonly number[]): number[] =>
  edgesMs.map((edgeMs) =>
    counts.reduce((sum, count, i) => ((upperMs[i] ?? 0) > edgeMs ? sum + count : sum), 0),
  )
