import { type Instant, seededRandom } from '../../kernel/index.ts'
import { dayMs, type SpecialDay } from '../calendar/day.ts'
import type { History, Refusal } from '../history.ts'
import { scaleOf } from '../scale.ts'
import { type Asked, askedOf, type HowFar } from './asked.ts'
import { type Daily, dailyPeaks } from './daily.ts'
import { daysOf, futuresOf } from './futures.ts'
import { drawLine, type Line } from './line.ts'
import { type Crossing, outcomeOf } from './outcome.ts'
import { fitTrend, type Trend } from './trend.ts'

export type CrossingOptions = HowFar & {
  readonly days?: readonly SpecialDay[]
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

/** What always was the same goes on so: nothing says how it would change. */
function steady(past: Daily, value: number, { horizonDays, futures, seed }: Asked): Paths {
  const path = new Float64Array(horizonDays).fill(value)
  const why = `daily peaks of ${past.values.length} days were all the same`
  const from = past.from + past.values.length * dayMs
  return { is: 'paths', from, ...{ horizonDays, seed, past, why }, peaks: new Array(futures).fill(path) }
}

/** What is left of rounding is nothing. */
const dust = 1e-6
const withoutDust = (value: number, highest: number): number => (Math.abs(value) < dust * highest ? 0 : value)

/** Futures in steps of some milliseconds each, between which somebody else may have a turn. */
export function* pathsInSteps(
  history: History,
  options: CrossingOptions = {},
): Generator<void, Paths | Refusal> {
  const { days = [], growthPerWeek } = options
  const asked = askedOf(0, options)
  if (asked.is === 'refused') return asked
  const { horizonDays, dayBeginsMs, futures, seed } = asked
  const daily = dailyPeaks(history, leastDays, dayBeginsMs)
  if (daily.is === 'refused') return daily
  const known = daily.values.filter((value) => !Number.isNaN(value))
  const scale = scaleOf(known)
  if (growthPerWeek === undefined && known.every((value) => value === known[0]))
    return steady(daily, known[0] as number, asked)
  const highest = known.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
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
      path[day++] = withoutDust(scale.back(value), highest)
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
