import { expect, it } from 'vitest'
import type { PlaceForecast } from '../../contract/index.ts'
import { exit } from '../../kernel/index.ts'
import { exitOf, renderForecasts } from './forecast.ts'
import { memoryScreen } from './screen.fixture.ts'

const hourMs = 3_600_000
const from = Date.UTC(2026, 2, 2)
const median = Array.from(
  { length: 48 },
  (_, hour) => 100 + (hour % 24 === 13 ? 50 : 0) + Math.floor(hour / 24),
)
const band = (share: number) => ({
  lower: median.map((value) => value * (1 - share)),
  upper: median.map((value) => value * (1 + share)),
})
const production: PlaceForecast = {
  service: 'payments',
  environment: 'production',
  forecast: {
    is: 'forecast',
    stepMs: hourMs,
    at: median.map((_, hour) => from + hour * hourMs),
    median,
    bands: { 50: band(0.05), 80: band(0.1), 95: band(0.2) },
    method: 'seasonal-autoregression',
    why: 'median of 4 sparse autoregressions of 1000 steps',
  },
  backtest: {
    is: 'backtest',
    origins: 5,
    points: 240,
    error: 12.34,
    naiveError: 10,
    smape: 9,
    coverage: { 50: 0.48, 80: 0.795, 95: 0.95 },
    isBetterThanNaive: false,
    why: 'no better than seasonal naive: error 12.3, seasonal naive 10.0 on 240 points',
  },
}
const staging: PlaceForecast = {
  service: 'payments',
  environment: 'staging',
  forecast: { is: 'refused', because: 'too-short', why: '3 values are known, expected at least 8' },
}
const view = (...places: PlaceForecast[]) => ({ schemaVersion: 1 as const, at: from, places })

it('shows the busiest hour of each day, how the past went, and why nothing can be said', () => {
  expect(renderForecasts(view(production, staging), memoryScreen())).toBe(`→ payments production
  DAY (UTC)   PEAK   REQUESTS/S  80 %       95 %
  2026-03-02  13:00  150         135 – 165  120 – 180
  2026-03-03  13:00  151         136 – 166  121 – 181
  median of 4 sparse autoregressions of 1000 steps
  backtest from 5 points: no better than seasonal naive: error 12.3, seasonal naive 10.0 on 240 points
  48 % in the band of 50 %, 80 % in the band of 80 %, 95 % in the band of 95 %
? payments staging: 3 values are known, expected at least 8
`)
})

it('ends with whether anything can be said', () => {
  expect(exitOf(view(production, staging))).toBe(exit.yes)
  expect(exitOf(view(staging))).toBe(exit.unknown)
  expect(renderForecasts(view(), memoryScreen())).toContain('Nothing was pushed yet')
})
