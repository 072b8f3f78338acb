import type { PlaceForecast } from '../../contract/index.ts'
import { dateIn } from '../../kernel/index.ts'
import type { Screen } from '../command.ts'
import { renderTable } from '../table.ts'

type Peaks = Extract<PlaceForecast['peaks'], { is: 'peaks' }>
type Signs = { readonly most: string; readonly some: string; readonly middle: string; readonly line: string }

const signsOf = ({ ascii }: Pick<Screen, 'ascii'>): Signs =>
  ascii ? { most: '=', some: '-', middle: 'o', line: '|' } : { most: '━', some: '─', middle: '●', line: '┃' }

/** Columns of figures beside the fan, and how wide it is at most and at least, in characters. */
const [figuresWide, widest, narrowest] = [54, 44, 16]
const weekMs = 7 * 86_400_000
/** The middle of a day is on it, whenever clocks were changed. */
const halfDayMs = 43_200_000
/** Weeks shown at least, and after the line has most likely been crossed. */
const [leastWeeks, weeksAfter] = [8, 2]

/** As many weeks as there is something to see of. */
function weeksShown({ at }: Peaks, late: number | undefined): number {
  if (late === undefined) return at.length
  return Math.min(at.length, Math.max(leastWeeks, Math.ceil((late - (at[0] ?? 0)) / weekMs) + weeksAfter))
}

export const figure = (value: number): string => `${Number(value.toPrecision(3))}`
export const rangeText = (low: number, high: number): string => `${figure(low)} – ${figure(high)}`

/** One week of the fan, lying: thin what holds 95 %, thick what holds 80 %, the middle, and the waterline. */
function fanRow(
  { median, bands }: Peaks,
  i: number,
  line: number | undefined,
  { most, wide }: { readonly most: number; readonly wide: number },
  { some, most: thick, middle, line: waterline }: Signs,
): string {
  const at = (value: number): number =>
    Math.min(wide - 1, Math.max(0, Math.round((value / most) * (wide - 1))))
  const cells = Array.from({ length: wide }, () => ' ')
  const fill = (from: number, to: number, sign: string) => cells.fill(sign, at(from), at(to) + 1)
  fill(bands[95].lower[i] ?? 0, bands[95].upper[i] ?? 0, some)
  fill(bands[80].lower[i] ?? 0, bands[80].upper[i] ?? 0, thick)
  if (line !== undefined && line <= most) cells[at(line)] = waterline
  cells[at(median[i] ?? 0)] = middle
  return cells.join('').trimEnd()
}

const share = (value: number, line: number): string => `${Math.round((100 * value) / line)} %`

/** Above so many times the median nothing is drawn. */
const mostBand = 1.6
/** So many times what comes, the load line is beside the point. */
const mostAbove = 4

/** A line a week: what is expected, what holds 80 percent, how that is to the load line, and the fan lying. */
export function renderWeeks({ peaks, line, crossing, timeZone }: PlaceForecast, screen: Screen): string {
  if (peaks.is === 'refused') return `  ${peaks.why}\n`
  const weeks = weeksShown(peaks, crossing?.late)
  const shown = peaks.median.slice(0, weeks)
  const highest = Math.max(...shown)
  const isNear = line !== undefined && line.at <= mostAbove * highest
  const matters = Math.max(highest, isNear ? (line.high ?? line.at) * 1.1 : 0)
  const most =
    Math.max(matters, Math.min(mostBand * matters, Math.max(...peaks.bands[95].upper.slice(0, weeks)))) || 1
  const signs = signsOf(screen)
  const named = isNear ? `  ${signs.line} load line ${figure(line.at)}/s` : ''
  const heads = ['  WEEK FROM', peaks.of === 'hour' ? 'BUSIEST HOUR' : 'BUSIEST 5 MIN', '80 %']
  const wide = Math.min(widest, Math.max(narrowest, screen.columns - figuresWide))
  const rows = shown.map((value, i) => {
    return [
      `  ${dateIn(timeZone, (peaks.at[i] ?? 0) + halfDayMs)}`,
      `${figure(value)}/s`,
      rangeText(peaks.bands[80].lower[i] ?? 0, peaks.bands[80].upper[i] ?? 0),
      ...(line ? [share(value, line.at)] : []),
      fanRow(peaks, i, isNear ? line.at : undefined, { most, wide }, signs),
    ]
  })
  return renderTable([[...heads, ...(line ? ['OF THE LINE'] : []), named.trim()], ...rows], screen)
}
