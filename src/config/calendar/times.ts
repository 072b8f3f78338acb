import { type CalendarLine, CalendarProblem } from './lines.ts'
import { isZone, type LocalTime, readDuration } from './local.ts'

/** A time of a calendar: in a zone, and whether it is a whole day. */
export type CalendarTime = { readonly local: LocalTime; readonly zone: string; readonly isDay: boolean }

const shape = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})\d{2}(Z)?)?$/

function zoneOf({ line, parameters }: CalendarLine, isUtc: boolean, usual: string): string {
  const named = parameters.TZID?.replace(/^\//, '')
  if (isUtc) return 'Etc/UTC'
  if (named === undefined) return usual
  if (isZone(named)) return named
  throw new CalendarProblem(
    line,
    `has the time zone '${named}', expected one of the IANA database, such as 'Europe/London'`,
  )
}

/** One of the times that a property lists. */
export function readTime(property: CalendarLine, value: string, usual: string): CalendarTime {
  const found = shape.exec(value.trim())
  const [, year, month, day, hour, minute, utc] = found ?? []
  const local = {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour ?? 0),
    minute: Number(minute ?? 0),
  }
  const date = new Date(Date.UTC(local.year, local.month - 1, local.day))
  if (!found || date.getUTCMonth() + 1 !== local.month || local.hour > 23 || local.minute > 59)
    throw new CalendarProblem(
      property.line,
      `has the time '${value}', expected one such as 20261219T080000, 20261219T080000Z or 20261219`,
    )
  const isDay = hour === undefined
  return { local, zone: isDay ? usual : zoneOf(property, utc !== undefined, usual), isDay }
}

/** All times that a property lists. */
export const readTimes = (property: CalendarLine, usual: string): readonly CalendarTime[] =>
  property.value.split(',').map((value) => readTime(property, value, usual))

/** How long an event lasts, in milliseconds of the clock on the wall. */
export function readLength(property: CalendarLine): number {
  const lengthMs = readDuration(property.value)
  if (lengthMs !== undefined && lengthMs > 0) return lengthMs
  throw new CalendarProblem(
    property.line,
    `lasts '${property.value}', expected a duration such as PT8H or P3D`,
  )
}
