import type { LatencyCounts } from '../../../fleet/index.ts'

/** In seconds: what OpenTelemetry advises for the durations of requests (semantic conventions for HTTP metrics). */
export const advisedEdges: readonly number[] = [
  0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
]

export type Buckets = {
  /** Seconds, and how many took at most so long. */
  readonly upTo: readonly (readonly [number, number])[]
  readonly count: number
  readonly sumSeconds: number
}

/** The edges of a histogram in seconds: those advised, and those that objectives ask about. */
export function edgesWith(belowMs: readonly number[]): readonly number[] {
  return [...new Set([...advisedEdges, ...belowMs.map((ms) => ms / 1_000)])].sort((a, b) => a - b)
}

/**
 * Cumulative counts at some edges. A bucket of the finer histogram that an edge cuts through counts as slower: at an edge
 * the count may be that of a time up to 0.8 % below it, and never of one above.
 * @param edges seconds, ascending
 */
export function bucketsOf({ upperMs, counts }: LatencyCounts, edges: readonly number[]): Buckets {
  const upTo: (readonly [number, number])[] = []
  let at = 0
  let below = 0
  for (const edge of edges) {
    // Ends are whole microseconds; an edge in seconds may be a hair off.
    while (at < upperMs.length && (upperMs[at] ?? 0) <= edge * 1_000 + 1e-6) below += counts[at++] ?? 0
    upTo.push([edge, below])
  }
  const count = counts.reduce((sum, one) => sum + one, 0)
  const sumMs = counts.reduce((sum, one, i) => sum + one * (upperMs[i] ?? 0), 0)
  return { upTo, count, sumSeconds: sumMs / 1_000 }
}
