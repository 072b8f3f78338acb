import { aheadOf, optimism, type Predict, type Rolled } from './conformal.ts'

/** What is said of a step is said by so many before and after it as well. */
const neighbours = 12
/** Said by fewer origins, it is chance. */
const leastOrigins = 3

/** Σ over the steps before each, so that a sum over neighbours is a difference. */
function addSquares(into: Float64Array, misses: (step: number) => number): void {
  let sum = 0
  for (let h = 0; h + 1 < into.length; h++) {
    sum += misses(h) ** 2
    into[h + 1] = (into[h + 1] as number) + sum
  }
}

/**
 * A model errs more about what it has not seen, and the more so the further ahead where levels change: how much more, at
 * each step ahead, than bands count on anyway. Told by models of an early part of the history, beside those of all of it, at the same later origins.
 * @param predict of the models of what was before `split`
 * @param rolled what the models of all of `y` have missed
 * @returns 1 or more, at a step counted from 0
 */
export function missesMore(
  predict: Predict,
  y: Float64Array,
  split: number,
  rolled: Rolled,
): (step: number) => number {
  const { ends, errors } = rolled
  const horizon = aheadOf(rolled)
  const [unseen, seen] = [new Float64Array(horizon + 1), new Float64Array(horizon + 1)]
  const said = new Float64Array(horizon)
  let origins = 0
  ends.forEach((end, i) => {
    if (end < split) return
    origins += 1
    predict(y, end, said)
    const row = errors[i] as Float64Array
    addSquares(unseen, (h) => (y[end + h] as number) - (said[h] as number))
    addSquares(seen, (h) => row[h] as number)
  })
  if (origins < leastOrigins) return () => 1
  const more = Float64Array.from({ length: horizon }, (_, h) => {
    const [first, last] = [Math.max(0, h - neighbours), Math.min(horizon, h + neighbours + 1)]
    const over = (sums: Float64Array) => (sums[last] as number) - (sums[first] as number)
    const ratio = Math.sqrt(over(unseen) / over(seen)) / optimism[95]
    return ratio > 1 && Number.isFinite(ratio) ? ratio : 1
  })
  return (step) => more[Math.min(step, horizon - 1)] as number
}
