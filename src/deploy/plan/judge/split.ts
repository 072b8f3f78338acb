import { shareLikelihood } from './likelihood.ts'
import { logSumExp, ratios } from './ratios.ts'

/** Whether the canary gets the share that was asked for: the same sum as for failures, over all requests. */
export type Split = {
  /** Bets on each share beyond the tolerance, as logarithms; they begin at 0. */
  readonly bets: readonly number[]
  /** Greatest logarithm of E so far. */
  readonly peak: number
  readonly asked: number
  /** Requests since the share was asked for. */
  readonly canary: number
  readonly all: number
}

export const noSplit: Split = { bets: ratios.map(() => 0), peak: 0, asked: 0, canary: 0, all: 0 }

/** Against the end of the tolerance which lies on the ratio's side; ratios within it bet on nothing. */
function gains(canary: number, live: number, share: number, tolerance: number): readonly number[] {
  const less = shareLikelihood(canary, live, share, 1 / tolerance)
  const more = shareLikelihood(canary, live, share, tolerance)
  return ratios.map((r, k) => (r > tolerance ? (more[k] ?? 0) : r < 1 / tolerance ? (less[k] ?? 0) : 0))
}

/** The split after a span of requests. */
export function addToSplit(s: Split, canary: number, live: number, share: number, tolerance: number): Split {
  const since = share === s.asked ? s : { canary: 0, all: 0 }
  const counted = { asked: share, canary: since.canary + canary, all: since.all + canary + live }
  if (canary + live === 0 || share <= 0 || share >= 1) return { ...s, ...counted }
  const gained = gains(canary, live, share, tolerance)
  const bets = s.bets.map((bet, k) => bet + (gained[k] ?? 0))
  return { bets, peak: Math.max(s.peak, logSumExp(bets) - Math.log(bets.length)), ...counted }
}

export const isSplitWrong = (s: Split, alpha: number): boolean => s.peak >= -Math.log(alpha)
