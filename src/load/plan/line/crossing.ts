/**
 * One trial for the fit: log of the rate, how it stood to the goal (−1: far within, 0: just at it, 1: far beyond), and how
 * much it counts (1: one whole trial).
 */
export type RatePoint = { readonly x: number; readonly y: number; readonly weight: number }

/** Where the fitted curve meets the goal (log of the rate), and how steep it is there (per unit of log rate). */
export type Crossing = { readonly x: number; readonly slope: number }

// Starting values, tuned on simulated queues.
/** A weak belief about the slope, so that trials which are all within or all beyond still give a finite one. */
const usualSlope = 25
const usualSlopeWeight = 1e-5
const slopeRange = { least: 4, most: 80 }
const rounds = 40
/** Beyond the rates that were tried the curve is not known: so far, in log rate, the crossing may be. */
const reach = 0.1

/**
 * Fits y = tanh(slope · (x − crossing)) by least squares (Gauss–Newton with bounded steps).
 * @param points at least one
 * @param start where to begin; between the highest within and the lowest beyond otherwise
 */
export function fitCrossing(points: readonly RatePoint[], start?: Crossing): Crossing {
  const xs = points.map((point) => point.x)
  const [least, most] = [Math.min(...xs), Math.max(...xs)]
  let { x, slope } = start ?? { x: balanceOf(points), slope: usualSlope }
  for (let round = 0; round < rounds; round++) {
    // Normal equations of (crossing, slope), beginning with what is believed of the slope.
    let [xx, xs, ss, xr, sr] = [1e-6, 0, usualSlopeWeight, 0, usualSlopeWeight * (usualSlope - slope)]
    for (const point of points) {
      const d = point.x - x
      const fitted = Math.tanh(slope * d)
      const steep = 1 - fitted * fitted
      const [byX, bySlope] = [-slope * steep, d * steep]
      const rest = point.y - fitted
      xx += point.weight * byX * byX
      xs += point.weight * byX * bySlope
      ss += point.weight * bySlope * bySlope
      xr += point.weight * byX * rest
      sr += point.weight * bySlope * rest
    }
    const determinant = xx * ss - xs * xs
    const moveX = Math.max(-0.03, Math.min(0.03, (ss * xr - xs * sr) / determinant))
    const wanted = slope + (xx * sr - xs * xr) / determinant
    const steep = Math.max(slopeRange.least, slope / 1.5, Math.min(slopeRange.most, slope * 1.5, wanted))
    const nextX = Math.max(least - reach, Math.min(most + reach, x + moveX))
    const done = Math.abs(nextX - x) < 1e-6 && Math.abs(steep - slope) < 1e-3 * slope
    x = nextX
    slope = steep
    if (done) break
  }
  return { x, slope }
}

/** Where as much lies beyond on the left as within on the right. */
function balanceOf(points: readonly RatePoint[]): number {
  const sorted = [...points].sort((a, b) => a.x - b.x)
  let wrong = sorted.reduce((sum, { y, weight }) => sum + (y < 0 ? -y * weight : 0), 0)
  let best = { wrong, x: (sorted[0]?.x ?? 0) - reach }
  for (const [i, { x, y, weight }] of sorted.entries()) {
    wrong += y * weight
    if (wrong <= best.wrong) best = { wrong, x: (x + (sorted[i + 1]?.x ?? x + reach)) / 2 }
  }
  return best.x
}
