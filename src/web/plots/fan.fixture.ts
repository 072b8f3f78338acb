import type { PlaceForecast } from '../../contract/index.ts'

export const [hourMs, dayMs] = [3_600_000, 86_400_000]
export const now = Date.UTC(2026, 10, 28)

const band = (median: readonly number[], share: number) => ({
  lower: median.map((value) => value * (1 - share)),
  upper: median.map((value) => value * (1 + share)),
})

const ahead = (stepMs: number, median: readonly number[]) => ({
  stepMs,
  at: median.map((_, i) => now + i * stepMs),
  median: [...median],
  bands: { 50: band(median, 0.05), 80: band(median, 0.1), 95: band(median, 0.2) },
})

/** Ten weeks that grow, but for a day that nobody knows, and a half year that goes on with it. */
export const growing: PlaceForecast = {
  service: 'payments',
  environment: 'production',
  timeZone: 'Etc/UTC',
  past: { from: now - 4 * hourMs, stepMs: hourMs, values: [10, 20, null, 30] },
  forecast: { is: 'forecast', ...ahead(hourMs, [30, 40, 20]), method: 'theta', why: 'few' },
  peaks: {
    is: 'peaks',
    of: 'hour',
    ...ahead(
      7 * dayMs,
      Array.from({ length: 26 }, (_, week) => 40 + week),
    ),
    past: {
      from: now - 70 * dayMs,
      stepMs: dayMs,
      values: Array.from({ length: 70 }, (_, day) => (day === 69 ? null : 30 + Math.floor(day / 7))),
    },
  },
  line: { low: 47, at: 50, high: 53 },
  crossing: {
    date: now + 70 * dayMs,
    early: now + 40 * dayMs,
    late: now + 98 * dayMs,
    within: { 7: 0, 30: 0.042, 90: 0.995 },
    horizonDays: 180,
  },
  text: 'crosses its load line about 6 February 2027',
  chances: 'probability of crossing it: 4 % within 30 days',
  found: [],
  days: [{ at: now + 8 * dayMs, kind: 'pay-day' }],
}
