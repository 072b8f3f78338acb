import { type Random, seededRandom } from '../../kernel/index.ts'
import { dayMs, type SpecialDay } from '../calendar/day.ts'
import type { History, Refusal } from '../history.ts'
import { scaleOf } from '../scale.ts'
import { drawBlocks } from './blocks.ts'
import { type Daily, dailyPeaks } from './daily.ts'
import { type Drift, driftOf } from './drift.ts'
import { momentsOf, robustDeviation } from './least-squares.ts'
import { drawLine, type Line, normal } from './line.ts'
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
}

/** Fewer days say nothing of growth. */
const leastDays = 21
const week = 7

type Simulated = {
  readonly trend: Trend
  readonly drift: Drift
  /** Rows of the days that are to come. */
  readonly ahead: readonly Float64Array[]
  /** Residuals for what is to come, and pulled in for the coefficients. */
  readonly noise: Float64Array
  readonly pulled: Float64Array
}

function prepareFutures(trend: Trend, n: number, horizonDays: number): Simulated {
  const { fit, rowOf } = trend
  const width = fit.coefficients.length
  const count = fit.residuals.length
  // Coefficients take away some of the noise that they are fitted to.
  const noise = fit.residuals.map((miss) => miss * Math.sqrt(count / Math.max(1, count - width)))
  const limit = 2.5 * robustDeviation(noise)
  return {
    trend,
    drift: driftOf(fit.residuals),
    ahead: Array.from({ length: horizonDays }, (_, day) => rowOf(n + day)),
    noise,
    pulled: noise.map((miss) => Math.max(-limit, Math.min(limit, miss))),
  }
}

/** The first day on which one future reaches `line`; undefined when it does not. */
function crossOnce(
  { trend, drift, ahead, noise, pulled }: Simulated,
  line: number,
  random: Random,
): number | undefined {
  const { fit, design } = trend
  const drawn = new Float64Array(noise.length)
  drawBlocks(pulled, week, random, drawn)
  const change = fit.solve(momentsOf(design, drawn))
  const coefficients = fit.coefficients.map((value, i) => value + (change[i] as number))
  const misses = new Float64Array(ahead.length)
  drawBlocks(noise, week, random, misses)
  let wander = drift.now
  for (let day = 0; day < ahead.length; day++) {
    if (day % week === 0 && drift.perWeek > 0) wander += drift.perWeek * normal(random)
    const row = ahead[day] as Float64Array
    let value = wander + (misses[day] as number)
    for (let i = 0; i < row.length; i++) value += (row[i] as number) * (coefficients[i] as number)
    if (value >= line) return day
  }
  return undefined
}

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
  const { days = [], horizonDays = 180, dayBeginsMs = 0, futures = 400, seed = 1 } = options
  const daily = dailyPeaks(history, leastDays, dayBeginsMs)
  if (daily.is === 'refused') return daily
  const scale = scaleOf(daily.values.filter((value) => !Number.isNaN(value)))
  const trend = fitTrend(daily, daily.values.map(scale.forth), days)
  const simulated = prepareFutures(trend, daily.values.length, horizonDays)
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
