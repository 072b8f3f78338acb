import type { Instant } from './time.ts'

/** A time of day on a calendar, without a zone: month from 1, as people write it. */
export type LocalTime = {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
}

const dayMs = 86_400_000

/** Formatters are dear to make, and there are few zones. */
const formats = new Map<string, Intl.DateTimeFormat>()

function formatIn(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  })
  formats.set(zone, made)
  return made
}

/** What clocks in the zone (of the IANA database) show at an instant, to the minute. */
export function localAt(zone: string, at: Instant): LocalTime {
  const parts = new Map(
    formatIn(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  )
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0
  return {
    year: part('year'),
    month: part('month'),
    day: part('day'),
    hour: part('hour'),
    minute: part('minute'),
  }
}

const asUtc = ({ year, month, day, hour, minute }: LocalTime): number =>
  Date.UTC(year, month - 1, day, hour, minute)

const offsetMs = (zone: string, at: Instant): number =>
  asUtc(localAt(zone, at)) - Math.floor(at / 60_000) * 60_000

/**
 * The instants at which clocks in the zone show a time: usually one. When clocks go back there are two; when they go
 * forward there is none, and the two are given at which they would, by the offset before and by the one after.
 */
function instantsAt(zone: string, time: LocalTime): readonly Instant[] {
  const utc = asUtc(time)
  const offsets = [offsetMs(zone, utc - dayMs), offsetMs(zone, utc + dayMs)]
  const instants = offsets.map((offset) => utc - offset)
  const real = instants.filter((instant, i) => offsetMs(zone, instant) === offsets[i])
  return real.length > 0 ? real : instants
}

export const earliestAt = (zone: string, time: LocalTime): Instant => Math.min(...instantsAt(zone, time))
export const latestAt = (zone: string, time: LocalTime): Instant => Math.max(...instantsAt(zone, time))

/** Monday is 0. */
export const localWeekday = (time: LocalTime): number => (new Date(asUtc(time)).getUTCDay() + 6) % 7

/** The same time of day, so many days later. */
export function plusDays(time: LocalTime, days: number): LocalTime {
  const date = new Date(asUtc(time) + days * dayMs)
  return { ...time, year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
}

/** Whether there is such a date and such a time of day. */
export function isRealTime(time: LocalTime): boolean {
  const date = new Date(asUtc(time))
  return date.getUTCMonth() + 1 === time.month && time.hour < 24 && time.minute < 60
}

export function isZone(zone: string): boolean {
  try {
    formatIn(zone)
    return true
  } catch {
    return false
  }
}

const names = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
const two = (n: number): string => String(n).padStart(2, '0')

/** `UTC`, `Europe/London` */
export const zoneName = (zone: string): string => (zone === 'Etc/UTC' ? 'UTC' : zone)

/** `2026-11-30` */
export function dateIn(zone: string, at: Instant): string {
  const { year, month, day } = localAt(zone, at)
  return `${year}-${two(month)}-${two(day)}`
}

/** `08:00` */
export function clockIn(zone: string, at: Instant): string {
  const { hour, minute } = localAt(zone, at)
  return `${two(hour)}:${two(minute)}`
}

/** `2026-11-30 08:00 Europe/London`: a moment within a sentence. */
export const momentIn = (zone: string, at: Instant): string =>
  `${dateIn(zone, at)} ${clockIn(zone, at)} ${zoneName(zone)}`

/** `Mon 2026-11-30 08:00 (Europe/London)`: the same wherever it is read. */
export const sayLocal = (zone: string, at: Instant): string =>
  `${names[localWeekday(localAt(zone, at))]} ${dateIn(zone, at)} ${clockIn(zone, at)} (${zone})`
