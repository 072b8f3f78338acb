import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../kernel/index.ts'
import { backtest, evenly, type Forecast, forecast, type History, levels, type Refusal } from './index.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const monday = Date.UTC(2026, 0, 5)

/** Requests of a day and a week with noise, each hour. */
function traffic(hours: number, change: (value: number, hour: number) => number = (value) => value): History {
  const random = seededRandom(7)
  const values = Array.from({ length: hours }, (_, hour) => {
    const day = 1 + 0.6 * Math.sin((2 * Math.PI * (hour - 8)) / 24)
    const week = Math.floor(hour / 24) % 7 >= 5 ? 0.5 : 1
    return change(100 * day * week * Math.exp(0.1 * (random.next() - 0.5)), hour)
  })
  return { from: monday, stepMs: hourMs, values }
}

function sure(answer: Forecast | Refusal): Forecast {
  if (answer.is === 'refused') throw new Error(answer.why)
  return answer
}

/** Mean relative error against the same hours without noise or accident. */
function errorOf({ median, at }: Forecast): number {
  const truth = traffic(Math.round(((at.at(-1) ?? 0) - monday) / hourMs) + 1).values
  const errors = median.map((said, i) => {
    const came = truth[Math.round(((at[i] ?? 0) - monday) / hourMs)] ?? 0
    return Math.abs(said - came) / came
  })
  return errors.reduce((sum, error) => sum + error, 0) / errors.length
}

describe('a forecast', () => {
  const weeks = 6 * 168

  it('goes on with days and weeks, from the first step after the history', () => {
    const said = sure(forecast(traffic(weeks), 7 * dayMs))
    expect(said).toMatchObject({ method: 'seasonal-autoregression', stepMs: hourMs })
    expect(said.at[0]).toBe(monday + weeks * hourMs)
    expect(said.median).toHaveLength(168)
    expect(errorOf(said)).toBeLessThan(0.06)
  })

  it('says the same again', () => {
    expect(forecast(traffic(weeks), dayMs)).toEqual(forecast(traffic(weeks), dayMs))
  })

  it.each<[string, (value: number, hour: number) => number]>([
    ['a gap of two days', (value, hour) => (hour > 800 && hour < 848 ? Number.NaN : value)],
    ['a gap at the end', (value, hour) => (hour >= weeks - 30 ? Number.NaN : value)],
    ['spikes of a broken counter', (value, hour) => (hour % 311 === 0 ? 1e6 : value)],
    ['a spike in the last hour', (value, hour) => (hour === weeks - 1 ? value * 50 : value)],
    ['infinity', (value, hour) => (hour % 97 === 0 ? Number.POSITIVE_INFINITY : value)],
  ])('is not led astray by %s', (_name, change) => {
    expect(errorOf(sure(forecast(traffic(weeks, change), dayMs)))).toBeLessThan(0.1)
  })

  it('follows a level that has changed for good', () => {
    const said = sure(
      forecast(
        traffic(weeks, (value, hour) => (hour > 700 ? 2 * value : value)),
        dayMs,
      ),
    )
    expect(errorOf({ ...said, median: said.median.map((value) => value / 2) })).toBeLessThan(0.1)
  })

  it('rolls minutes up to hours', () => {
    const hours = traffic(4 * 168).values
    const values = Array.from({ length: hours.length * 12 }, (_, i) => hours[Math.floor(i / 12)] ?? 0)
    const said = sure(forecast({ from: monday, stepMs: hourMs / 12, values }, dayMs))
    expect(said.stepMs).toBe(hourMs)
    expect(said.why).toContain('rolled up to hours')
    expect(errorOf(said)).toBeLessThan(0.06)
  })

  it('takes a million points in seconds', () => {
    const hours = traffic(1_000_000 / 60).values
    const values = Float64Array.from({ length: 1_000_000 }, (_, i) => hours[Math.floor(i / 60)] ?? 0)
    expect(errorOf(sure(forecast({ from: monday, stepMs: 60_000, values }, dayMs)))).toBeLessThan(0.06)
  })

  it('says how it came about when there is little', () => {
    const few = sure(
      forecast({ from: monday, stepMs: hourMs, values: [3, 4, 5, 5, 6, 7, 8, 8, 9, 10] }, dayMs),
    )
    expect(few.method).toBe('theta')
    expect(few.median.at(-1)).toBeGreaterThan(9)
    expect(few.median.at(-1)).toBeLessThan(25)
    const constant = sure(forecast({ from: monday, stepMs: hourMs, values: new Array(400).fill(5) }, dayMs))
    expect(constant).toMatchObject({ method: 'constant', median: new Array(24).fill(5) })
  })

  it('is flat where nothing repeats', () => {
    const random = seededRandom(3)
    const values = Array.from({ length: weeks }, () => 50 + random.next())
    const said = sure(forecast({ from: monday, stepMs: hourMs, values }, dayMs))
    for (const value of said.median) expect(Math.abs(value - 50.5)).toBeLessThan(0.4)
  })

  it.each<[string, Partial<History>, Refusal['because']]>([
    ['nothing', { values: [] }, 'too-short'],
    ['two points', { values: [1, 2] }, 'too-short'],
    ['NaN alone', { values: new Array(500).fill(Number.NaN) }, 'too-short'],
    ['no step', { stepMs: 0 }, 'unreadable'],
    ['what is too large to be', { values: new Array(50).fill(1e200) }, 'unreadable'],
    [
      'what ended long ago',
      { values: Array.from({ length: 400 }, (_, i) => (i < 200 ? i : Number.NaN)) },
      'stale',
    ],
    [
      'mostly gaps',
      { values: Array.from({ length: 400 }, (_, i) => (i % 4 === 0 ? i : Number.NaN)).slice(0, 397) },
      'too-many-gaps',
    ],
  ])('is refused for %s', (_name, odd, because) => {
    expect(forecast({ ...traffic(500), ...odd }, dayMs)).toMatchObject({ is: 'refused', because })
  })

  it('is within reach of the history and in order, whatever the history', () => {
    const value = fc.oneof(fc.double({ min: -1e6, max: 1e6 }), fc.constantFrom(0, Number.NaN, 1, 1e-9))
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 0, maxLength: 300 }),
        fc.constantFrom(300_000, hourMs, dayMs),
        (values, stepMs) => {
          const said = forecast({ from: monday, stepMs, values }, 30 * stepMs)
          if (said.is === 'refused') return
          const known = values.filter(Number.isFinite)
          const [least, most] = [Math.min(...known), Math.max(...known)]
          for (const [i, middle] of said.median.entries()) {
            expect(middle).toBeLessThanOrEqual(most + 3 * (most - least) + 1e-6)
            expect(middle).toBeGreaterThanOrEqual(Math.min(least, least - 3 * (most - least)) - 1e-6)
            let [lower, upper] = [middle, middle]
            for (const level of levels) {
              const band = said.bands[level]
              expect(band.lower[i]).toBeLessThanOrEqual(lower + 1e-9 * Math.abs(lower))
              expect(band.upper[i]).toBeGreaterThanOrEqual(upper - 1e-9 * Math.abs(upper))
              ;[lower, upper] = [band.lower[i] ?? Number.NaN, band.upper[i] ?? Number.NaN]
            }
          }
        },
      ),
      { numRuns: 60, seed: 1 },
    )
  })
})

describe('a backtest', () => {
  it('compares with seasonal naive and counts what bands held', () => {
    const seen = backtest(traffic(6 * 168))
    expect(seen).toMatchObject({ is: 'backtest', origins: 5, points: 240, isBetterThanNaive: true })
    if (seen.is !== 'backtest') return
    expect(seen.coverage[95]).toBeGreaterThan(0.85)
    expect(seen.coverage[50]).toBeGreaterThan(0.3)
    expect(seen.coverage[50]).toBeLessThan(0.75)
  })

  it('says when it was no better', () => {
    const turned = traffic(6 * 168, (value, hour) => (hour >= 5 * 168 + 120 ? 200 - value : value))
    const seen = backtest(turned, { horizonMs: 2 * dayMs, origins: 1 })
    expect(seen.is === 'backtest' && seen.isBetterThanNaive === seen.error < seen.naiveError).toBe(true)
    const copied = Array.from({ length: 5 * 168 }, (_, i) => traffic(168).values[i % 168] ?? 0)
    const same = backtest({ from: monday, stepMs: hourMs, values: copied })
    expect(same).toMatchObject({ isBetterThanNaive: false, naiveError: 0 })
    expect(same.why).toContain('no better than seasonal naive')
  })

  it('is refused what it cannot go back in', () => {
    expect(backtest({ from: monday, stepMs: hourMs, values: [1, 2, 3] })).toMatchObject({ is: 'refused' })
  })
})

describe('points', () => {
  it('are put on a grid in any order, twice the same time or not at all', () => {
    const points = [3, 1, 1, 5].map((hour, i) => ({
      at: monday + hour * hourMs,
      value: [30, 8, 12, Number.NaN][i] ?? 0,
    }))
    const { from, values } = evenly([...points, { at: monday + 4.5 * hourMs, value: 7 }], hourMs)
    expect({ from, values: Array.from(values) }).toEqual({
      from: monday + hourMs,
      values: [10, Number.NaN, 30, 7],
    })
  })

  it('in seconds instead of milliseconds are refused', () => {
    const mixed = [
      { at: monday / 1_000, value: 1 },
      { at: monday, value: 2 },
    ]
    expect(() => evenly(mixed, 60_000)).toThrow(/expected at most/)
  })
})
