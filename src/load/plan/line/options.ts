/** "p99 < 250 ms": at most 1 − quantile of the scheduled requests may be bad. */
export type LineGoal = { readonly quantile: number; readonly belowMs: number }

/** What a search may do. Rates per second, durations in milliseconds. */
export type LineOptions = {
  readonly goal: LineGoal
  readonly minPerSecond: number
  readonly maxPerSecond: number
  /** How long a trial counts. */
  readonly trialMs?: number
  /** How long it runs before it counts. */
  readonly settleMs?: number
  readonly confirmMs?: number
  /** The whole search, all of its steps and what lies between them. */
  readonly budgetMs: number
  readonly seed: number
  /** From an earlier search, or a guess; the ladder finds one otherwise. */
  readonly expectedPerSecond?: number
}

export type LinePlan = Required<Omit<LineOptions, 'expectedPerSecond'>> & {
  readonly expectedPerSecond: number | null
}

const standard = { trialMs: 12_000, settleMs: 2_000, confirmMs: 60_000, expectedPerSecond: null }

/** The options with everything said that was left open. */
export const planOf = (options: LineOptions): LinePlan => ({ ...standard, ...options })

/** The share of scheduled requests that may be bad. */
export const budgetShare = ({ quantile }: LineGoal): number => 1 - quantile

/** A rate within what the search may send. */
export const within = (plan: LinePlan, ratePerSecond: number): number =>
  Math.min(plan.maxPerSecond, Math.max(plan.minPerSecond, ratePerSecond))
