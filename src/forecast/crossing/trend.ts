import { dayMs, type SpecialDay } from '../calendar/day.ts'
import { median } from '../model/order.ts'
import { type Daily, kindOf } from './daily.ts'
import { type LeastSquares, momentsOf, robustDeviation, robustSquares } from './least-squares.ts'

/** Daily peaks as level, growth, weekdays, kinds of special days and lasting changes of level. */
export type Trend = {
  readonly fit: LeastSquares
  readonly design: readonly Float64Array[]
  /** Days of the rows, counted from the first day. */
  readonly rows: readonly number[]
  /** What stands for a day, also one that is to come. */
  readonly rowOf: (day: number) => Float64Array
  /** First and one past the last of the columns of weekdays and kinds. */
  readonly effects: readonly [number, number]
  /** The first of the columns of kinds. */
  readonly kindsFrom: number
  /** Days at which the level changed for good. */
  readonly shifts: readonly number[]
  /** Kinds of special days that are to come and were never seen. */
  readonly unknownKinds: readonly string[]
}

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const
const mostShifts = 3
/** A change of level that chance makes this unlikely: a t of 5, since days are not independent. */
const sureShift = 5 ** 2
/** A change needs so many days before and after it. */
const shiftEdge = 7
/** Fewer weeks do not tell weekdays from noise. */
const daysForWeekdays = 21

/** A change of level is so many robust deviations of what weeks usually differ by; a level that wanders makes none. */
const abrupt = 4
/** Days around, since a change is not found to the day. */
const nearby = 3

/** How much the mean of the week from each row on differs from that of the week before; NaN at the edges. */
function weeklyChanges(misses: Float64Array): Float64Array {
  const meanOf = (begin: number): number => {
    let sum = 0
    for (let r = begin; r < begin + shiftEdge; r++) sum += misses[r] as number
    return sum / shiftEdge
  }
  return misses.map((_, r) =>
    r < shiftEdge || r > misses.length - shiftEdge ? Number.NaN : meanOf(r) - meanOf(r - shiftEdge),
  )
}

/** Whether the level changed at once there, and did not wander to where it is. */
function isAbrupt({ fit, rows }: Trend, day: number): boolean {
  const changes = weeklyChanges(fit.residuals)
  const usual = median(changes)
  const away = changes.map((change) => Math.abs(change - usual))
  const limit = abrupt * 1.4826 * median(away)
  return away.some((size, r) => Math.abs((rows[r] as number) - day) <= nearby && size > limit)
}

/** Where a change of level would explain most, and how much, in squared deviations. */
function bestShift(trend: Trend): { readonly day: number; readonly gain: number } {
  const { fit, design, rows } = trend
  const deviation = robustDeviation(fit.residuals)
  const clipped = fit.residuals.map((miss) => Math.max(-4 * deviation, Math.min(4 * deviation, miss)))
  let best = { day: 0, gain: 0 }
  for (let r = shiftEdge; r < rows.length - shiftEdge; r++) {
    const step = Float64Array.from(rows, (_, i) => (i >= r ? 1 : 0))
    const moments = momentsOf(design, step)
    const explained = fit.solve(moments).reduce((sum, value, i) => sum + value * (moments[i] as number), 0)
    const own = rows.length - r - explained
    const along = clipped.subarray(r).reduce((sum, miss) => sum + miss, 0)
    const gain = along ** 2 / Math.max(own, 1e-3) / deviation ** 2
    if (own > 0.5 && gain > best.gain) best = { day: rows[r] as number, gain }
  }
  return best
}

function fitWith(
  daily: Daily,
  y: Float64Array,
  days: readonly SpecialDay[],
  shifts: readonly number[],
): Trend {
  const rows = [...y.keys()].filter((day) => !Number.isNaN(y[day]))
  const kindAt = (day: number) => kindOf(daily.from + day * dayMs, days)
  const kinds = [...new Set(rows.flatMap((day) => kindAt(day).kind ?? []))]
  const hasWeekdays = rows.length >= daysForWeekdays
  const middle = y.length / 2
  const rowOf = (day: number): Float64Array => {
    const { weekday, kind } = kindAt(day)
    return Float64Array.from([
      1,
      (day - middle) / middle,
      ...(hasWeekdays ? weekdays.map((one) => (one === weekday ? 1 : 0)) : []),
      ...kinds.map((one) => (one === kind ? 1 : 0)),
      ...shifts.map((shift) => (day >= shift ? 1 : 0)),
    ])
  }
  const design = rows.map(rowOf)
  const fit = robustSquares(
    design,
    Float64Array.from(rows, (day) => y[day] as number),
  )
  const unknownKinds = [...new Set(days.map(({ kind, like }) => (like ? '' : kind)))].filter(
    (kind) => kind !== '' && !kinds.includes(kind),
  )
  const kindsFrom = 2 + (hasWeekdays ? weekdays.length : 0)
  const effects = [2, kindsFrom + kinds.length] as const
  return { fit, design, rows, rowOf, effects, kindsFrom, shifts, unknownKinds }
}

/**
 * Fits daily peaks by robust least squares, finding changes of level one after the other.
 * @param y of each day, on the model's scale; NaN where not known
 */
export function fitTrend(daily: Daily, y: Float64Array, days: readonly SpecialDay[]): Trend {
  let trend = fitWith(daily, y, days, [])
  while (trend.shifts.length < mostShifts) {
    const { day, gain } = bestShift(trend)
    if (gain < sureShift || !isAbrupt(trend, day)) return trend
    trend = fitWith(daily, y, days, [...trend.shifts, day])
  }
  return trend
}
