import { type Instant, seededRandom } from '../../kernel/index.ts'
import { dayMs, type SpecialDay } from '../calendar/day.ts'
import type { History, Refusal } from '../history.ts'
import { scaleOf } from '../scale.ts'
import { type Daily, dailyPeaks } from './daily.ts'
import { daysOf, futuresOf } from './futures.ts'
import { drawLine, type Line } from './line.ts'
import { type Crossing, outcomeOf } from './outcome.ts'
import { fitTrend, type Trend } from './trend.ts'

export type CrossingOptions = {
  readonly days?: readonly SpecialDay[]
  /** How far ahead one looks; 180. */
  readonly horizonDays?: number
  /** When days begin where the requests come from, after midnight UTC; 0. */
  readonly dayBeginsMs?: number
  /** How many futures are simulated; 400. */
  readonly futures?: number
  readonly seed?: number
  /** What if it grew by such a share a week instead: 0.05. */
  readonly growthPerWeek?: number
}

/** Daily peaks of many futures. Whatever line they are held against, they are the same. */
export type Paths = {
  readonly is: 'paths'
  /** The end of the history, when the first day to come begins. */
  readonly from: Instant
  readonly horizonDays: number
  /** Of each future the peak of each day, in the units of the history. */
  readonly peaks: readonly Float64Array[]
  /** The daily peaks that they go on from: `values[i]` of the day from `from + i` days on. NaN: not known. */
  readonly past: Pick<Daily, 'from' | 'values'>
  readonly seed: number
  readonly why: string
}

/** Fewer days say nothing of growth. */
const leastDays = 21
const week = 7
/** So many futures are drawn at a stretch. */
const atOnce = 25

function whyOf({ values }: Daily, { shifts, unknownKinds, fit }: Trend, isLog: boolean): string {
  const perDay = ((fit.coefficients[1] as number) * 2) / values.length
  const growth = isLog
    ? `${(100 * Math.expm1(perDay * week)).toFixed(1)} % a week`
    : `${(perDay * week).toPrecision(3)} a week`
  return [
    `daily peaks of ${values.length} days grow by ${growth}`,
    ...(shifts.length > 0
      ? [`the level changed ${shifts.length === 1 ? 'once' : `${shifts.length} times`}`]
      : []),
    ...unknownKinds.map((kind) => `no ${kind} has been seen, so it is taken for a usual day`),
  ].join('; ')
}

/** Futures in steps of some milliseconds each, between which somebody else may have a turn. */
export function* pathsInSteps(
  history: History,
  options: CrossingOptions = {},
): Generator<void, Paths | Refusal> {
  const { days = [], horizonDays = 180, dayBeginsMs = 0, futures = 400, seed = 1, growthPerWeek } = options
  const daily = dailyPeaks(history, leastDays, dayBeginsMs)
  if (daily.is === 'refused') return daily
  const scale = scaleOf(daily.values.filter((value) => !Number.isNaN(value)))
  const trend = fitTrend(daily, daily.values.map(scale.forth), days)
  yield
  const simulated = futuresOf(trend, daily.values.length, horizonDays)
  const growth =
    growthPerWeek === undefined ? undefined : { perDay: growthPerWeek / week, isLog: scale.isLog }
  const random = seededRandom(seed)
  const peaks: Float64Array[] = []
  for (let future = 0; future < futures; future++) {
    if (future % atOnce === 0) yield
    const path = new Float64Array(horizonDays)
    let day = 0
    for (const value of daysOf(simulated, random.fork(`future ${future}`), growth))
      path[day++] = scale.back(value)
    peaks.push(path)
  }
  return {
    is: 'paths',
    from: daily.from + daily.values.length * dayMs,
    ...{ horizonDays, peaks, seed, past: daily, why: whyOf(daily, trend, scale.isLog) },
  }
}

/** Runs something that is made in steps at a stretch. */
export function atAStretch<T>(steps: Generator<void, T>): T {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

/** When each of the futures reaches a line, which is drawn anew for each of them. */
export function crossingOf({ peaks, seed, from, horizonDays, why }: Paths, line: Line): Crossing {
  const random = seededRandom(seed)
  const found = peaks.map((path, future) => {
    const drawn = drawLine(line, random.fork(`line ${future}`))
    return path.findIndex((value) => value >= drawn)
  })
  const crossed = found.filter((day) => day >= 0)
  return outcomeOf(crossed, { futures: peaks.length, from, horizonDays, why })
}
