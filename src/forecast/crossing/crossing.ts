import { seededRandom } from '../../kernel/index.ts'
import { dayMs, type SpecialDay } from '../calendar/day.ts'
import type { History, Refusal } from '../history.ts'
import { scaleOf } from '../scale.ts'
import { askedOf, type HowFar } from './asked.ts'
import { type Daily, dailyPeaks } from './daily.ts'
import { crossOnce, futuresOf } from './futures.ts'
import { drawLine, type Line } from './line.ts'
import { type Crossing, outcomeOf } from './outcome.ts'
import { fitTrend, type Trend } from './trend.ts'

export type CrossingOptions = HowFar & { readonly days?: readonly SpecialDay[] }

/** Fewer days say nothing of growth. */
const leastDays = 21
const week = 7

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

/**
 * When what repeats and grows, such as requests per second, reaches a line: growth, weekdays, special days and lasting changes of level are
 * fitted to the daily peaks of the last half year; futures are simulated with coefficients, noise and line drawn anew.
 * Years are not known of: what comes once a year is to be listed among the days.
 * @param history in steps that fill a day; its highest value of each day counts
 * @param line in the history's units
 */
export function crossing(history: History, line: Line, options: CrossingOptions = {}): Crossing | Refusal {
  const { days = [] } = options
  const asked = askedOf(line, options)
  if (asked.is === 'refused') return asked
  const { horizonDays, dayBeginsMs, futures, seed } = asked
  const daily = dailyPeaks(history, leastDays, dayBeginsMs)
  if (daily.is === 'refused') return daily
  const scale = scaleOf(daily.values.filter((value) => !Number.isNaN(value)))
  const trend = fitTrend(daily, daily.values.map(scale.forth), days)
  const simulated = futuresOf(trend, daily.values.length, horizonDays)
  const random = seededRandom(seed)
  const found = Array.from({ length: futures }, () => {
    const drawn = drawLine(line, random)
    const height = scale.isLog ? (drawn > 0 ? Math.log(drawn) : Number.NEGATIVE_INFINITY) : drawn
    return crossOnce(simulated, height, random)
  })
  return outcomeOf(
    found.flatMap((day) => day ?? []),
    {
      futures,
      from: daily.from + daily.values.length * dayMs,
      horizonDays,
      why: whyOf(daily, trend, scale.isLog),
    },
  )
}
