import { type LagProducts, lagProductsOf } from './lag-products.ts'
import { lagRegression } from './lag-regression.ts'

/** y[t] ≈ `intercept` + Σ `weights[j]` · y[t − `lags[j]`]; lags in steps, ascending. */
export type Autoregression = {
  readonly lags: Int32Array
  readonly weights: Float64Array
  readonly intercept: number
}

/** Which values of the past one looks at, and of what: of the series itself, or of its change over `difference` steps. */
export type Shape = {
  /** In steps, ascending. */
  readonly lags: readonly number[]
  readonly difference?: number
}

/** A series to fit again and again. */
export type Fittable = {
  readonly mean: number
  readonly centred: LagProducts
  /** 0 where a value is made up: no row is made of it. */
  readonly isSeen: Uint8Array | undefined
}

/** With fewer rows for each coefficient the fit is of noise. */
const leastRowsEach = 4

export function fittable(y: Float64Array, isSeen?: Uint8Array): Fittable {
  const mean = y.reduce((sum, value) => sum + value, 0) / y.length
  return { mean, centred: lagProductsOf(y.map((value) => value - mean)), isSeen }
}

/** Of each time from the longest lag on, whether the value and all that explains it were seen. */
function rowsOf(n: number, lags: readonly number[], isSeen: Uint8Array): Uint8Array {
  const from = lags.at(-1) ?? 0
  return Uint8Array.from({ length: Math.max(0, n - from) }, (_, i) =>
    isSeen[from + i] && lags.every((lag) => isSeen[from + i - lag]) ? 1 : 0,
  )
}

function fitPlain({ mean, centred, isSeen }: Fittable, lags: readonly number[]): Autoregression | undefined {
  const n = centred.y.length
  const isRow = isSeen?.includes(0) ? rowsOf(n, lags, isSeen) : undefined
  const rows = isRow ? isRow.reduce((sum, is) => sum + is, 0) : n - (lags.at(-1) ?? 0)
  if (rows < (lags.length + 1) * leastRowsEach) return undefined
  const found = lagRegression(centred, lags, isRow)
  if (!found) return undefined
  const weights = found.slice(0, lags.length)
  const rest = 1 - weights.reduce((sum, weight) => sum + weight, 0)
  return { lags: Int32Array.from(lags), weights, intercept: (found[lags.length] as number) + mean * rest }
}

/** What is said of changes over `difference` steps, said of the series itself. */
function integrated({ lags, weights, intercept }: Autoregression, difference: number): Autoregression {
  const by = new Map([[difference, 1]])
  const add = (lag: number, weight: number) => by.set(lag, (by.get(lag) ?? 0) + weight)
  lags.forEach((lag, j) => {
    add(lag, weights[j] as number)
    add(lag + difference, -(weights[j] as number))
  })
  const ordered = [...by].sort(([a], [b]) => a - b)
  return {
    lags: Int32Array.from(ordered, ([lag]) => lag),
    weights: Float64Array.from(ordered, ([, weight]) => weight),
    intercept,
  }
}

function changesOf({ centred: { y }, isSeen }: Fittable, difference: number): Fittable {
  const change = y.subarray(difference).map((value, t) => value - (y[t] as number))
  return fittable(
    change,
    isSeen?.slice(difference).map((is, t) => is & (isSeen[t] as number)),
  )
}

/** @returns undefined when there is too little to fit */
export function fitAutoregression(of: Fittable, { lags, difference }: Shape): Autoregression | undefined {
  if (difference === undefined) return fitPlain(of, lags)
  if (of.centred.y.length <= difference) return undefined
  const model = fitPlain(changesOf(of, difference), lags)
  return model && integrated(model, difference)
}

/** The longest way back that a model looks, in steps. */
export const reachOf = ({ lags }: Autoregression): number => lags.at(-1) ?? 0

/** Adds what lags that lie beyond the horizon say, from the `first` on: all of it has been seen, and needs no order. Four at a time, for speed. */
function addSeen(
  { lags, weights }: Autoregression,
  first: number,
  y: Float64Array,
  end: number,
  into: Float64Array,
): void {
  const horizon = into.length
  let j = first
  for (; j + 3 < lags.length; j += 4) {
    const [v, w, x, z] = [weights[j], weights[j + 1], weights[j + 2], weights[j + 3]] as Four
    const [a, b, c, d] = [lags[j], lags[j + 1], lags[j + 2], lags[j + 3]] as Four
    for (let h = 0, t = end; h < horizon; h++, t++)
      into[h] =
        (into[h] as number) +
        v * (y[t - a] as number) +
        w * (y[t - b] as number) +
        x * (y[t - c] as number) +
        z * (y[t - d] as number)
  }
  for (; j < lags.length; j++) {
    const weight = weights[j] as number
    const begin = end - (lags[j] as number)
    for (let h = 0; h < horizon; h++) into[h] = (into[h] as number) + weight * (y[begin + h] as number)
  }
}

type Four = [number, number, number, number]

/**
 * What follows after y[end − 1], each step from those before it.
 * @param into is filled, one number for each step
 * @param range what is never left
 */
export function recurse(
  model: Autoregression,
  y: Float64Array,
  end: number,
  into: Float64Array,
  [lowest, highest]: readonly [number, number],
): void {
  const { lags, weights, intercept } = model
  const horizon = into.length
  into.fill(intercept)
  let near = 0
  for (; near < lags.length && (lags[near] as number) < horizon; near++);
  addSeen(model, near, y, end, into)
  // What was seen, then what is said, in one row: no step has to ask which of them it looks at.
  const back = near > 0 ? (lags[near - 1] as number) : 0
  const row = new Float64Array(back + horizon)
  row.set(y.subarray(end - back, end))
  for (let h = 0; h < horizon; h++) {
    let value = into[h] as number
    for (let j = 0; j < near; j++)
      value += (weights[j] as number) * (row[back + h - (lags[j] as number)] as number)
    const kept = value < lowest ? lowest : value > highest ? highest : value
    into[h] = kept
    row[back + h] = kept
  }
}
