import type { Instant } from '../../../kernel/index.ts'
import { addToBursts, type Bursts, burstSize, noBursts } from './bursts.ts'
import type { Pair } from './likelihood.ts'
import { logSumExp, ratios, worseOf, worseRatios } from './ratios.ts'

/**
 * What is known of one question, whatever the number of spans. E is the wealth of somebody who began with 1 and
 * bets on the canary being worse; when it is not, no way of betting makes E reach 1/α with a chance above α.
 * All numbers are natural logarithms.
 */
export type Evidence = {
  /** How much better each ratio explains all that was seen than 1 does. */
  readonly likelihood: readonly number[]
  /** What the bets on each worse ratio have become. */
  readonly bets: readonly number[]
  /** Kept back for faults that begin later. */
  readonly kept: number
  /** When some of it was staked last. */
  readonly stakedAt: Instant
  /** ln E: bets and what is kept together. */
  readonly wealth: number
  readonly bursts: Bursts
}

/** Bet on faults that are there from the beginning; the rest is for those that come later. */
export const staked = 0.8
/** Of what is kept back, e^−1 is left after so long. */
const keptMs = 3_600_000
/** Oftener would cost time and change nothing. */
const stakeEveryMs = 15_000

export const noEvidence = (at: Instant): Evidence => ({
  likelihood: ratios.map(() => 0),
  bets: worseRatios.map(() => Math.log(staked / worseRatios.length)),
  kept: Math.log(1 - staked),
  stakedAt: at,
  wealth: 0,
  bursts: noBursts,
})

const mix = (a: number, b: number): number => Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)))

/** Bets some of what was kept: how much depends on time alone, never on what was seen. */
function stakeLater(e: Evidence, at: Instant): Evidence {
  const passed = (at - e.stakedAt) / keptMs
  if (at - e.stakedAt < stakeEveryMs) return e
  const more = e.kept + Math.log(-Math.expm1(-passed) / e.bets.length)
  return { ...e, bets: e.bets.map((bet) => mix(bet, more)), kept: e.kept - passed, stakedAt: at }
}

function withBets(e: Evidence, gains: readonly number[]): Evidence {
  const bets = worseOf(gains).map((gain, k) => (e.bets[k] ?? 0) + gain)
  return { ...e, bets, wealth: mix(logSumExp(bets), e.kept) }
}

/** The smallest number of the canary's bad ones with which the wealth is beyond the limit; `bad` is one. */
function fewestBeyond(bad: number, isBeyond: (bad: number) => boolean): number {
  let [under, beyond] = [-1, bad]
  while (beyond - under > 1) {
    const half = Math.floor((under + beyond) / 2)
    if (isBeyond(half)) beyond = half
    else under = half
  }
  return beyond
}

/** Bets lowered until the wealth is at the limit, which is above what is kept. */
function lowered(e: Evidence, limit: number): Evidence {
  const over = logSumExp(e.bets) - (limit + Math.log1p(-Math.exp(e.kept - limit)))
  return { ...e, bets: e.bets.map((bet) => bet - over), wealth: limit }
}

/** Bets on as many of the canary's bad ones as are needed to reach the limit, and no more. */
function betWithin(
  e: Evidence,
  bad: number,
  gainsOf: (bad: number) => readonly number[],
  most: number,
): Evidence {
  const limit = e.wealth + most
  const all = withBets(e, gainsOf(bad))
  if (all.wealth <= limit) return all
  const fewest = fewestBeyond(bad, (n) => withBets(e, gainsOf(n)).wealth > limit)
  return lowered(withBets(e, gainsOf(fewest)), limit)
}

/** A step in which nothing was bad: it only tells of bursts. */
export const passQuietly = (e: Evidence, seen: Pair): Evidence => ({
  ...e,
  bursts: addToBursts(e.bursts, seen),
})

/** How a step is taken. */
export type Limits = {
  /** The wealth may grow by e^most: what may have one cause never decides alone. */
  readonly most: number
  /** Neither side is down: it counts for intervals and for proof, too. */
  readonly isWell: boolean
}

/**
 * Adds what a span or a block of spans says.
 *
 * Of failures that come in bursts as many go for one as a burst has. A power below 1 of what a bet gains is worth no more
 * than 1 before, when the power was known before; for gains, the burst that is looked at counts, too, and only lowers them.
 * @param gainsOf the likelihood of every ratio, were so many of the canary's bad
 */
export function learn(
  e: Evidence,
  at: Instant,
  seen: Pair,
  gainsOf: (bad: number) => readonly number[],
  { most, isWell }: Limits,
): Evidence {
  const bursts = addToBursts(e.bursts, seen)
  const [before, now] = [burstSize(e.bursts), burstSize(bursts)]
  const size = Math.max(before, now)
  const gainsBy = (bad: number) => gainsOf(bad).map((gain) => gain / (gain > 0 ? size : before))
  const bet = { ...betWithin(stakeLater(e, at), seen.canary.bad, gainsBy, most), bursts }
  if (!isWell) return bet
  const gains = gainsOf(seen.canary.bad)
  return { ...bet, likelihood: e.likelihood.map((sum, k) => sum + (gains[k] ?? 0) / size) }
}
