/** Logarithm of the gamma function for x > 0, to about 15 digits (Lanczos, g = 7, n = 9). */
function lnGamma(x: number): number {
  const [first = 0, ...rest] = lanczos
  const t = x + 6.5
  const sum = rest.reduce((total, coefficient, i) => total + coefficient / (x + i), first)
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum)
}

const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
]

const tiny = 1e-300
const enough = 1e-12
const awayFromZero = (value: number): number => (Math.abs(value) < tiny ? tiny : value)

/** The continued fraction of the incomplete beta function (Lentz's method); quick for x < (a + 1) / (a + b + 2). */
function betaFraction(x: number, a: number, b: number): number {
  let c = 1
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1))
  let value = d
  const steps = 200 + 8 * Math.sqrt(Math.max(a, b))
  for (let m = 1; m <= steps; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / awayFromZero(1 + even * d)
    c = awayFromZero(1 + even / c)
    value *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / awayFromZero(1 + odd * d)
    c = awayFromZero(1 + odd / c)
    const change = d * c
    value *= change
    if (Math.abs(change - 1) < enough) break
  }
  return value
}

/** Regularized incomplete beta function I_x(a, b), for a, b > 0. */
function incompleteBeta(x: number, a: number, b: number): number {
  const lnFront = lnGamma(a + b) - lnGamma(a) - lnGamma(b) + a * Math.log(x) + b * Math.log1p(-x)
  if (x < (a + 1) / (a + b + 2)) return (Math.exp(lnFront) * betaFraction(x, a, b)) / a
  return 1 - (Math.exp(lnFront) * betaFraction(1 - x, b, a)) / b
}

/**
 * The chance that of `total` events `bad` or more are bad when each is with chance `share`. Counts that were worked out of
 * rates need not be whole: between whole numbers it goes smoothly.
 */
export function chanceOfAtLeast(bad: number, total: number, share: number): number {
  if (bad <= 0 || share >= 1) return 1
  if (bad > total || share <= 0) return 0
  return incompleteBeta(share, bad, total - bad + 1)
}
