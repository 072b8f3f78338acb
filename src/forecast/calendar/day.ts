import type { Instant } from '../../kernel/index.ts'

const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const
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

/** How far a time zone is ahead of UTC. */
function aheadOf(at: Instant, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    calendar: 'iso8601',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  }).formatToParts(at)
  const of = (type: string): number => Number(parts.find((part) => part.type === type)?.value)
  return (
    Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute')) -
    Math.floor(at / 60_000) * 60_000
  )
}

/**
 * A special day from its date.
 * @param date `2026-12-25`
 * @param timeZone of the IANA database, such as `Europe/London`
 * @throws RangeError when there is no such date or time zone
 */
export function specialDay(date: string, timeZone: string, kind: string, like?: Weekday): SpecialDay {
  const utc = Date.parse(`${date}T00:00:00Z`)
  if (!/^\d{4}-\d\d-\d\d$/.test(date) || !Number.isFinite(utc))
    throw new RangeError(`${date} is no date, expected one such as 2026-12-25`)
  // Asked at the midnight that it would be, which the time zone's own is near; twice, since the clocks may change between.
  const near = utc - aheadOf(utc, timeZone)
  return { from: utc - aheadOf(near, timeZone), kind, ...(like && { like }) }
}
