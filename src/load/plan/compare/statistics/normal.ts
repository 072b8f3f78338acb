/** Density of the standard normal distribution. */
export const normalDensity = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)

/** Φ(x) − ½ by its Taylor series (Abramowitz & Stegun 26.2.11): every term positive, so nothing cancels. */
function centre(x: number): number {
  let term = x
  let sum = x
  for (let i = 3; Math.abs(term) > 1e-17 * Math.abs(sum); i += 2) {
    term *= (x * x) / i
    sum += term
  }
  return sum * normalDensity(x)
}

/** 1 − Φ(x) for x above 3 by the continued fraction (26.2.14), evaluated from its far end. */
function tail(x: number): number {
  let fraction = x
  for (let i = 60; i >= 1; i--) fraction = x + i / fraction
  return normalDensity(x) / fraction
}

/** Probability that a standard normal value exceeds `x`; exact to about 14 digits, in the far tail too. */
export function normalUpper(x: number): number {
  if (x > 3) return tail(x)
  if (x < -3) return 1 - tail(-x)
  return 0.5 - centre(x)
}

/** The value that a standard normal one exceeds with probability `p` in (0, 1); ±Infinity at the ends. */
export function normalUpperQuantile(p: number): number {
  if (p <= 0) return Number.POSITIVE_INFINITY
  if (p >= 1) return Number.NEGATIVE_INFINITY
  if (p > 0.5) return -normalUpperQuantile(1 - p)
  let low = 0
  let high = 40
  while (high - low > 1e-12) {
    const middle = (low + high) / 2
    if (normalUpper(middle) > p) low = middle
    else high = middle
  }
  return (low + high) / 2
}
