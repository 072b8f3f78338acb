// Acklam's rational approximation of the normal quantile, relative error below 1.2e-9.
const centreTop = [
  -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716,
  2.506628277459239,
]
const centreBottom = [
  -54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1,
]
const tailTop = [
  -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
]
const tailBottom = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1]

const polynomial = (coefficients: readonly number[], x: number): number =>
  coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0)

/** The point below which a standard normal value lies with the given probability. */
export function normalQuantile(probability: number): number {
  if (probability < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(probability))
    return polynomial(tailTop, q) / polynomial(tailBottom, q)
  }
  if (probability > 1 - 0.02425) return -normalQuantile(1 - probability)
  const q = probability - 0.5
  return (q * polynomial(centreTop, q * q)) / polynomial(centreBottom, q * q)
}

/** The same for Student's t: exact for 1 and 2 degrees of freedom, Hill's expansion beyond (within 1 % from 3). */
export function tQuantile(probability: number, degrees: number): number {
  if (degrees <= 1) return Math.tan(Math.PI * (probability - 0.5))
  if (degrees < 3) return ((2 * probability - 1) * Math.SQRT2) / Math.sqrt(1 - (2 * probability - 1) ** 2)
  const z = normalQuantile(probability)
  return (
    z +
    (z ** 3 + z) / (4 * degrees) +
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * degrees ** 2) +
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * degrees ** 3)
  )
}

/** A quantile of values in ascending order, between neighbours by a straight line. NaN when there are none. */
export function sortedQuantile(ascending: ArrayLike<number>, share: number): number {
  const at = share * (ascending.length - 1)
  const below = ascending[Math.floor(at)] ?? Number.NaN
  const above = ascending[Math.ceil(at)] ?? Number.NaN
  return below + (above - below) * (at - Math.floor(at))
}
