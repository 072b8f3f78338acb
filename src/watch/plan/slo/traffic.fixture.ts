import type { Objective, WindowCounts } from './counts.ts'

export const minuteMs = 60_000
export const hourMs = 60 * minuteMs
export const dayMs = 24 * hourMs

export const usualLowTraffic = { bad: 5, chance: 0.01, coverage: 0.5 } as const

export const promise = (objective: number, days = 30): Objective => ({
  objective,
  window: days * dayMs,
  lowTraffic: usualLowTraffic,
})

/** A time during which this share of all requests is bad; without an end it goes on. */
export type Failing = { readonly from: number; readonly to?: number; readonly share: number }

/**
 * Even traffic that fails at times, for as long as anybody remembers (or since `since`).
 * @param ratePerSecond so high by default that chance plays no part
 */
export function evenTraffic(
  now: number,
  failings: readonly Failing[],
  { ratePerSecond = 1e6, since = Number.NEGATIVE_INFINITY } = {},
): WindowCounts {
  const perMs = ratePerSecond / 1_000
  return (lengthMs) => {
    const from = Math.max(since, now - lengthMs)
    const bad = failings.map(({ from: begin, to = now, share }) => {
      const overlapMs = Math.min(now, to) - Math.max(from, begin)
      return Math.max(0, overlapMs) * perMs * share
    })
    return {
      bad: bad.reduce((sum, one) => sum + one, 0),
      total: (now - from) * perMs,
      coverage: (now - from) / lengthMs,
    }
  }
}
