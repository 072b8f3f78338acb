import type { WindowFunction } from './query.ts'
import type { Summary } from './summary.ts'

/**
 * Two things changed with Prometheus 3 (2.52 for the second): what lies just at the beginning of a window, or of the five
 * minutes of an instant, counts no more; and where a counter would have been zero limits how far it is extrapolated
 * after, not before, half an interval was taken for the most.
 */
export type Edition = 2 | 3

/** A window: after `from` (edition 3; from it on in edition 2) until `to`. */
export type Window = { readonly from: number; readonly to: number }

/** Seconds before the first sample over which the increase is extrapolated. */
function secondsToStart(
  summary: Summary,
  { from }: Window,
  increase: number | undefined,
  edition: Edition,
): number {
  const sampled = (summary.lastAt - summary.firstAt) / 1_000
  const apart = sampled / (summary.count - 1)
  const toStart = (summary.firstAt - from) / 1_000
  const limited = (seconds: number) => (seconds < apart * 1.1 ? seconds : apart / 2)
  const hasZero = increase !== undefined && increase > 0 && summary.first >= 0
  const toZero = hasZero ? sampled * (summary.first / increase) : Infinity
  return edition === 2 ? limited(Math.min(toStart, toZero)) : Math.min(limited(toStart), toZero)
}

/**
 * Prometheus' extrapolation to the edges of the window, after `extrapolatedRate` of its promql/functions.go: to an edge
 * that is nearer than 1.1 intervals of the samples, else by half an interval, and not to where a counter was below zero.
 * @returns undefined for fewer than two samples
 */
function extrapolated(
  summary: Summary,
  window: Window,
  isCounter: boolean,
  edition: Edition,
): number | undefined {
  if (summary.count < 2) return undefined
  const change = summary.last - summary.first + (isCounter ? summary.dropped : 0)
  const sampled = (summary.lastAt - summary.firstAt) / 1_000
  const apart = sampled / (summary.count - 1)
  const toEnd = (window.to - summary.lastAt) / 1_000
  const before = secondsToStart(summary, window, isCounter ? change : undefined, edition)
  const behind = toEnd < apart * 1.1 ? toEnd : apart / 2
  return change * ((sampled + before + behind) / sampled)
}

type Compute = (summary: Summary, window: Window, edition: Edition) => number | undefined

/** Each window function on what is known of the window's samples; undefined where it has no answer. */
export const windowFunctions: Readonly<Record<WindowFunction, Compute>> = {
  rate: (summary, window, edition) => {
    const increase = extrapolated(summary, window, true, edition)
    return increase === undefined ? undefined : increase / ((window.to - window.from) / 1_000)
  },
  increase: (summary, window, edition) => extrapolated(summary, window, true, edition),
  delta: (summary, window, edition) => extrapolated(summary, window, false, edition),
  sum_over_time: ({ sum }) => sum,
  avg_over_time: ({ sum, count }) => sum / count,
  min_over_time: ({ min }) => min,
  max_over_time: ({ max }) => max,
  count_over_time: ({ count }) => count,
  last_over_time: ({ last }) => last,
}
