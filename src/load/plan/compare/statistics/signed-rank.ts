import { walshAverages } from './walsh.ts'

type Ranked = { readonly value: number; readonly doubledRank: number }

/** Ranks by size regardless of sign, doubled so that those of ties (the mean of their places) stay whole. */
function rank(values: readonly number[]): readonly Ranked[] {
  const sizes = values.filter((value) => value !== 0).sort((a, b) => Math.abs(a) - Math.abs(b))
  const first = new Map<number, number>()
  const last = new Map<number, number>()
  for (const [at, value] of sizes.entries()) {
    const size = Math.abs(value)
    if (!first.has(size)) first.set(size, at + 1)
    last.set(size, at + 1)
  }
  return sizes.map((value) => {
    const size = Math.abs(value)
    return { value, doubledRank: (first.get(size) ?? 0) + (last.get(size) ?? 0) }
  })
}

/**
 * The sign-flip distribution: how probable each sum of positive ranks is when every sign is a fair coin.
 * By dynamic programming over the ranks, so exact for any number of them; never by drawing.
 */
export function signFlipDistribution(ranks: readonly number[]): Float64Array {
  const total = ranks.reduce((sum, each) => sum + each, 0)
  const probabilities = new Float64Array(total + 1)
  probabilities[0] = 1
  let reached = 0
  for (const each of ranks) {
    for (let sum = reached + each; sum >= 0; sum--)
      probabilities[sum] =
        ((probabilities[sum] ?? 0) + (sum >= each ? (probabilities[sum - each] ?? 0) : 0)) / 2
    reached += each
  }
  return probabilities
}

const sumUpTo = (probabilities: Float64Array, end: number): number =>
  Math.min(
    1,
    probabilities.subarray(0, end + 1).reduce((sum, each) => sum + each, 0),
  )

/**
 * Exact p that values which lie about `centre` or above it look as low as these do (Wilcoxon's signed rank as
 * a sign-flip permutation test). Small when the values lie below `centre`. Values equal to it do not count.
 */
export function lowerP(values: readonly number[], centre = 0): number {
  const ranked = rank(values.map((value) => value - centre))
  const positive = ranked.reduce((sum, each) => sum + (each.value > 0 ? each.doubledRank : 0), 0)
  return sumUpTo(signFlipDistribution(ranked.map((each) => each.doubledRank)), positive)
}

/** The same for values which look as high as these do: small when they lie above `centre`. */
export const upperP = (values: readonly number[], centre = 0): number =>
  lowerP(
    values.map((value) => -value),
    -centre,
  )

/** Two-sided p for a centre of zero: 1 when there is nothing to say. */
export const twoSidedP = (values: readonly number[]): number =>
  Math.min(1, 2 * Math.min(lowerP(values), upperP(values)))

/** How many Walsh averages must stay outside each end so that each end errs with probability ≤ `tailP`; −1: none. */
function outside(n: number, tailP: number): number {
  const probabilities = signFlipDistribution(Array.from({ length: n }, (_, i) => i + 1))
  let sum = 0
  let at = -1
  while (at + 1 < probabilities.length && sum + (probabilities[at + 1] ?? 1) <= tailP) {
    at += 1
    sum += probabilities[at] ?? 0
  }
  return at
}

/**
 * The interval that inverting the test gives (Tukey): order statistics of the Walsh averages, so that each end
 * errs with probability at most `tailP`.
 * @returns null when so few values cannot be that sure (6 are needed for 95 % from both sides)
 */
export function signedRankInterval(
  values: readonly number[],
  tailP: number,
): { readonly low: number; readonly high: number } | null {
  const at = outside(values.length, tailP)
  if (at < 0) return null
  const averages = walshAverages(values)
  return { low: averages[at] ?? Number.NaN, high: averages[averages.length - 1 - at] ?? Number.NaN }
}
