import type { Instant } from './time.ts'

const dayMs = 86_400_000

const styles = {
  day: { day: 'numeric', month: 'short' },
  dayAndYear: { day: 'numeric', month: 'short', year: 'numeric' },
  weekday: { weekday: 'short', day: 'numeric', month: 'short' },
  weekdayAlone: { weekday: 'short', day: 'numeric' },
  hour: { hour: '2-digit', minute: '2-digit' },
  month: { month: 'short' },
  monthAndYear: { month: 'short', year: 'numeric' },
} as const satisfies Readonly<Record<string, Intl.DateTimeFormatOptions>>

/** Formatters are dear to make, and there are few zones. */
const made = new Map<string, Intl.DateTimeFormat>()

/** How dates and hours are written where clocks show the time of a zone. */
export function inZone(style: keyof typeof styles, timeZone: string): Intl.DateTimeFormat {
  const key = `${style} ${timeZone}`
  const known = made.get(key) ?? new Intl.DateTimeFormat('en-GB', { ...styles[style], timeZone })
  made.set(key, known)
  return known
}

/** The middle of a day is on it, whenever clocks were changed since it was reckoned when it begins. */
const amid = (dayBegins: Instant): Instant => dayBegins + dayMs / 2

/** `12 Mar`: the day that begins then in a time zone, also where clocks were changed since it was reckoned. */
export const dayText = (begins: Instant, timeZone: string): string =>
  inZone('day', timeZone).format(amid(begins))

/** `12 Mar 2027`, likewise. */
export const dateText = (begins: Instant, timeZone: string): string =>
  inZone('dayAndYear', timeZone).format(amid(begins))
