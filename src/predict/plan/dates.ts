import type { Crossing } from '../../forecast/index.ts'
import type { Instant } from '../../kernel/index.ts'

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
const monthOf = (at: Date): string => months[at.getUTCMonth()] as string

/** `12 March`, with the year where it is not this one. */
export function dateText(at: Instant, now: Instant): string {
  const date = new Date(at)
  const year = date.getUTCFullYear() === new Date(now).getUTCFullYear() ? '' : ` ${date.getUTCFullYear()}`
  return `${date.getUTCDate()} ${monthOf(date)}${year}`
}

/** `3 – 28 March`, `28 December – 4 January 2027`, `after 3 March`. */
function rangeText({ early, late }: Crossing, now: Instant): string {
  if (early === undefined) return ''
  if (late === undefined) return `after ${dateText(early, now)}`
  const [a, b] = [new Date(early), new Date(late)]
  const isSameYear = a.getUTCFullYear() === b.getUTCFullYear()
  const isSameMonth = isSameYear && a.getUTCMonth() === b.getUTCMonth()
  if (isSameMonth && a.getUTCDate() === b.getUTCDate()) return `on ${dateText(late, now)}`
  if (isSameMonth) return `${a.getUTCDate()} – ${dateText(late, now)}`
  // One year is said once.
  return `${dateText(early, isSameYear ? early : now)} – ${dateText(late, now)}`
}

/**
 * When something is crossed, in words that follow a verb: `about 12 March (80 %: 3 – 28 March)`; undefined: not within the
 * horizon, by most futures.
 * @param now decides whether the year is said
 */
export function aboutText(crossing: Crossing, now: Instant): string | undefined {
  const { date, from } = crossing
  if (date === undefined) return undefined
  if (date < Math.max(from, now) + dayMs) return 'within a day'
  const range = rangeText(crossing, now)
  return `about ${dateText(date, now)}${range === '' ? '' : ` (80 %: ${range})`}`
}
