/** Gaps of so few steps are bridged by a straight line; longer ones have a season's shape. */
const straight = 3
/** How many seasons away one looks for what a gap held. */
const seasonsAway = 4

/** The mean of the nearest known values of the same time of the season, before and after. */
function sameTime(y: Float64Array, t: number, season: number): number | undefined {
  const found: number[] = []
  for (const side of [-1, 1])
    for (let k = 1; k <= seasonsAway; k++) {
      const value = y[t + side * k * season]
      if (value === undefined || Number.isNaN(value)) continue
      found.push(value)
      break
    }
  return found.length > 0 ? found.reduce((sum, value) => sum + value, 0) / found.length : undefined
}

function lineOver(y: Float64Array, before: number, after: number, t: number): number {
  const [a, b] = [y[before], y[after]]
  if (a === undefined || Number.isNaN(a)) return b ?? 0
  if (b === undefined || Number.isNaN(b)) return a
  return a + ((b - a) * (t - before)) / (after - before)
}

/**
 * Values for what is not known (NaN): from the same time of the nearest seasons, or on a straight line between its neighbours.
 * They stand where a model has to look back over a gap; no model learns from them.
 * @param season in steps; 0 when there is none
 */
export function fillGaps(y: Float64Array, season: number): Float64Array {
  const filled = y.slice()
  for (let begin = 0; begin < y.length; begin++) {
    if (!Number.isNaN(y[begin])) continue
    let end = begin
    while (end < y.length && Number.isNaN(y[end])) end++
    const isShort = end - begin <= straight && begin > 0 && end < y.length
    for (let t = begin; t < end; t++) {
      const seasonal = season > 0 && !isShort ? sameTime(y, t, season) : undefined
      filled[t] = seasonal ?? lineOver(y, begin - 1, end, t)
    }
    begin = end
  }
  return filled
}
