/** Chance of at most x successes in n trials. */
function atMost(x: number, n: number, p: number): number {
  let term = n * Math.log1p(-p)
  let sum = Math.exp(term)
  for (let k = 1; k <= x; k++) {
    term += Math.log(((n - k + 1) / k) * (p / (1 - p)))
    sum += Math.exp(term)
  }
  return sum
}

/**
 * Upper end of the two-sided 95 % interval of a share (Clopper & Pearson 1934).
 * @param x seen in n trials
 */
export function upperBound(x: number, n: number): number {
  if (x >= n) return 1
  let [low, high] = [x / n, 1]
  for (let i = 0; i < 60; i++) {
    const half = (low + high) / 2
    if (atMost(x, n, half) > 0.025) low = half
    else high = half
  }
  return high
}
