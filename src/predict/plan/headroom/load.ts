import type { Instant } from '../../../kernel/index.ts'

export const hourMs = 3_600_000

/** So far back the busiest hour is looked for: as many weekends as weeks, wherever it begins. */
export const lookBackMs = 28 * 24 * hourMs

/** Requests of one hour that begins at `from`: all that came, whatever became of them. */
export type Hour = { readonly from: Instant; readonly requests: number }

/** What is known of an environment's load. */
export type Load = {
  /** Whole hours of which something is known, and how many there are in the time that was looked at. */
  readonly known: number
  readonly sought: number
  /** The busiest of them, or the hour until now when that is busier. */
  readonly busiest?: { readonly from: Instant; readonly ratePerSecond: number }
}

/**
 * The busiest hour of those that are known.
 * @param whole hours by the clock (UTC)
 * @param last the hour until now, which is none of them yet
 */
export function loadIn(whole: readonly Hour[], last?: Hour): Load {
  const all = [...whole, ...(last ? [last] : [])]
  const [first, ...others] = all
  const counts = { known: whole.length, sought: lookBackMs / hourMs }
  if (!first) return counts
  const busiest = others.reduce((best, one) => (one.requests > best.requests ? one : best), first)
  return { ...counts, busiest: { from: busiest.from, ratePerSecond: busiest.requests / 3_600 } }
}
