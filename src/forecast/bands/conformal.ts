import { selectInPlace } from '../model/order.ts'
import type { Level } from '../outlook.ts'

/** Errors of a model that was rolled over the past: a row of `horizon` numbers for each origin. */
export type Rolled = {
  /** The first time after each origin, in steps from the begin of the series. */
  readonly ends: readonly number[]
  readonly errors: readonly Float64Array[]
}

/** Origins stand so far apart; no season is a multiple of it. */
const stride = 5
const mostOrigins = 200
/** The coefficients have seen the errors' past: what comes is so much further off (chosen on origins inside of M4's data). */
const optimism = 1.25
/** How much the time of the day is pulled to the mean of all, as a share of what is known of it. */
const pull = 0.15

export type Predict = (y: Float64Array, end: number, into: Float64Array) => void

/**
 * Rolls a fitted model over past origins.
 * @param y without gaps
 * @param reach how far back the model looks
 */
export function roll(predict: Predict, y: Float64Array, reach: number, horizon: number): Rolled {
  const ends: number[] = []
  const errors: Float64Array[] = []
  for (let end = y.length - horizon; end >= reach && ends.length < mostOrigins; end -= stride) {
    const said = new Float64Array(horizon)
    predict(y, end, said)
    for (let h = 0; h < horizon; h++) said[h] = (y[end + h] as number) - (said[h] as number)
    ends.push(end)
    errors.push(said)
  }
  return { ends, errors }
}

function spreadByStep({ errors }: Rolled, horizon: number): Float64Array {
  const spread = new Float64Array(horizon)
  for (const row of errors)
    for (let h = 0; h < horizon; h++) spread[h] = (spread[h] as number) + (row[h] as number) ** 2
  return spread.map((sum) => Math.sqrt(sum / errors.length) || Number.MIN_VALUE)
}

/** How much more than usual a model errs at each time of the season: 1 on average. */
function spreadByPhase({ ends, errors }: Rolled, spread: Float64Array, season: number): Float64Array {
  const sums = new Float64Array(season)
  const counts = new Float64Array(season)
  errors.forEach((row, i) => {
    row.forEach((error, h) => {
      const phase = ((ends[i] as number) + h) % season
      sums[phase] = (sums[phase] as number) + (error / (spread[h] as number)) ** 2
      counts[phase] = (counts[phase] as number) + 1
    })
  })
  const held = (pull * errors.length * spread.length) / season
  return sums.map((sum, phase) => Math.sqrt((sum + held) / ((counts[phase] as number) + held)))
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
  const horizon = rolled.errors[0]?.length ?? 0
  const spread = spreadByStep(rolled, horizon)
  const phases = spreadByPhase(rolled, spread, season)
  const usual = (step: number): number => {
    const h = Math.min(step, horizon - 1)
    return (spread[h] as number) * Math.sqrt((step + 1) / (h + 1))
  }
  const scores = new Float64Array(rolled.errors.length * horizon)
  let place = 0
  rolled.errors.forEach((row, i) => {
    for (let h = 0; h < horizon; h++) {
      const phase = phases[((rolled.ends[i] as number) + h) % season] as number
      scores[place++] = Math.abs(row[h] as number) / ((spread[h] as number) * phase)
    }
  })
  const widths = {
    50: conformalQuantile(scores, 50),
    80: conformalQuantile(scores, 80),
    95: conformalQuantile(scores, 95),
  }
  return (level, step) => optimism * widths[level] * usual(step) * (phases[(end + step) % season] as number)
}
