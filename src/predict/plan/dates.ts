import type { Crossing } from '../../forecast/index.ts'
import { clockIn, type Instant, type LocalTime, localAt, localWeekday } from '../../kernel/index.ts'

/** When something is said, and where: dates and hours are those that people there know. */
export type Around = { readonly now: Instant; readonly timeZone: string }

/** Where a configuration says nothing of it, as one that was read before it could, days are those of UTC. */
export const aroundOf = (predict: { readonly timeZone?: string } | undefined, now: Instant): Around => ({
  now,
  timeZone: predict?.timeZone ?? 'Etc/UTC',
})

const dayMs = 86_400_000
const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]
const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

const dayAndMonth = ({ day, month }: LocalTime): string => `${day} ${months[month - 1]}`

/** `12 March`, with the year where it is not this one. */
export function dateText(at: Instant, { now, timeZone }: Around): string {
  const date = localAt(timeZone, at)
  const year = date.year === localAt(timeZone, now).year ? '' : ` ${date.year}`
  return `${dayAndMonth(date)}${year}`
}

/** `14:00` */
export const clockText = (at: Instant, { timeZone }: Around): string => clockIn(timeZone, at)

/** `Thursday` */
export const weekdayText = (at: Instant, { timeZone }: Around): string =>
  weekdays[localWeekday(localAt(timeZone, at))] as string

/** `Friday 27 November` */
export const weekdayDateText = (at: Instant, around: Around): string =>
  `${weekdayText(at, around)} ${dayAndMonth(localAt(around.timeZone, at))}`

/** Said once beside dates without an hour; nothing where they are those of UTC. */
export const zoneFound = ({ timeZone }: Around): readonly string[] =>
  timeZone === 'Etc/UTC' ? [] : [`days are those of ${timeZone}`]

/**
 * What begins with a day is on it, also where clocks have been changed until then: days are reckoned as long as each other, and their
 * begin is an hour off.
 */
export const amid = (dayBegins: Instant): Instant => dayBegins + dayMs / 2

type Dates = Pick<Crossing, 'date' | 'early' | 'late' | 'from'>

/** `3 – 28 March`, `28 December – 4 January 2027`, `after 3 March`. */
function rangeText({ early, late }: Dates, around: Around): string {
  if (early === undefined) return ''
  if (late === undefined) return `after ${dateText(early, around)}`
  const [a, b] = [localAt(around.timeZone, early), localAt(around.timeZone, late)]
  const isSameYear = a.year === b.year
  const isSameMonth = isSameYear && a.month === b.month
  if (isSameMonth && a.day === b.day) return `on ${dateText(late, around)}`
  if (isSameMonth) return `${a.day} – ${dateText(late, around)}`
  // One year is said once.
  return `${dateText(early, isSameYear ? { ...around, now: early } : around)} – ${dateText(late, around)}`
}

/**
 * When something is crossed, in words that follow a verb: `about 12 March (80 %: 3 – 28 March)`; undefined: not within the
 * horizon, by most futures.
 * @param crossing whose futures are moments
 * @param around decides whether the year is said
 */
export function aboutMomentText(crossing: Dates, around: Around): string | undefined {
  const { date, from } = crossing
  if (date === undefined) return undefined
  if (date < Math.max(from, around.now) + dayMs) return 'within a day'
  const range = rangeText(crossing, around)
  return `about ${dateText(date, around)}${range === '' ? '' : ` (80 %: ${range})`}`
}

/** The same of a crossing whose futures are whole days. */
export function aboutText(crossing: Dates, around: Around): string | undefined {
  const { date, from } = crossing
  if (date !== undefined && date < Math.max(from, around.now) + dayMs) return 'within a day'
  const [early, late] = [crossing.early, crossing.late].map((at) => (at === undefined ? at : amid(at)))
  const amidDays = {
    from,
    ...(date === undefined ? {} : { date: amid(date) }),
    ...(early === undefined ? {} : { early }),
    ...(late === undefined ? {} : { late }),
  }
  return aboutMomentText(amidDays, around)
}
