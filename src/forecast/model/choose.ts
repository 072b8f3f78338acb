import { aheadOf, conformal, errorsOverMean, type Rolled, roll } from '../bands/conformal.ts'
import { missesMore } from '../bands/misses-more.ts'
import { usualRange } from '../bands/usual-range.ts'
import type { Outlook } from '../outlook.ts'
import type { Scale } from '../scale.ts'
import { isSeasonal, type Seasons } from '../seasons.ts'
import { type Ensemble, fitEnsemble, predictor, reach } from './ensemble.ts'
import { theta } from './theta.ts'

export type Modelled = {
  /** On the model's scale, gaps filled. */
  readonly y: Float64Array
  /** 0 where a value is made up. */
  readonly isSeen: Uint8Array
  readonly seasons: Seasons
  /** In steps. */
  readonly horizon: number
  readonly scale: Scale
}

/** Bands are made of errors at so many origins at least. */
const leastOrigins = 12
/** No further ahead are errors rolled: two weeks of hours. */
const mostRolled = 336

/** Σ y over what was before each time. */
function runningSums(y: Float64Array): Float64Array {
  const sums = new Float64Array(y.length + 1)
  for (let t = 0; t < y.length; t++) sums[t + 1] = (sums[t] as number) + (y[t] as number)
  return sums
}

/** Whether a line that goes on from the mean of the last season would have done better. */
function isBeatenByFlat(y: Float64Array, { ends, errors }: Rolled, season: number): boolean {
  const sums = runningSums(y)
  let [ours, flats] = [0, 0]
  for (let i = 0; i < errors.length; i++) {
    const [row, end] = [errors[i] as Float64Array, ends[i] as number]
    const begin = Math.max(0, end - season)
    const flat = ((sums[end] as number) - (sums[begin] as number)) / (end - begin)
    for (let h = 0; h < row.length; h++) {
      ours += Math.abs(row[h] as number)
      flats += Math.abs((y[end + h] as number) - flat)
    }
  }
  return ours > flats
}

/** How far ahead errors are rolled: as far as leaves enough origins. */
const rolledAhead = (n: number, back: number, horizon: number): number =>
  Math.max(1, Math.min(horizon, mostRolled, Math.floor((n - back) / 2)))

/**
 * How wide bands are. Where the scale is of logarithms, errors are as even in the units of the history as in logarithms: the mean of what
 * both say, as a share of the middle, so that widths change with it on special days.
 */
function widthsOf(
  rolled: Rolled,
  centre: Float64Array,
  { y, scale }: Modelled,
  season: number,
): Outlook['halfWidth'] {
  const onScale = conformal(rolled, y.length, season)
  if (!scale.isLog) return onScale
  const mean = y.reduce((sum, value) => sum + value, 0) / y.length
  const overMean = conformal(errorsOverMean(rolled, y, mean), y.length, season)
  return (level, step) => {
    const inUnits = overMean(level, step) / Math.exp((centre[step] as number) - mean)
    return (inUnits + onScale(level, step)) / 2
  }
}

/** Further ahead than so many seasons it is found out how much more is missed of what a model has not seen. */
const nearSeasons = 2
/** The models that say so are fitted to so much of the history. */
const fittedShare = 0.6

/** How much wider bands are because the models have seen the past that they were tried on. */
function widened(rolled: Rolled, { y, isSeen, seasons, scale, horizon }: Modelled): (step: number) => number {
  const { short, long } = seasons
  const split = Math.floor(fittedShare * y.length)
  const asBefore = () => 1
  if (short === undefined || horizon <= nearSeasons * short) return asBefore
  const early = fitEnsemble(y.slice(0, split), [short, long], scale.range, isSeen.slice(0, split))
  return early ? missesMore(predictor(early, aheadOf(rolled)), y, split, rolled) : asBefore
}

function fromEnsemble(ensemble: Ensemble, of: Modelled, season: number): Outlook | undefined {
  const { y, horizon, scale } = of
  const back = reach(ensemble)
  const ahead = rolledAhead(y.length, back, horizon)
  const rolled = roll(predictor(ensemble, ahead), y, back, ahead)
  if (rolled.ends.length < leastOrigins || isBeatenByFlat(y, rolled, season)) return undefined
  const centre = new Float64Array(horizon)
  predictor(ensemble, horizon)(y, y.length, centre)
  const halfWidth = widthsOf(rolled, centre, of, season)
  const wider = widened(rolled, of)
  return {
    method: 'seasonal-autoregression',
    why: `median of ${ensemble.members.length} sparse autoregressions of ${y.length} steps`,
    centre,
    halfWidth: (level, step) => halfWidth(level, step) * wider(step),
    edgesAre: 'even-in-units',
    usual: usualRange(y, season, scale),
  }
}

function simple({ y, seasons, horizon }: Modelled): Outlook {
  const { short } = seasons
  const season = short !== undefined && isSeasonal(y, short) ? short : 1
  const isLong = short !== undefined && y.length >= 3 * (seasons.long ?? short)
  const isFlat = isLong && season === 1
  const { centre, halfWidth } = theta(y, season, horizon, !isFlat)
  return isFlat
    ? {
        method: 'flat',
        why: `nothing repeats within ${y.length} steps`,
        centre,
        halfWidth,
        edgesAre: 'even-on-scale',
      }
    : {
        method: 'theta',
        why: `${y.length} steps are too few for more than a damped trend`,
        centre,
        halfWidth,
        edgesAre: 'even-on-scale',
      }
}

/** The best that can be said of a series, with the reason. */
export function chooseOutlook(of: Modelled): Outlook {
  const { y, isSeen, seasons, horizon, scale } = of
  if (y.every((value) => value === y[0]))
    return {
      method: 'constant',
      why: `was the same for ${y.length} steps; nothing says how it would change`,
      centre: new Float64Array(horizon).fill(y[0] as number),
      halfWidth: () => 0,
      edgesAre: 'even-on-scale',
    }
  const { short, long } = seasons
  if (short === undefined) return simple(of)
  const ensemble = fitEnsemble(y, [short, long], scale.range, isSeen)
  return (ensemble && fromEnsemble(ensemble, of, short)) ?? simple(of)
}
