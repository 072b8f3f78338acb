/** A share with its 95 % interval's ends: −0.06 is 6 % less. */
export type Interval = { readonly low: number; readonly high: number }

/** One release after another: what its comparison with the release before found of the load line. */
export type Step = {
  /** What people call it; it stands in texts as it is. */
  readonly release: string
  /** When, in milliseconds since the epoch. */
  readonly at: number
  /** Which comparison. */
  readonly comparison: string
  /** By what share the release carries more than the one before; null when that could not be measured. */
  readonly estimate: number | null
  /** 95 %; null when the rounds were too few for that. */
  readonly interval: Interval | null
  /** How many rounds it rests on; taken for ten, the fewest that decide, when it does not say. */
  readonly rounds?: number
  /** Two-sided, of no difference, of this comparison alone. */
  readonly p: number
}

/** A step that has an estimate. */
export type MeasuredStep = Step & { readonly estimate: number }

export const isMeasured = (step: Step): step is MeasuredStep => step.estimate !== null

/** A step in logarithms, where steps add up to the change over many releases. */
export type LogStep = {
  /** ln(release / release before) */
  readonly log: number
  /** Standard error of `log`. */
  readonly error: number
  /** Degrees of freedom of `error`. */
  readonly degrees: number
  readonly p: number
}
