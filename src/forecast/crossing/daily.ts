import { dayMs, type SpecialDay, type Weekday, weekdayOf } from '../calendar/day.ts'
import { type History, type Refusal, refused } from '../history.ts'
import { readable } from '../prepare/readable.ts'
import { rollUp } from '../prepare/roll-up.ts'

/** The highest value of each day, oldest first. */
export type Daily = {
  readonly is: 'daily'
  /** When the first day begins. */
  readonly from: number
  /** NaN for a day of which less than half is known; the first and the last are known. */
  readonly values: Float64Array
}

/** Half a year: older days say little of the growth there is now. */
const mostDays = 182
/** Known days of the last ones, in both directions of time. */
const mostStaleDays = 7

/**
 * @param dayBeginsMs when days begin where the requests come from, after midnight UTC
 * @param leastDays so many days must be known
 */
export function dailyPeaks(history: History, leastDays: number, dayBeginsMs = 0): Daily | Refusal {
  // Twice as much as is kept: what ended long ago is to be told from what is too short.
  const read = readable(history, 2 * mostDays * dayMs)
  if (read.is === 'refused') return read
  if (!Number.isInteger(dayMs / history.stepMs))
    return refused('unreadable', `steps of ${history.stepMs} ms do not fill a day`)
  const { from, values } = rollUp(read.history, dayMs, 'max', dayBeginsMs)
  const all = Float64Array.from(values)
  let end = all.length
  while (end > 0 && Number.isNaN(all[end - 1])) end--
  let begin = Math.max(0, end - mostDays)
  while (begin < end && Number.isNaN(all[begin])) begin++
  const kept = all.slice(begin, end)
  const known = kept.filter((value) => !Number.isNaN(value)).length
  if (known < leastDays)
    return refused('too-short', `${known} days are known, expected at least ${leastDays}`)
  if (all.length - end > mostStaleDays)
    return refused('stale', `nothing is known of the last ${all.length - end} days`)
  if (known < kept.length / 2) return refused('too-many-gaps', `${known} of ${kept.length} days are known`)
  return { is: 'daily', from: from + begin * dayMs, values: kept }
}

/** What a day is for the model: a weekday, or a kind of special day on top of it. */
export type DayKind = { readonly weekday: Weekday; readonly kind?: string }

/** The kind of the day that begins at `from`. */
export function kindOf(from: number, days: readonly SpecialDay[]): DayKind {
  const special = days.find((day) => Math.abs(day.from - from) < dayMs / 2)
  if (!special) return { weekday: weekdayOf(from) }
  return special.like ? { weekday: special.like } : { weekday: weekdayOf(from), kind: special.kind }
}
