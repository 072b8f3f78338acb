import { type Instant, instanceSizeText, type Reason, zoneName } from '../../../kernel/index.ts'
import { type Around, clockText, weekdayDateText } from '../dates.ts'
import { type Headroom, knownText, type Share, standingOf } from './headroom.ts'
import type { Rates } from './lines.ts'
import type { WholeLine } from './scale.ts'
import { usedText } from './use.ts'

/** `Friday 27 November 12:00 (UTC)` */
export const hourText = (from: Instant, around: Around): string =>
  `${weekdayDateText(from, around)} ${clockText(from, around)} (${zoneName(around.timeZone)})`

const figure = (share: number): string => String(Number((share * 100).toPrecision(share < 0.1 ? 2 : 3)))

/** `61 %`, and what it may be: `61 % (59 – 64 %)`. */
export function shareText({ low, at, high }: Share): string {
  if (!Number.isFinite(high)) return `more than ${figure(low)} %`
  if (low === 0 && high > 0) return `no more than ${figure(high)} %`
  return low === high ? `${figure(at)} %` : `${figure(at)} % (${figure(low)} – ${figure(high)} %)`
}

export const perSecond = (rate: number): string =>
  `${rate >= 100 ? Math.round(rate) : Number(rate.toPrecision(3))}/s`

/** `411/s (399 – 424/s)`, `at least 60/s`. */
export function rangeText({ low, at, high }: Rates): string {
  if (!Number.isFinite(high)) return `at least ${perSecond(low)}`
  if (low === 0) return `less than ${perSecond(high)}`
  return low === high
    ? perSecond(at)
    : `${perSecond(at)} (${perSecond(low).slice(0, -2)} – ${perSecond(high)})`
}

/** What is known, in one sentence: `peaked at 61 % (59 – 64 %) of its load line on Friday 27 November 12:00 (UTC): …`. */
export function sentenceOf({ load, line, used }: Headroom, around: Around): string {
  const { busiest } = load
  if (!busiest) return 'nothing is known of its busiest hour'
  const rate = perSecond(busiest.ratePerSecond)
  if (!line || !used) return `peaked at ${rate} on ${hourText(busiest.from, around)}`
  return `peaked at ${shareText(used)} of its load line on ${hourText(busiest.from, around)}: ${rate} of ${perSecond(line.at)}`
}

/** Of what size the instances were that were measured, and what they lacked. */
function sizesIn({ seen }: WholeLine): readonly string[] {
  const sizes = [...new Set(seen.map(({ size }) => (size ? instanceSizeText(size) : undefined)))]
  const newest = seen.toSorted((a, b) => b.measuredAt - a.measuredAt)[0]
  const use = usedText(newest?.used)
  const known = sizes.map((text) => text ?? 'a size that nobody noted')
  return [`its instances had ${known.join(', and ')}`, ...(use === undefined ? [] : [use])]
}

/** Where the line was measured, and how much of its load is known. */
export function foundIn({ load, line }: Headroom): readonly string[] {
  const places = [...new Set(line?.seen.map(({ environment }) => environment))]
  return [
    ...(line ? [`its load line is that of ${places.join(' and ')}: ${line.how}`, ...sizesIn(line)] : []),
    ...(load.busiest ? [`that hour is the busiest ${knownText(load)}`] : []),
  ]
}

export const percent = (share: number): string => `${figure(share)} %`

/** Why not enough is left, or why that cannot be told; none when enough is. */
export function reasonsOf(headroom: Headroom, below: number, around: Around): readonly Reason[] {
  const { used, line, load, lacks } = headroom
  const standing = standingOf(headroom, below)
  if (standing === 'enough') return []
  if (!used || !line || !load.busiest) return lacks
  const numbers = {
    ...{ busiestPerSecond: load.busiest.ratePerSecond, linePerSecond: line.at, used: used.at, below },
  }
  const wanted = `${percent(below)} are to be left`
  if (standing === 'short')
    return [
      {
        text: `it ${sentenceOf(headroom, around)}; ${wanted}`,
        numbers,
        next: 'more instances, or a release that carries more',
      },
    ]
  if (1 - used.high >= below) return lacks
  const open = line.high === Number.POSITIVE_INFINITY
  const doubt: Reason = {
    text: `it ${sentenceOf(headroom, around)}; ${wanted}, and that is within what the load line may be`,
    numbers,
    next: open
      ? 'let the search for the line go further: load.line.max'
      : 'measure it again, for longer: load.line.budget',
  }
  return [doubt, ...lacks]
}
