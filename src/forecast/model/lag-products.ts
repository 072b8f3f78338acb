/** Σ y[t − a] · y[t − b] and Σ y[t − a] over t from `from` to the end; 0 ≤ a ≤ b ≤ from. */
export type LagProducts = {
  readonly y: Float64Array
  products(a: number, b: number, from: number): number
  sum(a: number, from: number): number
}

function runningProducts(y: Float64Array, apart: number): Float64Array {
  const running = new Float64Array(y.length + 1)
  let sum = 0
  for (let t = 0; t < y.length; t++) {
    if (t >= apart) sum += (y[t] as number) * (y[t - apart] as number)
    running[t + 1] = sum
  }
  return running
}

function runningSums(y: Float64Array): Float64Array {
  const running = new Float64Array(y.length + 1)
  for (let t = 0; t < y.length; t++) running[t + 1] = (running[t] as number) + (y[t] as number)
  return running
}

/**
 * What the normal equations of every autoregression of a series are made of. Lags as far apart have the same products, a few
 * steps shifted: one running sum for each distance serves all of them, and all autoregressions.
 * @param y with a mean near 0, or the sums lose digits
 */
export function lagProductsOf(y: Float64Array): LagProducts {
  const kept = new Map<number, Float64Array>()
  const sums = runningSums(y)
  const between = (running: Float64Array, a: number, from: number): number =>
    (running[y.length - a] as number) - (running[from - a] as number)
  return {
    y,
    sum: (a, from) => between(sums, a, from),
    products(a, b, from) {
      const known = kept.get(b - a)
      const running = known ?? runningProducts(y, b - a)
      if (!known) kept.set(b - a, running)
      return between(running, a, from)
    },
  }
}
