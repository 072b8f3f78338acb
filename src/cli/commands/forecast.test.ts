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
const dayMs = 24 * hourMs
const weeks = [40, 42, 44, 46, 48, 50, 52, 54, 56, 58, 60, 62]
const bandOf = (values: readonly number[], share: number) => ({
  lower: values.map((value) => value * (1 - share)),
  upper: values.map((value) => value * (1 + share)),
})
const production: PlaceForecast = {
  service: 'payments',
  environment: 'production',
  timeZone: 'Etc/UTC',
  past: { from: from - hourMs, stepMs: hourMs, values: [90] },
  forecast: {
    is: 'forecast',
    stepMs: hourMs,
    at: median.map((_, hour) => from + hour * hourMs),
    median,
    bands: { 50: band(0.05), 80: band(0.1), 95: band(0.2) },
    method: 'seasonal-autoregression',
    why: 'median of 4 sparse autoregressions of 1000 steps',
  },
  peaks: {
    is: 'peaks',
    of: 'hour',
    stepMs: 7 * dayMs,
    at: weeks.map((_, week) => from + week * 7 * dayMs),
    median: weeks,
    bands: { 50: bandOf(weeks, 0.02), 80: bandOf(weeks, 0.05), 95: bandOf(weeks, 0.1) },
    past: { from: from - dayMs, stepMs: dayMs, values: [40] },
  },
  line: { low: 48, at: 50, high: 52 },
  crossing: {
    ...{ date: from + 36 * dayMs, early: from + 30 * dayMs, late: from + 43 * dayMs },
    within: { 7: 0, 30: 0.1, 90: 1 },
    horizonDays: 180,
  },
  text: 'crosses its load line about 7 April (80 %: 1 – 14 April)',
  chances: 'probability of crossing it: 10 % within 30 days',
  found: ['daily peaks of 70 days grow by 4.5 % a week'],
  days: [],
  backFilled: { from: from - 70 * dayMs, until: from - hourMs, by: 'first' },
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
const tooShort = {
  is: 'refused' as const,
  because: 'too-short',
  why: '3 values are known, expected at least 8',
}
const staging: PlaceForecast = {
  service: 'payments',
  environment: 'staging',
  timeZone: 'Etc/UTC',
  past: { from, stepMs: hourMs, values: [] },
  forecast: tooShort,
  peaks: tooShort,
  text: 'no load line of 0123456789ab was measured in step with staging',
  next: "an environment with inStepWith: 'staging' and loadTest: { … } measures it",
  found: [],
  days: [],
}
const view = (...places: PlaceForecast[]) => ({ schemaVersion: 1 as const, at: from, places })

const daysOfIt = `
  DAY (UTC)   PEAK   REQUESTS/S  80 %       95 %
  2026-03-02  13:00  150         135 – 165  120 – 180
  2026-03-03  13:00  151         136 – 166  121 – 181
  median of 4 sparse autoregressions of 1000 steps
  backtest from 5 points: no better than seasonal naive: error 12.3, seasonal naive 10.0 on 240 points
  48 % in the band of 50 %, 80 % in the band of 80 %, 95 % in the band of 95 %
`

it('shows when the line is crossed, the weeks as a lying fan with it, the busiest hour of each day, and how the past went', () => {
  expect(
    renderForecasts(view(production, staging), memoryScreen()),
  ).toBe(`→ payments production: crosses its load line about 7 April (80 %: 1 – 14 April)
  probability of crossing it: 10 % within 30 days
  daily peaks of 70 days grow by 4.5 % a week
  back-filled by first, not seen here: 2025-12-22 to 2026-03-01
  WEEK FROM   BUSIEST HOUR  80 %         OF THE LINE  ┃ load line 50/s
  2026-03-02  40/s          38 – 42      80 %                        ━●━─ ┃
  2026-03-09  42/s          39.9 – 44.1  84 %                        ─━●━─┃
  2026-03-16  44/s          41.8 – 46.2  88 %                         ─━●━┃
  2026-03-23  46/s          43.7 – 48.3  92 %                          ─━●┃─
  2026-03-30  48/s          45.6 – 50.4  96 %                           ─●┃─
  2026-04-06  50/s          47.5 – 52.5  100 %                          ─━●━─
  2026-04-13  52/s          49.4 – 54.6  104 %                           ─┃●━─
  2026-04-20  54/s          51.3 – 56.7  108 %                            ┃━●━─
  2026-04-27  56/s          53.2 – 58.8  112 %                            ┃─━●━─
${daysOfIt}? payments staging: no load line of 0123456789ab was measured in step with staging
  next: an environment with inStepWith: 'staging' and loadTest: { … } measures it
  3 values are known, expected at least 8
`)
})

it('draws without any but plain characters, as wide as the screen', () => {
  const screen = { ...memoryScreen({ ascii: true }), columns: 74 }
  const { line: _, crossing: __, ...unmeasured } = production
  const drawn = renderForecasts(view(production), screen)
  expect(drawn).toMatch(/OF THE LINE {2}\| load line 50\/s\n/)
  expect(drawn).toMatch(/2026-04-13 .* 104 % +-\|o=-?\n/)
  const alone = renderForecasts(view(unmeasured), screen)
  expect(alone).toMatch(/WEEK FROM +BUSIEST HOUR +80 %\n/)
  expect(alone).toMatch(/2026-04-13 +52\/s +49\.4 – 54\.6 +-=?o=?-\n/)
})

it('shows of several services only what is to come of each', () => {
  const refunds = { ...staging, service: 'refunds' }
  expect(
    renderForecasts(view(production, refunds), memoryScreen()),
  ).toBe(`→ payments production: crosses its load line about 7 April (80 %: 1 – 14 April)
  backtest from 5 points: no better than seasonal naive: error 12.3, seasonal naive 10.0 on 240 points
  48 % in the band of 50 %, 80 % in the band of 80 %, 95 % in the band of 95 %
? refunds staging: no load line of 0123456789ab was measured in step with staging
plimsoll forecast SERVICE shows its weeks and days
`)
})

it('ends with whether anything can be said', () => {
  expect(exitOf(view(production, staging))).toBe(exit.yes)
  expect(exitOf(view(staging))).toBe(exit.unknown)
  expect(renderForecasts(view(), memoryScreen())).toContain('Nothing was pushed yet')
})

it('tells days and hours where the requests come from', () => {
  const shown = renderForecasts(view({ ...production, timeZone: 'Asia/Tokyo' }), memoryScreen())
  expect(shown).toContain('DAY (Asia/Tokyo)')
  expect(shown).toContain('  2026-03-02        22:00  150 ')
})

it('says what it takes to try forecasts on the past', () => {
  const backtest = {
    ...{ ...tooShort, why: 'no request of it is known yet' },
    ...{ code: 'PLM_HISTORY_SHORT', next: 'wait for three days of requests' },
  }
  expect(renderForecasts(view({ ...staging, backtest }), memoryScreen())).toContain(
    '  backtest: no request of it is known yet (PLM_HISTORY_SHORT)\n    next: wait for three days of requests\n',
  )
})
