import { logRatios, ratios } from './ratios.ts'

/** Bad ones of so many. */
export type Tally = { readonly bad: number; readonly of: number }
export type Pair = { readonly canary: Tally; readonly live: Tally }

/**
 * How much better each rate ratio explains whose the failures were than "both fail alike" does, given only that
 * they happened: one is the canary's with probability wr / (1 + w (r − 1)). The common rate cancels.
 * Lindon & Malek, NeurIPS 2022 (arXiv 2011.03567).
 * @param share w, asked for; there is nothing to learn from 0 and 1
 * @param given the ratio to compare with, instead of 1
 */
export function shareLikelihood(canary: number, live: number, share: number, given = 1): readonly number[] {
  if (share <= 0 || share >= 1) return ratios.map(() => 0)
  const base = canary * Math.log(given) - (canary + live) * Math.log1p(share * (given - 1))
  return ratios.map(
    (r, k) => canary * (logRatios[k] ?? 0) - (canary + live) * Math.log1p(share * (r - 1)) - base,
  )
}

/** Beyond so many terms an upper bound takes the place of the exact sum. */
const mostTerms = 10_000

/** How much likelier one more bad one among the canary's is, for each number of them from the fewest possible on. */
function oddsOfMore(canary: number, live: number, bad: number): Float64Array {
  const [first, last] = [Math.max(0, bad - live), Math.min(canary, bad)]
  const odds = new Float64Array(last - first)
  for (let j = first; j < last; j++)
    odds[j - first] = ((canary - j) * (bad - j)) / ((j + 1) * (live - bad + j + 1))
  return odds
}

const tooLarge = 1e200

/**
 * ln (1 + o₀r (1 + o₁r (1 + …))): the chances of the hypergeometric distribution weighted by r^j, up to a factor.
 * The odds fall, so that the sum, once it grows, only grows; it is scaled down before it overflows.
 */
function logSeries(odds: Float64Array, r: number): number {
  let [sum, one, scaled] = [1, 1, 0]
  for (let i = odds.length - 1; i >= 0; i--) {
    sum = one + (odds[i] ?? 0) * r * sum
    if (sum < tooLarge) continue
    sum /= tooLarge
    one /= tooLarge
    scaled++
  }
  return Math.log(sum) + scaled * Math.log(tooLarge)
}

/**
 * Drawing without replacement spreads less than drawing with it (Hoeffding 1963), whichever side is thought of as
 * drawn: both are upper bounds, so that what is found with them is found too late rather than wrongly.
 */
function boundSums(canary: number, live: number, bad: number): readonly number[] {
  const all = canary + live
  return ratios.map((r) =>
    Math.min(bad * Math.log1p((canary / all) * (r - 1)), canary * Math.log1p((bad / all) * (r - 1))),
  )
}

/** Logarithm of the mean of r^(the canary's bad ones), were `bad` ones spread over all requests by chance. */
function meanPowers(canary: number, live: number, bad: number): readonly number[] {
  const first = Math.max(0, bad - live)
  if (Math.min(canary, bad) - first >= mostTerms) return boundSums(canary, live, bad)
  const odds = oddsOfMore(canary, live, bad)
  const all = logSeries(odds, 1)
  return ratios.map((r, k) => logSeries(odds, r) - all + first * (logRatios[k] ?? 0))
}

/**
 * How much better each odds ratio explains the canary's bad ones than chance does, given both numbers of requests
 * and how many were bad together (Fisher's noncentral hypergeometric distribution). It holds for events of any
 * frequency and for any split; the common rate cancels here too.
 */
export function requestLikelihood({ canary, live }: Pair): readonly number[] {
  const bad = canary.bad + live.bad
  if (bad === 0 || canary.of === 0 || live.of === 0) return ratios.map(() => 0)
  return meanPowers(canary.of, live.of, bad).map((mean, k) => canary.bad * (logRatios[k] ?? 0) - mean)
}
