import { earliestAt, type Instant, isRealTime } from '../../kernel/index.ts'

export const weekdays = [
  'sunday',
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
] as const
export type Weekday = (typeof weekdays)[number]

/** A day that is not like other days of its weekday. */
export type SpecialDay = {
  /** When it begins: midnight where the requests come from. */
  readonly from: Instant
  /** Days of one kind are like one another: `bank-holiday`, `pay-day`, `deadline`. */
  readonly kind: string
  /** The weekday that it is like; when it says nothing, it is like the days of its kind that were seen. */
  readonly like?: Weekday
}

export const dayMs = 86_400_000

/** The weekday of a day that begins at `from`, wherever on earth that is midnight. */
export const weekdayOf = (from: Instant): Weekday =>
  weekdays[new Date(from + dayMs / 2).getUTCDay()] as Weekday

/**
 * A special day from its date.
 * @param date `2026-12-25`
 * @param timeZone of the IANA database, such as `Europe/London`
 * @throws RangeError when there is no such date or time zone
 */
export function specialDay(date: string, timeZone: string, kind: string, like?: Weekday): SpecialDay {
  const [year = 0, month = 0, day = 0] = /^\d{4}-\d\d-\d\d$/.test(date) ? date.split('-').map(Number) : []
  const midnight = { year, month, day, hour: 0, minute: 0 }
  if (!isRealTime(midnight)) throw new RangeError(`${date} is no date, expected one such as 2026-12-25`)
  return { from: earliestAt(timeZone, midnight), kind, ...(like && { like }) }
}
