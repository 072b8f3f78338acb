import { earliestAt, type Instant, isZone, localAt, localWeekday, plusDays } from '../../kernel/index.ts'

/** A time of day on some days of each week, in local time of a zone. Monday is 0. */
export type Schedule = {
  readonly weekdays: readonly number[]
  readonly hour: number
  readonly minute: number
  readonly zone: string
}

const names = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
const everyDay = names.map((_, i) => i)

function readDays(text: string): readonly number[] | undefined {
  if (text === 'daily') return everyDay
  const days = text.split(',').map((part) => {
    const [from = '', to = from, more] = part.split('-')
    const [first, last] = [names.indexOf(from), names.indexOf(to)]
    if (first < 0 || last < 0 || more !== undefined) return []
    return everyDay.slice(0, ((last - first + 7) % 7) + 1).map((i) => (first + i) % 7)
  })
  return days.some((part) => part.length === 0) ? undefined : [...new Set(days.flat())]
}

/** Reads `mon-fri 03:00 Europe/London`, `sat,sun 12:30 Etc/UTC` or `daily 03:00 Europe/London`. */
export function readSchedule(text: string): Schedule | undefined {
  const [, days = '', hours, minutes, zone = ''] =
    /^([a-z,-]+) (\d{1,2}):(\d{2}) (\S+)$/i.exec(text.trim()) ?? []
  const weekdays = readDays(days.toLowerCase())
  const [hour, minute] = [Number(hours), Number(minutes)]
  if (!weekdays || !(hour < 24) || !(minute < 60) || !isZone(zone)) return undefined
  return { weekdays, hour, minute, zone }
}

/** The instants around now at which it is due; a time that clocks show twice is due the first time. */
function duesAround({ weekdays, hour, minute, zone }: Schedule, now: Instant): readonly Instant[] {
  const today = localAt(zone, now)
  return [...everyDay.map((i) => -1 - i), 0, ...everyDay.map((i) => i + 1)]
    .map((days) => ({ ...plusDays(today, days), hour, minute }))
    .filter((time) => weekdays.includes(localWeekday(time)))
    .map((time) => earliestAt(zone, time))
}

/** When one of them was due last. */
export const lastDue = (schedules: readonly Schedule[], now: Instant): Instant | undefined =>
  schedules
    .flatMap((one) => duesAround(one, now))
    .filter((at) => at <= now)
    .sort((a, b) => b - a)[0]

/** When one of them is due next. */
export const nextDue = (schedules: readonly Schedule[], now: Instant): Instant | undefined =>
  schedules
    .flatMap((one) => duesAround(one, now))
    .filter((at) => at > now)
    .sort((a, b) => a - b)[0]
