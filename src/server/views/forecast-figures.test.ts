import { expect, it } from 'vitest'
import type { Paths } from '../../forecast/index.ts'
import { differs } from './forecast-figures.ts'

const [hourMs, dayMs] = [3_600_000, 86_400_000]
const from = Date.UTC(2026, 2, 2)

/** Two days whose busiest hour has so many requests a second, by a tenth more or less. */
function hoursOf(highest: number) {
  const median = Array.from({ length: 48 }, (_, hour) => (hour % 24 === 12 ? highest : highest / 2))
  const band = (share: number) => ({
    lower: median.map((value) => value * (1 - share)),
    upper: median.map((value) => value * (1 + share)),
  })
  return {
    ...{ is: 'forecast' as const, stepMs: hourMs, method: 'theta', why: 'few', median },
    at: median.map((_, hour) => from + hour * hourMs),
    bands: { 50: band(0.05), 80: band(0.1), 95: band(0.2) },
  }
}

const past = { from: from - 30 * dayMs, values: new Float64Array(30).fill(100) }
const paths: Paths = {
  ...{ is: 'paths', from, horizonDays: 3, seed: 1, why: '', past },
  // From 95 to 105.
  peaks: Array.from({ length: 101 }, (_, i) => new Float64Array(3).fill(95 + i / 10)),
}

it('says that the hours of tomorrow are unlike the days, which way, and only where they do not meet', () => {
  const said = (highest: number) => differs(hoursOf(highest), { paths })
  const is = (way: string) => [
    expect.stringMatching(`^the hours of tomorrow are expected to be ${way} busy than the days: `),
  ]
  expect(said(100)).toEqual([])
  expect(said(90)).toEqual([])
  expect(said(80)).toEqual(is('less'))
  expect(said(130)).toEqual(is('more'))
})

it('says nothing where one of both cannot be told', () => {
  const refused = { is: 'refused' as const, because: 'too-short' as const, why: 'few' }
  expect(differs(refused, { paths })).toEqual([])
  expect(differs(hoursOf(130), { paths: refused })).toEqual([])
})
