import { type Component, propertiesOf, propertyOf } from './components.ts'
import { type CalendarLine, CalendarProblem, plainText } from './lines.ts'
import { wallMs } from './local.ts'
import { type CalendarTime, readLength, readTime, readTimes } from './times.ts'

/** An event that freezes, once or again and again. */
export type CalendarEvent = {
  readonly line: number
  readonly uid: string
  readonly summary: string
  readonly start: CalendarTime
  /** Of the clock on the wall. */
  readonly lengthMs: number
  readonly rule?: CalendarLine
  /** More times at which it begins, and those at which it does not. */
  readonly more: readonly CalendarTime[]
  readonly except: readonly CalendarTime[]
  /** The occurrence of another event that this one stands for. */
  readonly insteadOf?: CalendarTime
  readonly isCancelled: boolean
}

const dayMs = 86_400_000

function lengthOf(component: Component, start: CalendarTime, zone: string): number {
  const duration = propertyOf(component, 'DURATION')
  const end = propertyOf(component, 'DTEND')
  if (duration) return readLength(duration)
  if (!end && start.isDay) return dayMs
  if (!end) throw new CalendarProblem(component.line, 'has no end, expected DTEND or DURATION')
  const until = readTime(end, end.value, zone)
  if (until.zone !== start.zone)
    throw new CalendarProblem(
      end.line,
      `ends in ${until.zone} and begins in ${start.zone}, expected one time zone`,
    )
  const lengthMs = wallMs(until.local) - wallMs(start.local)
  if (lengthMs <= 0) throw new CalendarProblem(end.line, 'ends before it begins')
  return lengthMs
}

/** @throws CalendarProblem for what says something about its times that is not understood */
export function readEvent(component: Component, zone: string): CalendarEvent {
  const begins = propertyOf(component, 'DTSTART')
  if (!begins)
    throw new CalendarProblem(component.line, 'has no DTSTART, expected the time at which it begins')
  const [exrule] = propertiesOf(component, 'EXRULE')
  if (exrule)
    throw new CalendarProblem(exrule.line, 'has an EXRULE, expected EXDATE: rules of exceptions are not read')
  const start = readTime(begins, begins.value, zone)
  const [rule, second] = propertiesOf(component, 'RRULE')
  if (second) throw new CalendarProblem(second.line, 'has a second RRULE, expected one')
  const instead = propertyOf(component, 'RECURRENCE-ID')
  const timesOf = (name: string) => propertiesOf(component, name).flatMap((one) => readTimes(one, zone))
  return {
    line: component.line,
    uid: propertyOf(component, 'UID')?.value ?? '',
    summary: plainText(propertyOf(component, 'SUMMARY')?.value ?? ''),
    start,
    lengthMs: lengthOf(component, start, zone),
    ...(rule ? { rule } : {}),
    more: timesOf('RDATE'),
    except: timesOf('EXDATE'),
    ...(instead ? { insteadOf: readTime(instead, instead.value, zone) } : {}),
    isCancelled: propertyOf(component, 'STATUS')?.value.toUpperCase() === 'CANCELLED',
  }
}
