import {
  earliestAt,
  type Instant,
  isRealTime,
  type LocalTime,
  latestAt,
  localAt,
  localWeekday,
  plusDays,
} from '../../../kernel/index.ts'

type WeekTime = { readonly weekday: number; readonly hour: number; readonly minute: number }

/** A time that comes every week, or once, in local time of a zone that is said elsewhere; or once, wherever. */
export type Window =
  | { readonly is: 'weekly'; readonly from: WeekTime; readonly to: WeekTime }
  | { readonly is: 'dated'; readonly from: LocalTime; readonly to: LocalTime }
  | { readonly is: 'exact'; readonly from: Instant; readonly until: Instant }

type Span = { readonly from: Instant; readonly until: Instant }

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
const weekTime = /^(mon|tue|wed|thu|fri|sat|sun)[a-z]* (\d{1,2}):(\d{2})$/i
const dateTime = /^(\d{4})-(\d{2})-(\d{2})[ T](\d{1,2}):(\d{2})$/

function readWeekTime(text: string): WeekTime | undefined {
  const [, day = '', hour, minute] = weekTime.exec(text) ?? []
  const read = { weekday: weekdays.indexOf(day.toLowerCase()), hour: Number(hour), minute: Number(minute) }
  return read.weekday >= 0 && read.hour < 24 && read.minute < 60 ? read : undefined
}

function readDateTime(text: string): LocalTime | undefined {
  const found = dateTime.exec(text)
  if (!found) return undefined
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = found.slice(1).map(Number)
  const time = { year, month, day, hour, minute }
  return isRealTime(time) ? time : undefined
}

/** `2026-12-20T00:00Z` */
function readExact(text: string): Instant | undefined {
  const local = text.endsWith('Z') ? readDateTime(text.slice(0, -1)) : undefined
  return local && order(local)
}

const order = ({ year, month, day, hour, minute }: LocalTime): number =>
  Date.UTC(year, month - 1, day, hour, minute)

/**
 * Reads `fri 16:00 – mon 08:00`, `2026-12-20 00:00 – 2027-01-03 08:00` or, in UTC, `2026-12-20T00:00Z – 2027-01-03T08:00Z`;
 * a hyphen or `to` will do for the dash.
 * @returns undefined when the text is neither, or a dated one ends before it begins
 */
export function readWindow(text: string): Window | undefined {
  const [first = '', second = '', more] = text.trim().split(/ +(?:–|-|to) +/)
  if (more !== undefined) return undefined
  const exact = [readExact(first), readExact(second)] as const
  if (exact[0] !== undefined && exact[1] !== undefined)
    return exact[0] < exact[1] ? { is: 'exact', from: exact[0], until: exact[1] } : undefined
  const weekly = [readWeekTime(first), readWeekTime(second)] as const
  if (weekly[0] && weekly[1]) return { is: 'weekly', from: weekly[0], to: weekly[1] }
  const dated = [readDateTime(first), readDateTime(second)] as const
  if (!dated[0] || !dated[1] || order(dated[1]) <= order(dated[0])) return undefined
  return { is: 'dated', from: dated[0], to: dated[1] }
}

const minuteOf = ({ hour, minute }: WeekTime): number => hour * 60 + minute

/** From one to the other; a window that ends when it began is a week long. */
function daysBetween(from: WeekTime, to: WeekTime): number {
  const days = (to.weekday - from.weekday + 7) % 7
  return days === 0 && minuteOf(to) <= minuteOf(from) ? 7 : days
}

const at = (day: LocalTime, { hour, minute }: WeekTime): LocalTime => ({ ...day, hour, minute })

/** The occurrences of a weekly window that may hold the instant: those that began up to a week ago. */
function spansAround(
  { from, to }: Extract<Window, { is: 'weekly' }>,
  zone: string,
  now: Instant,
): readonly Span[] {
  const today = localAt(zone, now)
  const back = (localWeekday(today) - from.weekday + 7) % 7
  return [back, back + 7].map((days) => {
    const begins = plusDays(today, -days)
    return {
      from: earliestAt(zone, at(begins, from)),
      until: latestAt(zone, at(plusDays(begins, daysBetween(from, to)), to)),
    }
  })
}

function spansOf(window: Window, zone: string, now: Instant): readonly Span[] {
  switch (window.is) {
    case 'weekly':
      return spansAround(window, zone, now)
    case 'dated':
      return [{ from: earliestAt(zone, window.from), until: latestAt(zone, window.to) }]
    case 'exact':
      return [window]
  }
}

/**
 * Until when a window lasts that holds the instant; undefined when it does not. A local time that clocks show twice, or
 * never, makes a window longer, not shorter.
 */
export function endOf(window: Window, zone: string, now: Instant): Instant | undefined {
  const spans = spansOf(window, zone, now)
  return spans.find(({ from, until }) => from <= now && now < until)?.until
}
