/** Numbers in ascending order; those that are none are left out. */
export const sorted = (values: Iterable<number>): Float64Array =>
  Float64Array.from([...values].filter((value) => Number.isFinite(value))).sort()

/**
 * The quantile between the two nearest of sorted values.
 * @param share 0 to 1
 * @returns NaN when there are none
 */
export function quantileOf(values: ArrayLike<number>, share: number): number {
  const place = (values.length - 1) * Math.min(1, Math.max(0, share))
  const below = values[Math.floor(place)] ?? Number.NaN
  const above = values[Math.ceil(place)] ?? below
  return below + (above - below) * (place - Math.floor(place))
}

export const median = (values: Iterable<number>): number => quantileOf(sorted(values), 0.5)

/** The `rank`-th smallest, counted from 0, of values that are put about for it (Hoare's selection). */
export function selectInPlace(values: Float64Array, rank: number): number {
  let [low, high] = [0, values.length - 1]
  while (low < high) {
    const pivot = values[(low + high) >> 1] as number
    let [i, j] = [low, high]
    while (i <= j) {
      while ((values[i] as number) < pivot) i++
      while ((values[j] as number) > pivot) j--
      if (i > j) break
      const held = values[i] as number
      values[i++] = values[j] as number
      values[j--] = held
    }
    if (rank <= j) high = j
    else if (rank >= i) low = i
    else break
  }
  return values[rank] as number
}

/** The middle of a few numbers, which are put in order for it (by hand: the language's own sorting takes most of the time). */
export function middleInPlace(few: Float64Array): number {
  for (let i = 1; i < few.length; i++) {
    const value = few[i] as number
    let j = i - 1
    for (; j >= 0 && (few[j] as number) > value; j--) few[j + 1] = few[j] as number
    few[j + 1] = value
  }
  const half = few.length >> 1
  return few.length % 2 === 1
    ? (few[half] as number)
    : ((few[half - 1] as number) + (few[half] as number)) / 2
}
