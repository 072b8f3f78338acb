/** Where a series divides best: the first value of the new level, and how different the sides are. */
export type Division = { readonly at: number; readonly divergence: number }

/** Sums of |x − y| over all pairs of the first n values, for every n. */
function distancesWithin(values: Float64Array): Float64Array {
  const sums = new Float64Array(values.length + 1)
  for (let j = 0; j < values.length; j++) {
    let sum = sums[j] ?? 0
    for (let i = 0; i < j; i++) sum += Math.abs((values[i] ?? 0) - (values[j] ?? 0))
    sums[j + 1] = sum
  }
  return sums
}

const pairs = (n: number): number => (n * (n - 1)) / 2

/**
 * The best division by the energy statistic with α = 1 (Matteson & James, J. Am. Stat. Assoc. 109, 2014, eq. 5
 * to 7): values before `at` against those from it to any later end, so that a level that was left and returned
 * to is found too. With running sums of distances all O(n²) pairs of ends take O(n²).
 * @param least values on each side, two or more
 */
export function bestDivision(values: Float64Array, least: number): Division | undefined {
  const n = values.length
  const within = distancesWithin(values)
  const toLeft = new Float64Array(n)
  let best: Division | undefined
  for (let at = 1; at <= n - least; at++) {
    const added = values[at - 1] ?? 0
    for (let j = at; j < n; j++) toLeft[j] = (toLeft[j] ?? 0) + Math.abs(added - (values[j] ?? 0))
    if (at >= least) best = bestEnd(within, toLeft, at, least, best)
  }
  return best
}

/** The best of `best` and the divisions at `at`; `toLeft` holds each value's summed distance to those before `at`. */
function bestEnd(
  within: Float64Array,
  toLeft: Float64Array,
  at: number,
  least: number,
  best: Division | undefined,
): Division | undefined {
  const left = within[at] ?? 0
  let between = 0
  let found = best
  for (let end = at + 1; end < within.length; end++) {
    between += toLeft[end - 1] ?? 0
    const size = end - at
    if (size < least) continue
    const right = (within[end] ?? 0) - left - between
    const distance = (2 * between) / (at * size) - left / pairs(at) - right / pairs(size)
    const divergence = (distance * at * size) / (at + size)
    if (divergence > (found?.divergence ?? Number.NEGATIVE_INFINITY)) found = { at, divergence }
  }
  return found
}
