import { type Instant, zoneName } from '../../kernel/index.ts'
import { type Around, clockText, weekdayDateText } from './dates.ts'

/** The most that an environment was seen to carry within what is promised: its load line is no lower. */
export type Carried = {
  readonly ratePerSecond: number
  readonly from: Instant
  readonly to: Instant
  readonly release: string
  readonly instances: number
}

/** A few minutes of production: what came, and how much of it was not as each promise has it. */
export type CarriedSpan = {
  readonly from: Instant
  readonly to: Instant
  readonly requests: number
  readonly promises: readonly { readonly bad: number; readonly total: number; readonly objective: number }[]
}

/** When a release was live, with so many instances. */
export type LiveSpan = {
  readonly release: string
  readonly instances: number
  readonly from: Instant
  /** Until now when not given. */
  readonly to?: Instant
}

/** Something is known of each promise, and no more was bad than may be. */
const isKept = ({ promises }: CarriedSpan): boolean =>
  promises.length > 0 &&
  promises.every(({ bad, total, objective }) => total > 0 && bad <= (1 - objective) * total)

const isWithin = (span: CarriedSpan, { from, to = Number.POSITIVE_INFINITY }: LiveSpan): boolean =>
  span.from >= from && span.to <= to

/**
 * The busiest span in which a release alone was live, with no more instances than now, and everything that is promised was
 * kept. More instances carry no less; of spans with more than now nothing follows.
 * @param spans of any order; what is not known of a promise keeps a span out
 */
export function carriedIn(
  spans: readonly CarriedSpan[],
  lives: readonly LiveSpan[],
  now: { readonly release: string; readonly instances: number },
): Carried | undefined {
  const own = lives.filter(({ release, instances }) => release === now.release && instances <= now.instances)
  let best: Carried | undefined
  for (const span of spans) {
    const life = own.find((one) => isWithin(span, one))
    const ratePerSecond = (1_000 * span.requests) / (span.to - span.from)
    if (!life || !isKept(span) || !(ratePerSecond > (best?.ratePerSecond ?? 0))) continue
    const { from, to } = span
    best = { ratePerSecond, from, to, release: life.release, instances: life.instances }
  }
  return best
}

const rateText = (rate: number): string => `${rate >= 100 ? Math.round(rate) : Number(rate.toPrecision(3))}/s`

/** `production has carried 940/s, within what is promised (Friday 27 November 12:00–12:05 UTC)` */
export function carriedText(
  environment: string,
  { ratePerSecond, from, to }: Carried,
  around: Around,
): string {
  const zone = zoneName(around.timeZone)
  const when = `${weekdayDateText(from, around)} ${clockText(from, around)}–${clockText(to, around)} ${zone}`
  return `${environment} has carried ${rateText(ratePerSecond)}, within what is promised (${when})`
}

/**
 * What production has carried though a load line says that it cannot, in one sentence; undefined where they agree.
 * @param line what all instances carry at the most, as it was measured elsewhere: the high end of its interval
 */
export function contradiction(
  environment: string,
  carried: Carried,
  line: { readonly high: number; readonly measuredIn: string },
): string | undefined {
  if (!(line.high < carried.ratePerSecond)) return undefined
  const { measuredIn, high } = line
  return `${measuredIn} says ${rateText(high)} at most, ${environment} has carried ${rateText(carried.ratePerSecond)}: ${measuredIn} is not like ${environment}`
}
