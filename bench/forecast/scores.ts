/** The M4 competition's measures (Makridakis, Spiliotis & Assimakopoulos, International Journal of Forecasting 36(1), 2020). */

type Numbers = ArrayLike<number>

const meanOver = (n: number, of: (i: number) => number): number => {
  let sum = 0
  for (let i = 0; i < n; i++) sum += of(i)
  return sum / n
}
const at = (values: Numbers, i: number): number => values[i] as number

/** Symmetric mean absolute percentage error, 0 to 200. */
export const smape = (said: Numbers, came: Numbers): number =>
  meanOver(came.length, (i) => {
    const size = Math.abs(at(said, i)) + Math.abs(at(came, i))
    return size === 0 ? 0 : (200 * Math.abs(at(said, i) - at(came, i))) / size
  })

/** What seasonal naive misses by on average within the history: the unit of MASE and MSIS. */
export const naiveMiss = (history: Numbers, season: number): number =>
  meanOver(history.length - season, (t) => Math.abs(at(history, t + season) - at(history, t)))

export const absoluteError = (said: Numbers, came: Numbers): number =>
  meanOver(came.length, (i) => Math.abs(at(said, i) - at(came, i)))

/** Mean interval score at 95 %, not yet scaled (Gneiting & Raftery 2007). */
export const intervalScore = (lower: Numbers, upper: Numbers, came: Numbers): number =>
  meanOver(came.length, (i) => {
    const below = Math.max(0, at(lower, i) - at(came, i))
    const above = Math.max(0, at(came, i) - at(upper, i))
    return at(upper, i) - at(lower, i) + (2 / 0.05) * (below + above)
  })

/** The share of what came that lay within. */
export const coverage = (lower: Numbers, upper: Numbers, came: Numbers): number =>
  meanOver(came.length, (i) => (at(came, i) >= at(lower, i) && at(came, i) <= at(upper, i) ? 1 : 0))
