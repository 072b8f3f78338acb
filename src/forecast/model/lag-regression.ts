import type { LagProducts } from './lag-products.ts'
import { selectInPlace } from './order.ts'
import { solveInPlace } from './solve.ts'

/** Misses beyond so many robust deviations count less. */
const huberLimit = 2.5
const reweightings = 2
/** Keeps lags that nearly say the same from being told apart by noise. */
const ridge = 1e-8
/** Median absolute deviation to standard deviation, of a normal distribution. */
const madToDeviation = 1.4826

/** Sums of x xᵀ, of which the lower half is filled, and of x · y; x is the lagged values, then 1. */
type Sums = { readonly xx: Float64Array; readonly xy: Float64Array }

function sumsOf({ products, sum, y }: LagProducts, lags: readonly number[], from: number): Sums {
  const width = lags.length + 1
  const xx = new Float64Array(width * width)
  const xy = new Float64Array(width)
  lags.forEach((lag, i) => {
    xy[i] = products(0, lag, from)
    for (let j = 0; j <= i; j++) xx[i * width + j] = products(lags[j] as number, lag, from)
    xx[lags.length * width + i] = sum(lag, from)
  })
  xy[lags.length] = sum(0, from)
  xx[width * width - 1] = y.length - from
  return { xx, xy }
}

/** Adds a row again with `weight`, which is negative for a row that counts less. */
function addRow({ xx, xy }: Sums, y: Float64Array, lags: readonly number[], t: number, weight: number): void {
  const width = lags.length + 1
  for (let i = 0; i < width; i++) {
    const v = weight * (i < lags.length ? (y[t - (lags[i] as number)] as number) : 1)
    xy[i] = (xy[i] as number) + v * (y[t] as number)
    for (let j = 0; j < i; j++)
      xx[i * width + j] = (xx[i * width + j] as number) + v * (y[t - (lags[j] as number)] as number)
    const own = i < lags.length ? (y[t - (lags[i] as number)] as number) : 1
    xx[i * width + i] = (xx[i * width + i] as number) + v * own
  }
}

function solve({ xx, xy }: Sums): Float64Array | undefined {
  const width = xy.length
  const [a, b] = [xx.slice(), xy.slice()]
  let trace = 0
  for (let i = 0; i < width; i++) trace += a[i * width + i] as number
  for (let i = 0; i < width; i++) a[i * width + i] = (a[i * width + i] as number) + (ridge * trace) / width
  return solveInPlace(a, b, width) && b.every(Number.isFinite) ? b : undefined
}

/** What is missed of y[t] for t from `from`; NaN where no row is. */
function missesOf(y: Float64Array, lags: readonly number[], from: number, found: Float64Array): Float64Array {
  const misses = y.slice(from).map((value) => value - (found[lags.length] as number))
  lags.forEach((lag, j) => {
    const weight = found[j] as number
    for (let i = 0; i < misses.length; i++)
      misses[i] = (misses[i] as number) - weight * (y[from + i - lag] as number)
  })
  return misses
}

const isLost = 0

/** How far off, of the rows there are. */
function sizesOf(misses: Float64Array, isRow: Uint8Array | undefined): Float64Array {
  const sizes = new Float64Array(misses.length)
  let count = 0
  for (let i = 0; i < misses.length; i++)
    if (isRow?.[i] !== isLost) sizes[count++] = Math.abs(misses[i] as number)
  return sizes.subarray(0, count)
}

/**
 * Least squares of a series on its own past with Huber's weights (k = 2.5, scale by median absolute deviation; two
 * reweightings). The sums over all rows come cheaply; a reweighting takes away the part of the few rows that count less.
 * @param lags in steps, ascending
 * @param isRow for each time from the longest lag on: 0 where no row is
 * @returns a weight for each lag, then the intercept; undefined when the rows do not determine them
 */
export function lagRegression(
  of: LagProducts,
  lags: readonly number[],
  isRow?: Uint8Array,
): Float64Array | undefined {
  const { y } = of
  const from = lags.at(-1) ?? 0
  const sums = sumsOf(of, lags, from)
  isRow?.forEach((is, i) => {
    if (is === isLost) addRow(sums, y, lags, from + i, -1)
  })
  let found = solve(sums)
  for (let round = 0; round < reweightings && found; round++) {
    const misses = missesOf(y, lags, from, found)
    const sizes = sizesOf(misses, isRow)
    const limit = huberLimit * madToDeviation * selectInPlace(sizes, sizes.length >> 1)
    if (!(limit > 0)) break
    const weighted = { xx: sums.xx.slice(), xy: sums.xy.slice() }
    for (let i = 0; i < misses.length; i++) {
      const away = Math.abs(misses[i] as number)
      if (away > limit && isRow?.[i] !== isLost) addRow(weighted, y, lags, from + i, limit / away - 1)
    }
    found = solve(weighted)
  }
  return found
}
