import ICAL from 'ical.js'
import type { CalendarEvent } from './event.ts'
import { type CalendarLine, CalendarProblem } from './lines.ts'
import { earliestAt, type LocalTime, latestAt, wallMs, wallTime } from './local.ts'
import type { CalendarTime } from './times.ts'

export type Span = { readonly from: number; readonly until: number }

/** When an event holds, and whether it would go on beyond the horizon. */
export type Occurrences = { readonly spans: readonly Span[]; readonly goesOn: boolean }

/** What may be asked of a rule; the library would read more, and nothing of it belongs into a freeze. */
const parts = new Set([
  ...['FREQ', 'INTERVAL', 'COUNT', 'UNTIL', 'WKST'],
  ...['BYDAY', 'BYMONTHDAY', 'BYMONTH', 'BYSETPOS', 'BYYEARDAY', 'BYWEEKNO'],
])
const frequencies = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY']

function checkRule({ line, value }: CalendarLine): void {
  const given = value.split(';').map((part) => part.split('=') as [string, string?])
  const odd = given.find(([name]) => !parts.has(name.toUpperCase()))
  if (odd) throw new CalendarProblem(line, `has a rule with ${odd[0]}, which is not read`)
  const frequency = given.find(([name]) => name.toUpperCase() === 'FREQ')?.[1]?.toUpperCase()
  if (!frequency || !frequencies.includes(frequency))
    throw new CalendarProblem(
      line,
      `repeats ${frequency ?? 'never'}, expected FREQ=${frequencies.join(', ')}`,
    )
}

/** UNTIL in UTC, as clocks show it where the event is. */
function localUntil(until: ICAL.Time, zone: string): ICAL.Time {
  if (until.zone !== ICAL.Timezone.utcTimezone || zone === 'Etc/UTC') return until
  const { year, month, day, hour, minute } = wallTime(until.toUnixTime() * 1_000)
  const utc = Date.UTC(year, month - 1, day, hour, minute)
  const offsetMs = utc - earliestAt(zone, wallTime(utc))
  return asTime(wallTime(utc + offsetMs))
}

const asTime = (local: LocalTime): ICAL.Time =>
  new ICAL.Time({ ...local, second: 0, isDate: false }, ICAL.Timezone.localTimezone)

function ruleOf(rule: CalendarLine, zone: string): ICAL.Recur {
  checkRule(rule)
  try {
    const read = ICAL.Recur.fromString(rule.value)
    if (read.until) read.until = localUntil(read.until, zone)
    return read
  } catch (error) {
    throw new CalendarProblem(rule.line, `has a rule that cannot be read: ${(error as Error).message}`)
  }
}

/** A rule that never meets a day, such as the 30th of February, is looked at no further than this. */
const mostSteps = 50_000

/** The times at which it begins by its rule, up to the horizon; on the clock on the wall. */
function* startsOf({ start, rule }: CalendarEvent, horizon: number): Generator<number, boolean> {
  if (!rule) {
    yield wallMs(start.local)
    return false
  }
  const iterator = ruleOf(rule, start.zone).iterator(asTime(start.local))
  for (let step = 0; step < mostSteps; step++) {
    const next = iterator.next()
    if (!next) return false
    const begins = wallMs(next)
    if (begins > horizon) return true
    yield begins
  }
  throw new CalendarProblem(rule.line, 'repeats too often to be read')
}

const instantOf = ({ local, zone }: CalendarTime): number => earliestAt(zone, local)

/**
 * When an event holds, from `now` to `horizon` if it repeats.
 * @param instead beginnings that other events stand for
 */
export function occurrencesOf(
  event: CalendarEvent,
  instead: ReadonlySet<number>,
  now: number,
  horizon: number,
): Occurrences {
  const { start, lengthMs, more } = event
  const spanFrom = (wall: number, zone: string): Span => ({
    from: earliestAt(zone, wallTime(wall)),
    until: latestAt(zone, wallTime(wall + lengthMs)),
  })
  const spans: Span[] = more.map(({ local, zone }) => spanFrom(wallMs(local), zone))
  const starts = startsOf(event, horizon)
  let next = starts.next()
  for (; !next.done; next = starts.next()) spans.push(spanFrom(next.value, start.zone))
  const except = new Set(event.except.map(instantOf))
  const holds = ({ from, until }: Span) => until > now && !except.has(from) && !instead.has(from)
  return { spans: spans.filter(holds), goesOn: next.value }
}
