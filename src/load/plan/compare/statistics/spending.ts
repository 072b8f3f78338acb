import { normalDensity, normalUpper, normalUpperQuantile } from './normal.ts'

/**
 * How much of a one-sided α may have been spent when a share of the information is in, after O'Brien and
 * Fleming in the form of Lan and DeMets (Biometrika 70, 1983): hardly any early, all at the end.
 */
export function spentAlpha(alpha: number, share: number): number {
  if (share >= 1) return alpha
  if (share <= 0) return 0
  return 2 * normalUpper(normalUpperQuantile(alpha / 2) / Math.sqrt(share))
}

/** A look at the figures: how many rounds were in, and how much α may have been spent by then. */
export type Look = { readonly rounds: number; readonly spent: number }

/** Scores of the sum of n rounds are kept on a grid from here below the boundary. */
const floorZ = -8
const gridSteps = 160

/** Where the sum of scores has not crossed yet: density of the sum at the points of an even grid. */
type Density = { readonly rounds: number; readonly points: Float64Array; readonly weighted: Float64Array }

/** Simpson's weights, so that a sum over the grid is an integral. */
const simpson = (at: number, stepSize: number): number =>
  ((at === 0 || at === gridSteps ? 1 : at % 2 === 1 ? 4 : 2) * stepSize) / 3

/** The density below the boundary `z` after a look, from the density after the look before. */
function continueBelow(before: Density | undefined, rounds: number, z: number): Density {
  const low = floorZ * Math.sqrt(rounds)
  const stepSize = (Math.min(z, -floorZ) * Math.sqrt(rounds) - low) / gridSteps
  const points = Float64Array.from({ length: gridSteps + 1 }, (_, at) => low + at * stepSize)
  const weighted = points.map((sum, at) => densityAt(before, rounds, sum) * simpson(at, stepSize))
  return { rounds, points, weighted }
}

function densityAt(before: Density | undefined, rounds: number, sum: number): number {
  if (!before) return normalDensity(sum / Math.sqrt(rounds)) / Math.sqrt(rounds)
  const spread = Math.sqrt(rounds - before.rounds)
  return before.weighted.reduce(
    (total, weight, at) =>
      total + (weight * normalDensity((sum - (before.points[at] ?? 0)) / spread)) / spread,
    0,
  )
}

/** Probability of the sum lying above the boundary `z` at this look and not at any before. */
function crossing(before: Density | undefined, rounds: number, z: number): number {
  if (!before) return normalUpper(z)
  const spread = Math.sqrt(rounds - before.rounds)
  return before.weighted.reduce(
    (total, weight, at) =>
      total + weight * normalUpper((z * Math.sqrt(rounds) - (before.points[at] ?? 0)) / spread),
    0,
  )
}

function boundaryFor(before: Density | undefined, rounds: number, alpha: number): number {
  if (alpha <= 1e-12) return Number.POSITIVE_INFINITY
  let low = 0
  let high = -floorZ
  while (high - low > 1e-9) {
    const middle = (low + high) / 2
    if (crossing(before, rounds, middle) > alpha) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/**
 * Boundaries of the looks so far, as scores of a one-sided test: crossing one of them errs, over all looks
 * together, with probability `spent` of the last (Armitage, McPherson & Rowe's recursion by quadrature).
 * @param looks in order, rounds rising; a look whose `spent` does not rise decides nothing (Infinity)
 */
export function boundaries(looks: readonly Look[]): readonly number[] {
  const found: number[] = []
  let density: Density | undefined
  let spent = 0
  for (const [at, look] of looks.entries()) {
    const z = boundaryFor(density, look.rounds, look.spent - spent)
    found.push(z)
    spent = Math.max(spent, look.spent)
    if (at < looks.length - 1) density = continueBelow(density, look.rounds, z)
  }
  return found
}

/** The p at which each of these looks decides. */
export const levels = (looks: readonly Look[]): readonly number[] => boundaries(looks).map(normalUpper)
