import { type HistogramCounts, quantileOf, totalOf } from '../../../kernel/index.ts'
import type { LatencyEdge } from './settings.ts'

/** Of the live version's answers, so many are not slower. */
const edgeShares = [0.5, 0.9, 0.95, 0.99, 0.999] as const

/** So many answers must lie beyond an edge, or where it lies is chance. */
const fewestBeyond = 10

/**
 * So many times the furthest edge that is known. How far beyond an edge an answer lies does not count, and on a noisy
 * machine much lies beyond the edges of quieter times; what takes a second more is seen further out all the same.
 */
const further = [2, 5] as const

const furtherThan = ({ name, liveMs, canaryMs }: LatencyEdge): LatencyEdge[] =>
  further.map((times) => ({
    name: `${times} × ${name}`,
    liveMs: liveMs * times,
    canaryMs: canaryMs * times,
  }))

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
  const known = edges.filter((edge, j) => edge.liveMs !== edges[j - 1]?.liveMs)
  return [...known, ...known.slice(-1).flatMap(furtherThan)]
}

/**
 * How many answers of a histogram were slower than each edge: `slower` of a span's side, when the histogram holds
 * what was answered in that span.
 */
export const slowerThan = ({ upperMs, counts }: HistogramCounts, edgesMs: readonly number[]): number[] =>
  edgesMs.map((edgeMs) =>
    counts.reduce((sum, count, i) => ((upperMs[i] ?? 0) > edgeMs ? sum + count : sum), 0),
  )
