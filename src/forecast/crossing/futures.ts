import type { Random } from '../../kernel/index.ts'
import { drawBlocks } from './blocks.ts'
import { momentsOf, robustDeviation } from './least-squares.ts'
import { normal } from './line.ts'
import { type LocalTrend, localTrends } from './local-trend.ts'
import type { Trend } from './trend.ts'

/** All that futures are drawn from. */
export type Futures = {
  readonly trend: Trend
  /** Level and growth, by how much the level wanders. */
  readonly locals: readonly { readonly trend: LocalTrend; readonly weight: number }[]
  /** Days of a step of `locals`. */
  readonly block: number
  /** Rows of the days that are to come, of which weekdays and kinds count. */
  readonly ahead: readonly Float64Array[]
  /** Residuals for what is to come, and pulled in for the coefficients. */
  readonly noise: Float64Array
  readonly pulled: Float64Array
}

const week = 7
/** Fewer days have too few weeks; they are taken by three. */
const daysForWeeks = 56
const clipAt = 2.5

/** Means of blocks of days, the last of which ends with the history; without weekdays and kinds. */
function meansOf(
  { fit, design, rows, shifts, effects }: Trend,
  pulled: Float64Array,
  days: number,
  block: number,
) {
  const count = Math.floor(days / block)
  const begin = days - count * block
  const sums = new Float64Array(count)
  const known = new Int32Array(count)
  rows.forEach((day, r) => {
    const i = Math.floor((day - begin) / block)
    if (day < begin) return
    const row = design[r] as Float64Array
    const [first, last] = effects
    let value = pulled[r] as number
    for (let c = 0; c < row.length; c++)
      if (c < first || c >= last) value += (row[c] as number) * (fit.coefficients[c] as number)
    sums[i] = (sums[i] as number) + value
    known[i] = (known[i] as number) + 1
  })
  const means = sums.map((sum, i) => sum / (known[i] as number))
  const jumps = new Set<number>()
  for (const shift of shifts) {
    const i = Math.floor((shift - begin) / block)
    const isInside = (shift - begin) % block !== 0
    if (isInside && i >= 0) means[i] = Number.NaN
    jumps.add(isInside ? i + 1 : i)
  }
  return { means, jumps }
}

export function futuresOf(trend: Trend, days: number, horizonDays: number): Futures {
  const { fit, rowOf } = trend
  const count = fit.residuals.length
  // Coefficients take away some of the noise that they are fitted to.
  const shrunk = Math.sqrt(count / Math.max(1, count - fit.coefficients.length))
  const clip = (misses: Float64Array): Float64Array => {
    const limit = clipAt * robustDeviation(misses)
    return misses.map((miss) => Math.max(-limit, Math.min(limit, miss)))
  }
  const noise = fit.residuals.map((miss) => miss * shrunk)
  const block = days >= daysForWeeks ? week : 3
  const { means, jumps } = meansOf(trend, clip(fit.residuals), days, block)
  return {
    trend,
    locals: localTrends(means, jumps),
    block,
    ahead: Array.from({ length: horizonDays }, (_, day) => rowOf(days + day)),
    noise,
    pulled: clip(noise),
  }
}

/** A draw of Student's distribution over one of the normal: how unsure the scale itself is. */
function unsureScale(degrees: number, random: Random): number {
  let sum = 0
  for (let i = 0; i < degrees; i++) sum += normal(random) ** 2
  return Math.sqrt(degrees / Math.max(sum, degrees / 9))
}

function drawLocal({ locals }: Futures, random: Random): LocalTrend {
  let left = random.next()
  for (const { trend, weight } of locals) {
    left -= weight
    if (left < 0) return trend
  }
  return (locals[0] as { readonly trend: LocalTrend }).trend
}

/** Growth that is assumed: by what share of the level a day, and whether the model thinks in logarithms. */
export type AssumedGrowth = { readonly perDay: number; readonly isLog: boolean }

const ofBlock = ({ perDay, isLog }: AssumedGrowth, level: number, block: number): number =>
  block * (isLog ? Math.log1p(perDay) : perDay * Math.abs(level))

/**
 * One future: what each day ahead comes to, on the model's scale; drawn day by day, as far as somebody asks.
 * @param growth instead of the one that was found
 */
export function* daysOf(futures: Futures, random: Random, growth?: AssumedGrowth): Generator<number, void> {
  const { trend, ahead, block, noise, pulled } = futures
  const { fit, design, effects, kindsFrom } = trend
  const drawn = new Float64Array(noise.length)
  drawBlocks(pulled, week, random, drawn)
  const change = fit.solve(momentsOf(design, drawn))
  const misses = new Float64Array(ahead.length)
  drawBlocks(noise, week, random, misses)
  const local = drawLocal(futures, random)
  const [pl, ps, pb] = local.spread
  const deviation = Math.sqrt(local.scale) * unsureScale(local.degrees, random)
  const [one, other] = [normal(random), normal(random)]
  const root = Math.sqrt(Math.max(0, ps))
  const drawnSlope = local.slope + deviation * root * one
  const levelRest = Math.sqrt(Math.max(0, pl - (root > 0 ? pb ** 2 / ps : 0)))
  let level = local.level + deviation * ((root > 0 ? (pb / root) * one : 0) + levelRest * other)
  const slope = growth ? ofBlock(growth, level, block) : drawnSlope
  // The mean of the last block stands for its middle.
  const lead = (block + 1) / 2
  const [first, last] = effects
  for (let day = 0; day < ahead.length; day++) {
    if (day % block === 0 && local.wander > 0) level += deviation * Math.sqrt(local.wander) * normal(random)
    const row = ahead[day] as Float64Array
    let value = level + (slope * (lead + day)) / block + (misses[day] as number)
    for (let c = first; c < last; c++) {
      // Weekdays are known from many weeks, and a line is met by the highest of them: noise added to each would raise that.
      const drawnChange = c < kindsFrom ? 0 : (change[c] as number)
      value += (row[c] as number) * ((fit.coefficients[c] as number) + drawnChange)
    }
    yield value
  }
}
