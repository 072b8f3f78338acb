import { earliestAt, localAt, plusDays } from '../../kernel/zone.ts'

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
export const amid = (dayBegins: number): number => dayBegins + dayMs / 2

const midnight = { hour: 0, minute: 0 }

/** When the months begin that begin within a stretch of time. */
export function monthsIn(from: number, to: number, timeZone: string): readonly number[] {
  const { year, month } = localAt(timeZone, from)
  const count = Math.ceil((to - from) / (28 * dayMs)) + 1
  return Array.from({ length: count }, (_, i) => {
    const nth = month - 1 + i
    return earliestAt(timeZone, {
      ...{ year: year + Math.floor(nth / 12), month: (nth % 12) + 1, day: 1 },
      ...midnight,
    })
  }).filter((at) => at > from && at < to)
}

/** When the days begin that begin within a stretch of time. */
export function daysIn(from: number, to: number, timeZone: string): readonly number[] {
  const first = { ...localAt(timeZone, from), ...midnight }
  const count = Math.ceil((to - from) / dayMs) + 2
  return Array.from({ length: count }, (_, i) => earliestAt(timeZone, plusDays(first, i))).filter(
    (at) => at >= from && at < to,
  )
}
