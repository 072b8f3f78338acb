import { componentsIn } from './components.ts'
import { type CalendarEvent, readEvent } from './event.ts'
import { CalendarProblem, readLines } from './lines.ts'
import { earliestAt, localAt, wallMs } from './local.ts'
import { occurrencesOf, type Span } from './occurrences.ts'

/** A window of a freeze, as one may write it oneself. */
export type CalendarWindow = { readonly when: string; readonly reason: string }

/** Events that repeat for ever are read so far ahead; each push of the protected branch reads on. */
const dayMs = 86_400_000
const aheadMs = 2 * 365 * dayMs
const mostWindows = 2_000
const endOfTime = Date.UTC(9999, 11, 31)

const utc = (at: number): string => new Date(at).toISOString().replace(/:\d\d\.\d+Z$/, 'Z')
const windowOf = ({ from, until }: Span, reason: string): CalendarWindow => ({
  when: `${utc(from)} – ${utc(until)}`,
  reason,
})

/** Beginnings of an event for which others stand in, or that are cancelled alone. */
const insteadOf = (events: readonly CalendarEvent[], { uid, insteadOf: own }: CalendarEvent) =>
  new Set(
    events.flatMap((other) =>
      own === undefined && other.uid === uid && other.insteadOf
        ? [earliestAt(other.insteadOf.zone, other.insteadOf.local)]
        : [],
    ),
  )

type Held = { readonly span: Span; readonly reason: string }

/** The events that hold between two times, with their occurrences. */
const heldIn = (events: readonly CalendarEvent[], from: number, horizon: number) =>
  events
    .filter(({ isCancelled }) => !isCancelled)
    .map((event) => ({ event, ...occurrencesOf(event, insteadOf(events, event), from, horizon) }))

const eventsIn = (text: string, zone: string): readonly CalendarEvent[] =>
  componentsIn(readLines(text))
    .filter((one) => one.name === 'VEVENT')
    .map((one) => readEvent(one, zone))

function windowsOf(events: readonly CalendarEvent[], name: string, now: number): readonly CalendarWindow[] {
  const horizon = now + aheadMs
  const read = heldIn(events, now, horizon)
  const held: Held[] = read.flatMap(({ event, spans }) =>
    spans.map((span) => ({ span, reason: event.summary || name })),
  )
  const windows = held
    .toSorted((a, b) => a.span.from - b.span.from || a.span.until - b.span.until)
    .map(({ span, reason }) => windowOf(span, reason))
  if (windows.length > mostWindows)
    throw new CalendarProblem(1, `freezes ${windows.length} times, expected at most ${mostWindows}`)
  // What was not read is not open: a calendar that nobody reads any more must not let everything through.
  const rest = { from: horizon, until: endOfTime }
  const unread = `${name} was read up to here: push the protected branch again`
  return read.some(({ goesOn }) => goesOn) ? [...windows, windowOf(rest, unread)] : windows
}

/**
 * The windows of an iCalendar file (RFC 5545): its events that have not ended, in order.
 * @param name of the file, for windows that have no other reason
 * @param zone of whole days, and of times that name none
 * @throws CalendarProblem with the line of what cannot be read
 */
export function readCalendar(
  text: string,
  name: string,
  zone: string,
  now: number,
): readonly CalendarWindow[] {
  return windowsOf(eventsIn(text, zone), name, now)
}

const mostDays = 1_000

/** The dates that a span touches, where clocks show the time of a zone; an end at midnight touches nothing more. */
function datesOf({ from, until }: Span, zone: string): readonly string[] {
  const first = wallMs({ ...localAt(zone, from), hour: 0, minute: 0 })
  const days = Math.ceil((wallMs(localAt(zone, until)) - first) / dayMs)
  return Array.from({ length: Math.min(days, mostDays + 1) }, (_, i) =>
    new Date(first + i * dayMs).toISOString().slice(0, 10),
  )
}

/**
 * The days of an iCalendar file (RFC 5545), in order: all that its events touch and that are not over at `from`. Events that
 * repeat for ever are read two years ahead.
 * @param zone of whole days, of times that name none, and of the dates
 * @throws CalendarProblem with the line of what cannot be read
 */
export function readCalendarDays(
  text: string,
  zone: string,
  { from, now }: { readonly from: number; readonly now: number },
): readonly string[] {
  const spans = heldIn(eventsIn(text, zone), from, now + aheadMs).flatMap((held) => held.spans)
  const dates = [...new Set(spans.flatMap((span) => datesOf(span, zone)))].sort()
  if (dates.length > mostDays)
    throw new CalendarProblem(1, `lists more than ${mostDays} days, expected those that are special`)
  return dates
}
