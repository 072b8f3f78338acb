import type { Random } from '../../kernel/index.ts'
import { median } from '../model/order.ts'
import type { Stretch } from './drops.ts'

/** Clean-ups as they have been: how far apart, and down to what. */
export type CleanUps = {
  /** Days between one and the next. */
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
const daysForFloor = 3

/**
 * @param y daily peaks
 * @returns undefined when there were fewer than two
 */
export function cleanUpsOf(y: Float64Array, stretches: readonly Stretch[]): CleanUps | undefined {
  const after = stretches.slice(1)
  if (after.length < leastCleanUps) return undefined
  const days = after.map(({ begin }) => begin)
  const left = days.map((day) => y[day] as number)
  const middle = days.reduce((sum, day) => sum + day, 0) / days.length
  const growth = left.length >= daysForFloor ? robustLine(days, left) : 0
  const level = median(left.map((value, i) => value - growth * ((days[i] as number) - middle)))
  const misses = left.map((value, i) => value - level - growth * ((days[i] as number) - middle))
  const spread = days.reduce((sum, day) => sum + (day - middle) ** 2, 0)
  const squares = misses.reduce((sum, miss) => sum + miss ** 2, 0)
  const deviation = Math.sqrt(squares / Math.max(1, misses.length - 2))
  return {
    gaps: days.slice(1).map((day, i) => day - (days[i] as number)),
    misses,
    floorAt: (day, slopeError) => level + (growth + slopeError) * (day - middle),
    slopeDeviation: growth === 0 ? 0 : deviation / Math.sqrt(spread),
  }
}

function robustLine(days: readonly number[], values: readonly number[]): number {
  const slopes = days.flatMap((a, i) =>
    days.slice(i + 1).map((b, k) => ((values[i + 1 + k] as number) - (values[i] as number)) / (b - a)),
  )
  return median(slopes)
}

const draw = (values: readonly number[], random: Random): number =>
  values[Math.floor(random.next() * values.length)] ?? 0

export const drawGap = ({ gaps }: CleanUps, random: Random): number => draw(gaps, random)
export const drawMiss = ({ misses }: CleanUps, random: Random): number => draw(misses, random)
