import { middleInPlace, selectInPlace } from '../model/order.ts'
import type { Seasons } from '../seasons.ts'

/** So many robust deviations away from what is usual at a time of the season, nothing is learned. */
const limit = 10
/** Median absolute deviation to standard deviation, of a normal distribution. */
const madToDeviation = 1.4826
/** Where more than that is unlike the rest, it is how the series is. */
const mostLeftOut = 0.1

/** How far each value is from the middle of all at the same time of the season. */
function distances(y: Float64Array, season: number): Float64Array {
  const away = new Float64Array(y.length)
  const same = new Float64Array(Math.ceil(y.length / season))
  for (let phase = 0; phase < season; phase++) {
    let count = 0
    for (let t = phase; t < y.length; t += season) same[count++] = y[t] as number
    const usual = middleInPlace(same.subarray(0, count))
    for (let t = phase; t < y.length; t += season) away[t] = Math.abs((y[t] as number) - usual)
  }
  return away
}

/** Whether most of each of the last two short seasons is left out: what stays is a new level, and to be learned. */
function isLasting(learns: Uint8Array, short: number): boolean {
  const leftOut = (from: number) =>
    learns.subarray(from, from + short).reduce((count, learned) => count + (learned ? 0 : 1), 0)
  return [1, 2].every((k) => leftOut(learns.length - k * short) > short / 2)
}

/**
 * Of what coefficients are learned: not of hours that are unlike all others, such as a day of an outage. Within them each hour follows from the
 * one before; a few of them would outweigh all the rest, and forecasts would swing.
 * @param y without gaps
 * @param isSeen 0 where a value is made up
 * @returns 0 where nothing is learned
 */
export function learnable(y: Float64Array, isSeen: Uint8Array, { short, long }: Seasons): Uint8Array {
  const season = long ?? short
  if (season === undefined || short === undefined) return isSeen
  const away = distances(y, season)
  const furthest = limit * madToDeviation * selectInPlace(away.slice(), away.length >> 1)
  const learns = isSeen.map((is, t) => ((away[t] as number) > furthest ? 0 : is))
  const [seen, left] = [isSeen, learns].map((all) => all.reduce((sum, is) => sum + is, 0)) as [number, number]
  const isHowItIs = left < (1 - mostLeftOut) * seen || isLasting(learns, short)
  return left === seen || isHowItIs ? isSeen : learns
}
