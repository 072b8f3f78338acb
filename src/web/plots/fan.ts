import type { PlaceForecast } from '../../contract/index.ts'

const dayMs = 86_400_000
const week = 7
const weekMs = week * dayMs

export type Level = 50 | 80 | 95
export const levels = [50, 80, 95] as const

export type Ends = { readonly low: number; readonly high: number }
export type Ahead = { readonly median: number } & Readonly<Record<Level, Ends>>

/** A time of an even grid: what was seen of it, or what is expected. */
export type Step = { readonly at: number; readonly seen: number | null; readonly ahead?: Ahead }

/** What a fan chart shows: steps that were seen, and after them those that are to come. */
export type Fan = {
  readonly stepMs: number
  readonly steps: readonly Step[]
  /** Days of which a step shows the highest alone. */
  readonly dots: readonly { readonly at: number; readonly value: number }[]
}

type Said = {
  readonly at: readonly number[]
  readonly median: readonly number[]
  readonly bands: Readonly<
    Record<Level, { readonly lower: readonly number[]; readonly upper: readonly number[] }>
  >
}

const stepsAhead = ({ at, median, bands }: Said, most: number): Step[] =>
  at.slice(0, most).map((begin, i) => {
    const of = (level: Level): Ends => ({ low: bands[level].lower[i] ?? 0, high: bands[level].upper[i] ?? 0 })
    return { at: begin, seen: null, ahead: { median: median[i] ?? 0, 50: of(50), 80: of(80), 95: of(95) } }
  })

/** As many hours before as there are to come; undefined where nothing can be said of them. */
export function fanOfHours({ past, forecast }: PlaceForecast): Fan | undefined {
  if (forecast.is === 'refused') return undefined
  const { stepMs, at } = forecast
  const ahead = stepsAhead(forecast, at.length)
  const seen = past.stepMs === stepMs ? past.values.slice(-at.length) : []
  const from = (at[0] ?? 0) - seen.length * stepMs
  return {
    stepMs,
    steps: [...seen.map((value, i) => ({ at: from + i * stepMs, seen: value })), ...ahead],
    dots: [],
  }
}

/** Weeks that are shown of what was, and at least of what is to come. */
const [weeksBefore, leastWeeks] = [13, 13]
/** And so many after the line has been crossed most likely: what comes then somebody has changed. */
const weeksAfter = 4

function weeksShown({ crossing }: PlaceForecast, from: number): number {
  const last = crossing?.late
  return last === undefined
    ? Number.POSITIVE_INFINITY
    : Math.max(leastWeeks, Math.ceil((last - from) / weekMs) + weeksAfter)
}

const highest = (values: readonly (number | null)[]): number | null => {
  const known = values.flatMap((value) => value ?? [])
  return known.length === 0 ? null : Math.max(...known)
}

/** The busiest hour of each week, counted back and on from today; undefined where nothing can be said of them. */
export function fanOfWeeks(place: PlaceForecast): Fan | undefined {
  const { peaks } = place
  if (peaks.is === 'refused') return undefined
  const from = peaks.at[0] ?? 0
  const known = peaks.past.values.slice(-weeksBefore * week)
  const weeks = Math.ceil(known.length / week)
  const seen = Array.from({ length: weeks }, (_, i): Step => {
    const end = known.length - (weeks - 1 - i) * week
    return { at: from - (weeks - i) * weekMs, seen: highest(known.slice(Math.max(0, end - week), end)) }
  })
  const dots = known.flatMap((value, i) =>
    value === null ? [] : [{ at: from - (known.length - i) * dayMs + dayMs / 2, value }],
  )
  return { stepMs: peaks.stepMs, steps: [...seen, ...stepsAhead(peaks, weeksShown(place, from))], dots }
}

/** Where what is to come begins. */
export const firstAhead = ({ steps }: Fan): number => steps.findIndex(({ ahead }) => ahead)

type Line = PlaceForecast['line']

/** So many times what is shown, the load line is not: all below it would be flat. */
const mostAbove = 4
/** Bands end at so many times what matters more. */
const mostBand = 1.6

/** Whether the load line is drawn. */
export function isInReach(fan: Fan, line: Line): line is NonNullable<Line> {
  return line !== undefined && line.at <= mostAbove * highestOf(fan)
}

/** Of what was seen, and of what comes as likely as not. */
const highestOf = ({ steps, dots }: Fan): number =>
  Math.max(
    0,
    ...steps.map(({ seen, ahead }) => seen ?? ahead?.median ?? 0),
    ...dots.map(({ value }) => value),
  )

/** How far up the axis reaches. */
export function topOf(fan: Fan, line: Line): number {
  const matters = Math.max(highestOf(fan), isInReach(fan, line) ? (line.high ?? line.at * 1.1) : 0)
  const bands = Math.max(0, ...fan.steps.map(({ ahead }) => ahead?.[95].high ?? 0))
  return Math.max(matters, Math.min(bands, mostBand * matters)) || 1
}

export type Place = (step: number, value: number) => string

/** Where a fan opens: at what was seen last, where that is just before. */
function opening({ steps }: Fan): { readonly i: number; readonly value: number } | undefined {
  const i = steps.findIndex(({ ahead }) => ahead) - 1
  const value = steps[i]?.seen ?? null
  return value === null ? undefined : { i, value }
}

/** The outline of a band. */
export function bandPath(fan: Fan, level: Level, at: Place): string {
  const ahead = fan.steps.flatMap((step, i) => (step.ahead ? [{ i, ...step.ahead[level] }] : []))
  const open = opening(fan)
  const begin = open ? [at(open.i, open.value)] : []
  const upper = ahead.map(({ i, high }) => at(i, high))
  const lower = ahead.map(({ i, low }) => at(i, low)).reverse()
  return `M${[...begin, ...upper, ...lower].join('L')}Z`
}

export function medianPath(fan: Fan, at: Place): string {
  const open = opening(fan)
  const ahead = fan.steps.flatMap(({ ahead: one }, i) => (one ? [at(i, one.median)] : []))
  return `M${[...(open ? [at(open.i, open.value)] : []), ...ahead].join('L')}`
}

/** What was seen, with its gaps. */
export function seenPath({ steps }: Fan, at: Place): string {
  return steps
    .map(({ seen }, i) => {
      if (seen === null) return ''
      return `${(steps[i - 1]?.seen ?? null) === null ? 'M' : 'L'}${at(i, seen)}`
    })
    .join('')
}
