import { earliestAt, localAt, plusDays } from '../../kernel/zone.ts'

const dayMs = 86_400_000
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
