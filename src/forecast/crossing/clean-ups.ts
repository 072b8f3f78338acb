import type { Random } from '../../kernel/index.ts'
import { median } from '../model/order.ts'
import type { Stretch } from './drops.ts'
import { normal } from './line.ts'

/** Clean-ups as they have been: how far apart, and down to what. */
export type CleanUps = {
  /** Days between one and the next; endless where the line was reached first. */
  readonly gaps: readonly number[]
  /** What was left after each, around `floorAt`. */
  readonly misses: readonly number[]
  /** What is left after a clean-up on a day counted from the begin of the history. */
  readonly floorAt: (day: number, slopeError: number) => number
  /** How unsure the growth of what is left is, in one standard deviation a day. */
  readonly slopeDeviation: number
}

/** One clean-up is an accident; two are a habit that will go on. */
const leastCleanUps = 2
/** One gap says so little of the next, on logarithms; several say the more. */
const leastUnlike = 0.5
/** The highest of the last days of a stretch says what ended it: a fall is not found to the day. */
const daysOfEnd = 2
/** After so many draws none is as long as it has been already: it is overdue. */
const mostTries = 20

/**
 * @param y daily peaks
 * @param noise standard deviation of a day's peak
 * @param ends what was not cleaned up: the line ended it
 * @returns undefined when there were fewer than two
 */
export function cleanUpsOf(
  y: Float64Array,
  stretches: readonly Stretch[],
  noise: number,
  ends: EndedBy = () => false,
): CleanUps | undefined {
  const after = stretches.slice(1)
  if (after.length < leastCleanUps) return undefined
  const days = after.map(({ begin }) => begin)
  const left = days.map((day) => y[day] as number)
  const middle = days.reduce((sum, day) => sum + day, 0) / days.length
  const growth = robustLine(days, left)
  const level = median(left.map((value, i) => value - growth * ((days[i] as number) - middle)))
  const misses = left.map((value, i) => value - level - growth * ((days[i] as number) - middle))
  const spread = days.reduce((sum, day) => sum + (day - middle) ** 2, 0)
  const squares = misses.reduce((sum, miss) => sum + miss ** 2, 0)
  const deviation = Math.max(noise, Math.sqrt(squares / Math.max(1, misses.length - 2)))
  return {
    gaps: stretches.slice(1, -1).map((one) => (ends(one) ? Number.POSITIVE_INFINITY : one.end - one.begin)),
    misses,
    floorAt: (day, slopeError) => level + (growth + slopeError) * (day - middle),
    slopeDeviation: deviation / Math.sqrt(spread),
  }
}

/** Whether a stretch was ended by what is full. */
export type EndedBy = (one: Stretch) => boolean

/** Whether a stretch ended since it was as high as that. */
export const isEndedBy = (y: Float64Array, { begin, end }: Stretch, endsFrom: number): boolean =>
  y.subarray(Math.max(begin, end - daysOfEnd), end).some((peak) => peak >= endsFrom)

function robustLine(days: readonly number[], values: readonly number[]): number {
  const slopes = days.flatMap((a, i) =>
    days.slice(i + 1).map((b, k) => ((values[i + 1 + k] as number) - (values[i] as number)) / (b - a)),
  )
  return median(slopes)
}

const draw = (values: readonly number[], random: Random): number =>
  values[Math.floor(random.next() * values.length)] ?? 0

/** How much gaps that were not seen differ from those that were: half the width of Silverman's kernel, on logarithms. */
function unlikeSeen(gaps: readonly number[]): number {
  const logs = gaps.filter(Number.isFinite).map(Math.log)
  if (logs.length === 0) return 0
  const mean = logs.reduce((sum, value) => sum + value, 0) / logs.length
  const squares = logs.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  const deviation = Math.sqrt(squares / Math.max(1, logs.length - 1))
  return Math.max(leastUnlike / logs.length, 0.5 * deviation * logs.length ** -0.2)
}

/** How one future is cleaned up: its gaps, and how much others differ from these. */
type Habit = { readonly gaps: readonly number[]; readonly width: number }

/**
 * A few gaps do not tell how long the longest is, and a future has many: were all futures alike in that, all or none would see it. So
 * each has gaps of its own (a bootstrap) and a kernel of its own width, mostly narrow, at most twice Silverman's half.
 */
export function drawHabit({ gaps }: CleanUps, random: Random): Habit {
  const width = 2 * unlikeSeen(gaps) * random.next() ** 3
  return { gaps: gaps.map(() => draw(gaps, random)), width }
}

/** Days until the next, when the last was so many days ago. */
export function drawNext({ gaps, width }: Habit, sinceLast: number, random: Random): number {
  for (let tries = 0; tries < mostTries; tries++) {
    const gap = Math.round(draw(gaps, random) * Math.exp(width * normal(random)))
    if (gap >= Math.max(1, sinceLast)) return gap - sinceLast
  }
  // The longer there was none, the longer there will be none.
  return Math.floor(sinceLast * (1 / (1 - random.next()) - 1))
}

export const drawMiss = ({ misses }: CleanUps, random: Random): number => draw(misses, random)
