import { selectInPlace } from '../model/order.ts'
import type { Level } from '../outlook.ts'

/** Errors of a model that was rolled over the past: a row of `horizon` numbers for each origin. */
export type Rolled = {
  /** The first time after each origin, in steps from the begin of the series. */
  readonly ends: readonly number[]
  readonly errors: readonly Float64Array[]
}

/** Origins stand so far apart, or nearer where that leaves few; no season is a multiple of either. */
const stride = 11
const shortStride = 5
const few = 24
const mostOrigins = 200
/** The coefficients have seen the errors' past: what comes is so much further off, rare misses most (chosen on origins inside of M4's data). */
export const optimism: Readonly<Record<Level, number>> = { 50: 1.1, 80: 1.12, 95: 1.3 }
/** How much the time of the day is pulled to the mean of all, as a share of what is known of it. */
const pull = 0.15
/** What is usual at a step is said by so many steps before and after it as well. */
const neighbours = 2

/** How many steps ahead. */
export const aheadOf = ({ errors }: Rolled): number => errors[0]?.length ?? 0

export type Predict = (y: Float64Array, end: number, into: Float64Array) => void

/**
 * Rolls a fitted model over past origins.
 * @param y without gaps
 * @param reach how far back the model looks
 */
export function roll(predict: Predict, y: Float64Array, reach: number, horizon: number): Rolled {
  const ends: number[] = []
  const errors: Float64Array[] = []
  const last = y.length - horizon
  const apart = last - reach >= few * stride ? stride : shortStride
  for (let end = last; end >= reach && ends.length < mostOrigins; end -= apart) {
    const said = new Float64Array(horizon)
    predict(y, end, said)
    for (let h = 0; h < horizon; h++) said[h] = (y[end + h] as number) - (said[h] as number)
    ends.push(end)
    errors.push(said)
  }
  return { ends, errors }
}

/**
 * The same errors, of logarithms, in the units of the history over its (geometric) mean, so that no unit is too small or too large to be squared.
 * @param mean of `y`, which is of logarithms
 */
export function errorsOverMean({ ends, errors }: Rolled, y: Float64Array, mean: number): Rolled {
  const overMean = y.map((value) => Math.exp(value - mean))
  const changed = errors.map((row, i) => {
    const end = ends[i] as number
    const own = new Float64Array(row.length)
    for (let h = 0; h < row.length; h++) {
      const said = Math.exp((y[end + h] as number) - (row[h] as number) - mean)
      own[h] = (overMean[end + h] as number) - said
    }
    return own
  })
  return { ends, errors: changed }
}

/** Spreads are so much of the largest error at least: what is divided by them can be squared. */
const leastSpread = 1e-100

function largestOf({ errors }: Rolled): number {
  let most = 0
  for (const row of errors) for (const error of row) most = Math.max(most, Math.abs(error))
  return most
}

/** Root mean square of what was missed at each step and at its neighbours. */
function spreadByStep(rolled: Rolled, horizon: number): Float64Array {
  const { errors } = rolled
  // Of very small numbers squares are zero.
  const unit = largestOf(rolled) || 1
  // Sums over the steps before each, so that those over neighbours are differences.
  const before = new Float64Array(horizon + 1)
  for (const row of errors)
    for (let h = 0; h < horizon; h++)
      before[h + 1] = (before[h + 1] as number) + ((row[h] as number) / unit) ** 2
  for (let h = 0; h < horizon; h++) before[h + 1] = (before[h + 1] as number) + (before[h] as number)
  const spread = new Float64Array(horizon)
  for (let h = 0; h < horizon; h++) {
    const [first, last] = [Math.max(0, h - neighbours), Math.min(horizon, h + neighbours + 1)]
    const squares = (before[last] as number) - (before[first] as number)
    const share = Math.sqrt(squares / (last - first) / errors.length)
    spread[h] = Math.max(unit * Math.max(share || 0, leastSpread), Number.MIN_VALUE)
  }
  return spread
}

/** How much more than usual a model errs at each time of the season: 1 on average. */
function spreadByPhase({ ends, errors }: Rolled, spread: Float64Array, season: number): Float64Array {
  const sums = new Float64Array(season)
  const counts = new Float64Array(season)
  for (let i = 0; i < errors.length; i++) {
    const row = errors[i] as Float64Array
    let phase = (ends[i] as number) % season
    for (let h = 0; h < row.length; h++) {
      const score = (row[h] as number) / (spread[h] as number)
      sums[phase] = (sums[phase] as number) + score * score
      counts[phase] = (counts[phase] as number) + 1
      if (++phase === season) phase = 0
    }
  }
  const held = (pull * errors.length * spread.length) / season
  return sums.map((sum, phase) => Math.sqrt((sum + held) / ((counts[phase] as number) + held)))
}

/** How far off each error is, measured by what is usual so many steps ahead and at that time of the season. */
function scoresOf({ ends, errors }: Rolled, spread: Float64Array, phases: Float64Array): Float64Array {
  const scores = new Float64Array(errors.length * spread.length)
  let place = 0
  for (let i = 0; i < errors.length; i++) {
    const row = errors[i] as Float64Array
    let phase = (ends[i] as number) % phases.length
    for (let h = 0; h < row.length; h++) {
      scores[place++] = Math.abs(row[h] as number) / ((spread[h] as number) * (phases[phase] as number))
      if (++phase === phases.length) phase = 0
    }
  }
  return scores
}

/** The score that so many percent of `n + 1` lie below; puts them about. */
function conformalQuantile(scores: Float64Array, level: Level): number {
  const rank = Math.ceil(((scores.length + 1) * level) / 100) - 1
  return selectInPlace(scores, Math.min(scores.length - 1, rank))
}

/**
 * Bands from what a model missed in the past: normalised conformal scores. The size of a miss is measured by what is usual so many steps
 * ahead and at that time of the season; the quantile of all such scores is the width of the band. Beyond the steps that were rolled,
 * widths grow with the root of time.
 * @param end the first time to be forecast, in steps from the begin of the series
 * @param season in steps; 1 when there is none
 * @returns from the middle to the edge, at a step counted from 0
 */
export function conformal(
  rolled: Rolled,
  end: number,
  season: number,
): (level: Level, step: number) => number {
  const horizon = aheadOf(rolled)
  const spread = spreadByStep(rolled, horizon)
  const phases = spreadByPhase(rolled, spread, season)
  const usual = (step: number): number => {
    const h = Math.min(step, horizon - 1)
    return (spread[h] as number) * Math.sqrt((step + 1) / (h + 1))
  }
  const scores = scoresOf(rolled, spread, phases)
  const widths = {
    50: conformalQuantile(scores, 50),
    80: conformalQuantile(scores, 80),
    95: conformalQuantile(scores, 95),
  }
  return (level, step) =>
    optimism[level] * widths[level] * usual(step) * (phases[(end + step) % season] as number)
}
