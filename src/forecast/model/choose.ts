import { conformal, type Rolled, roll } from '../bands/conformal.ts'
import type { Outlook } from '../outlook.ts'
import { isSeasonal, type Seasons } from '../seasons.ts'
import { type Ensemble, fitEnsemble, predictor, reach, shapesFor } from './ensemble.ts'
import { theta } from './theta.ts'

export type Modelled = {
  /** On the model's scale, gaps filled. */
  readonly y: Float64Array
  /** 0 where a value is made up. */
  readonly isSeen: Uint8Array
  readonly seasons: Seasons
  /** In steps. */
  readonly horizon: number
  readonly range: readonly [number, number]
}

/** Bands are made of errors at so many origins at least. */
const leastOrigins = 12
/** No further ahead are errors rolled: two weeks of hours. */
const mostRolled = 336

/** A line that goes on from the mean of the last season. */
function isBeatenByFlat(y: Float64Array, { ends, errors }: Rolled, season: number): boolean {
  let [ours, flats] = [0, 0]
  errors.forEach((row, i) => {
    const end = ends[i] as number
    const flat =
      y.subarray(Math.max(0, end - season), end).reduce((sum, value) => sum + value, 0) /
      Math.min(end, season)
    row.forEach((error, h) => {
      ours += Math.abs(error)
      flats += Math.abs((y[end + h] as number) - flat)
    })
  })
  return ours > flats
}

/** How far ahead errors are rolled: as far as leaves enough origins. */
const rolledAhead = (n: number, back: number, horizon: number): number =>
  Math.max(1, Math.min(horizon, mostRolled, Math.floor((n - back) / 2)))

function fromEnsemble(ensemble: Ensemble, { y, horizon }: Modelled, season: number): Outlook | undefined {
  const back = reach(ensemble)
  const ahead = rolledAhead(y.length, back, horizon)
  const rolled = roll(predictor(ensemble, ahead), y, back, ahead)
  if (rolled.ends.length < leastOrigins || isBeatenByFlat(y, rolled, season)) return undefined
  const centre = new Float64Array(horizon)
  predictor(ensemble, horizon)(y, y.length, centre)
  return {
    method: 'seasonal-autoregression',
    why: `median of ${ensemble.members.length} sparse autoregressions of ${y.length} steps`,
    centre,
    halfWidth: conformal(rolled, y.length, season),
  }
}

function simple({ y, seasons, horizon }: Modelled): Outlook {
  const { short } = seasons
  const season = short !== undefined && isSeasonal(y, short) ? short : 1
  const isLong = short !== undefined && y.length >= 3 * (seasons.long ?? short)
  const isFlat = isLong && season === 1
  const { centre, halfWidth } = theta(y, season, horizon, !isFlat)
  return isFlat
    ? { method: 'flat', why: `nothing repeats within ${y.length} steps`, centre, halfWidth }
    : {
        method: 'theta',
        why: `${y.length} steps are too few for more than a damped trend`,
        centre,
        halfWidth,
      }
}

/** The best that can be said of a series, with the reason. */
export function chooseOutlook(of: Modelled): Outlook {
  const { y, isSeen, seasons, horizon, range } = of
  if (y.every((value) => value === y[0]))
    return {
      method: 'constant',
      why: `was the same for ${y.length} steps; nothing says how it would change`,
      centre: new Float64Array(horizon).fill(y[0] as number),
      halfWidth: () => 0,
    }
  const { short, long } = seasons
  if (short === undefined) return simple(of)
  const ensemble = fitEnsemble(y, shapesFor(short, long), range, isSeen)
  return (ensemble && fromEnsemble(ensemble, of, short)) ?? simple(of)
}
