import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../kernel/index.ts'
import {
  backtest,
  type Crossing,
  crossing,
  evenly,
  type Forecast,
  forecast,
  type History,
  levels,
  type Refusal,
  runsOut,
} from './index.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const monday = Date.UTC(2026, 0, 5)
const hours = 5 * 168

/** Requests of days and weeks that grow, with noise. */
function traffic(hour: number): number {
  const noise = seededRandom(1).fork(`${hour}`).next() - 0.5
  const day = Math.floor(hour / 24)
  return (
    100 * 1.004 ** day * (1 + 0.6 * Math.sin((2 * Math.PI * hour) / 24)) * (day % 7 >= 5 ? 0.6 : 1) +
    10 * noise
  )
}
const usual = Array.from({ length: hours }, (_, hour) => traffic(hour))
const of = (values: ArrayLike<number>, stepMs = hourMs): History => ({ from: monday, stepMs, values })
const changed = (change: (value: number, hour: number) => number): History => of(usual.map(change))
const line = 250

const isOneOf = (reach: readonly [number, number]) => (value: number | undefined) =>
  value !== undefined && value >= reach[0] && value <= reach[1]

/** Every number is one, in order, and no further from what was seen than bands may be. */
function expectSane(said: Forecast, { values }: History): void {
  const known = Array.from(values).filter((value) => Math.abs(value) <= 1e150)
  const least = known.reduce((a, b) => Math.min(a, b))
  const most = known.reduce((a, b) => Math.max(a, b))
  const reach = 3 * (most - least) + 1e-9 * Math.max(Math.abs(least), Math.abs(most))
  // The upper side of logarithms: as many times more as the range was wide, thrice.
  const highest = least > 0 ? Math.max(most + reach, most * (most / least) ** 3) : most + reach
  const isSane = isOneOf([least - reach, highest])
  expect(said.median.length).toBe(said.at.length)
  for (let i = 0; i < said.median.length; i++) {
    let [lower, upper] = [said.median[i] as number, said.median[i] as number]
    if (!isSane(lower)) expect.fail(`the middle is ${lower} where ${least} to ${most} was seen`)
    for (const level of levels) {
      const [l, u] = [said.bands[level].lower[i] as number, said.bands[level].upper[i] as number]
      if (
        !isSane(l) ||
        !isSane(u) ||
        l > lower + 1e-9 * Math.abs(lower) ||
        u < upper - 1e-9 * Math.abs(upper)
      )
        expect.fail(`${level} %: ${l} to ${u} around ${said.median[i]} where ${least} to ${most} was seen`)
      ;[lower, upper] = [l, u]
    }
  }
}

function expectInOrder(seen: Crossing): void {
  const dates = [seen.early, seen.date, seen.late].filter((date) => date !== undefined)
  expect(dates).toEqual(dates.toSorted((a, b) => a - b))
  for (const at of dates) expect(isOneOf([seen.from, seen.from + seen.horizonDays * dayMs])(at)).toBe(true)
  const chances = [seen.within[7], seen.within[30], seen.within[90]]
  expect(chances.every(isOneOf([0, 1]))).toBe(true)
  expect(chances).toEqual(chances.toSorted((a, b) => a - b))
}

const noWild = /NaN|Infinity|undefined/

/** What the four say: how, or why not. Whatever it is, no number in it is wild. */
function answersTo(history: History): readonly [string, string, string, string] {
  const said = forecast(history, 2 * dayMs)
  if (said.is === 'forecast') expectSane(said, history)
  const dates = [crossing(history, line, { futures: 100 }), runsOut(history, line, { futures: 100 })]
  const tried = backtest(history, { origins: 2 })
  if (tried.is === 'backtest') {
    const { error, naiveError, smape, coverage } = tried
    expect([error, naiveError, smape, ...Object.values(coverage)].every(Number.isFinite)).toBe(true)
  }
  for (const seen of dates) if (seen.is === 'crossing') expectInOrder(seen)
  const nameOf = (answer: Refusal | Crossing) => (answer.is === 'refused' ? answer.because : answer.is)
  for (const answer of [said, ...dates, tried])
    if (answer.is !== 'refused' || answer.because !== 'unreadable') expect(answer.why).not.toMatch(noWild)
  return [
    said.is === 'refused' ? said.because : said.method,
    nameOf(dates[0] as Crossing),
    nameOf(dates[1] as Crossing),
    tried.is === 'refused' ? tried.because : tried.is,
  ]
}

const seasonal = 'seasonal-autoregression'
const all = [seasonal, 'crossing', 'crossing', 'backtest'] as const
const none = (because: string) => [because, because, because, because] as const

describe('a history', () => {
  it.each<[string, History, readonly [string, string, string, string]]>([
    ['as one would wish', of(usual), all],
    [
      'with a gap of two days',
      changed((value, hour) => (hour > 500 && hour < 548 ? Number.NaN : value)),
      all,
    ],
    [
      'of which every third hour is known',
      changed((value, hour) => (hour % 3 === 0 ? value : Number.NaN)),
      ['too-many-gaps', 'too-short', 'too-short', 'too-many-gaps'],
    ],
    ['with negative values', changed((value) => value - 150), all],
    ['below zero throughout', changed((value) => -value), all],
    ['of zeros', changed(() => 0), ['constant', 'crossing', 'crossing', 'backtest']],
    ['that never changes', changed(() => 7), ['constant', 'crossing', 'crossing', 'backtest']],
    ['of NaN', changed(() => Number.NaN), none('too-short')],
    ['of infinity', changed(() => Number.POSITIVE_INFINITY), none('too-short')],
    [
      'with infinite values both ways',
      changed((value, hour) => (hour % 50 === 0 ? (hour % 100 === 0 ? 1 : -1) / 0 : value)),
      all,
    ],
    ['with one spike of 1e300', changed((value, hour) => (hour === 700 ? 1e300 : value)), all],
    ['with one spike of 1e149', changed((value, hour) => (hour === 700 ? 1e149 : value)), all],
    [
      'with one spike of 1e100 and zeros',
      changed((value, hour) => (hour === 700 ? 1e100 : hour % 24 === 3 ? 0 : value)),
      all,
    ],
    ['with its last hour at 1e300', changed((value, hour) => (hour === hours - 1 ? 1e300 : value)), all],
    ['of nothing below 1e300', changed(() => 1e300), none('unreadable')],
    ['of nothing above 1e-300', changed((value) => value * 1e-302), all],
    ['of nothing', of([]), none('too-short')],
    ['of one point', of([1]), none('too-short')],
    ['of two points', of([1, 2]), none('too-short')],
    ['of two days', of(usual.slice(0, 48)), ['theta', 'too-short', 'too-short', 'too-short']],
    [
      'that ended two weeks ago',
      changed((value, hour) => (hour < hours - 336 ? value : Number.NaN)),
      ['stale', 'stale', 'stale', 'stale'],
    ],
    ['without a step', of(usual, 0), none('unreadable')],
    ['with an infinite step', of(usual, Number.POSITIVE_INFINITY), none('unreadable')],
    ['from nowhere', { ...of(usual), from: Number.NaN }, none('unreadable')],
  ])('%s', (_name, history, expected) => {
    expect(answersTo(history)).toEqual(expected)
  })

  it('of points out of order, twice the same and some without a number, is that of the sorted ones', () => {
    const points = usual.map((value, hour) => ({ at: monday + hour * hourMs + 5, value }))
    const order = seededRandom(5)
    const shuffled = points
      .flatMap((point, i) => [point, point, ...(i % 9 === 0 ? [{ at: point.at, value: Number.NaN }] : [])])
      .map((point) => ({ point, place: order.next() }))
      .sort((a, b) => a.place - b.place)
      .map(({ point }) => point)
    const even = evenly([...shuffled, { at: Number.NaN, value: 1 }], hourMs)
    expect(answersTo(even)).toEqual(all)
    expect(forecast(even, dayMs)).toEqual(forecast(of(usual), dayMs))
  })

  it.each<[string, number]>([
    ['minutes', minuteMs],
    ['hours', hourMs],
    ['days', dayMs],
  ])('of a million %s is answered by all four in seconds', (_name, stepMs) => {
    const values = Float64Array.from(
      { length: 1_000_000 },
      (_, i) => usual[Math.floor((i * stepMs) / hourMs) % hours] as number,
    )
    const began = performance.now()
    const answers = answersTo(of(values, stepMs))
    expect(performance.now() - began).toBeLessThan(15_000)
    expect(answers.slice(1)).toEqual(all.slice(1))
  })

  it.each<[string, () => Forecast | Crossing | Refusal | ReturnType<typeof backtest>, string]>([
    ['a horizon of NaN', () => forecast(of(usual), Number.NaN), 'refused'],
    ['an endless horizon', () => forecast(of(usual.slice(0, 100)), Number.POSITIVE_INFINITY), 'forecast'],
    ['a line of NaN', () => crossing(of(usual), Number.NaN), 'refused'],
    [
      'a line whose interval is none',
      () => runsOut(of(usual), { value: 3, lower: Number.NaN, upper: 4 }),
      'refused',
    ],
    [
      'a line that is infinite',
      () => crossing(of(usual), Number.POSITIVE_INFINITY, { futures: 50 }),
      'crossing',
    ],
    [
      'endless days ahead',
      () => runsOut(of(usual), 1e9, { horizonDays: Number.POSITIVE_INFINITY, futures: 20 }),
      'crossing',
    ],
    ['no futures at all', () => crossing(of(usual), line, { futures: 0 }), 'crossing'],
    ['a seed of NaN', () => crossing(of(usual), line, { seed: Number.NaN }), 'refused'],
    ['a backtest over nothing', () => backtest(of(usual), { horizonMs: 0 }), 'refused'],
    [
      'a backtest from everywhere',
      () => backtest(of(usual), { origins: Number.POSITIVE_INFINITY, horizonMs: 7 * dayMs }),
      'backtest',
    ],
  ])('asked with %s is answered or refused', (_name, ask, is) => {
    const answer = ask()
    expect(answer.is).toBe(is)
    if (answer.is === 'crossing') expectInOrder(answer)
  })
})

describe('whatever the history', () => {
  const odd = fc.constantFrom(0, Number.NaN, Number.POSITIVE_INFINITY, -1, 1e-300, 1e300, -1e200, 1e149, 1e9)
  const number = fc.oneof(
    { weight: 8, arbitrary: fc.double({ min: -1e6, max: 1e6, noNaN: true }) },
    { weight: 8, arbitrary: fc.integer({ min: 0, max: 20 }) },
    { weight: 1, arbitrary: odd },
  )
  const stepMs = fc.constantFrom(5 * minuteMs, hourMs, 6 * hourMs, dayMs, 7 * dayMs, 7 * hourMs)

  it('no answer holds a wild number', () => {
    fc.assert(
      fc.property(fc.array(number, { maxLength: 250 }), stepMs, (values, step) => {
        answersTo(of(values, step))
      }),
      { numRuns: 80, seed: 3 },
    )
  })

  it('nor where it repeats, with accidents', () => {
    const accident = fc.tuple(fc.integer({ min: 0, max: 999 }), number)
    const shape = fc.record({
      level: number,
      season: fc.double({ min: 0, max: 10, noNaN: true }),
      growth: fc.double({ min: -0.01, max: 0.01, noNaN: true }),
    })
    fc.assert(
      fc.property(shape, fc.array(accident, { maxLength: 40 }), ({ level, season, growth }, accidents) => {
        const values = Array.from(
          { length: 1_000 },
          (_, hour) => level * (1 + growth * (hour / 24) + season * Math.sin((2 * Math.PI * hour) / 24)),
        )
        for (const [hour, value] of accidents) values[hour] = value
        answersTo(of(values))
      }),
      { numRuns: 40, seed: 4 },
    )
  })
})
