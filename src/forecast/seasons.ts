const hourMs = 3_600_000
const dayMs = 24 * hourMs
const weekMs = 7 * dayMs

/** Seasons of a series in steps: the day and the week, where the step divides them and there are three of them. */
export type Seasons = { readonly short?: number; readonly long?: number }

const seasonsNeeded = 3

/**
 * @param stepMs of the series
 * @param steps how many there are
 */
export function seasonsFor(stepMs: number, steps: number): Seasons {
  const [day, week] = [dayMs / stepMs, weekMs / stepMs]
  const isSeason = (season: number) =>
    season > 1 && Number.isInteger(season) && steps >= seasonsNeeded * season
  if (!isSeason(day)) return isSeason(week) ? { short: week } : {}
  return isSeason(week) ? { short: day, long: week } : { short: day }
}

/**
 * Whether the same time of the season before says something: the autocorrelation at the season against its 90 % limit, as the
 * M4 competition's benchmarks test it.
 * @param y without gaps
 */
export function isSeasonal(y: ArrayLike<number>, season: number): boolean {
  const n = y.length
  if (n < seasonsNeeded * season) return false
  const values = Float64Array.from(y)
  const mean = values.reduce((sum, value) => sum + value, 0) / n
  const centred = values.map((value) => value - mean)
  const power = centred.reduce((sum, value) => sum + value * value, 0)
  if (!(power > 0)) return false
  const correlation = (lag: number): number => {
    let sum = 0
    for (let t = lag; t < n; t++) sum += (centred[t] as number) * (centred[t - lag] as number)
    return sum / power
  }
  let variance = 1
  for (let lag = 1; lag < season; lag++) variance += 2 * correlation(lag) ** 2
  return Math.abs(correlation(season)) > 1.645 * Math.sqrt(variance / n)
}
