import type { Interval } from './step.ts'

/** A release's load line relative to the first of the history, as the product of measured ratios. */
export type HistoryPoint = {
  readonly release: string
  /** Absent for the release before the first step. */
  readonly comparison?: string
  /** Milliseconds since the epoch. */
  readonly at: number
  /** 1 for the release before the first step. */
  readonly index: number
  /** 95 %, of the step alone. */
  readonly interval: Interval | null
}

/** Where the load line changed for good in one step. */
export type Shift = {
  /** The first with the change. */
  readonly release: string
  /** after / before − 1 */
  readonly ratio: number
  /** Corrected for looking everywhere in the history: to be held against 5 %. */
  readonly p: number
}

/** A change over many releases, with each a little; steps that are shifts are no part of it. */
export type Drift = {
  /** The first and the last release that changed the load line by a little. */
  readonly first: string
  readonly last: string
  /** From the first to the last, both counted. */
  readonly releases: number
  /** All of them together: after / before − 1 */
  readonly ratio: number
  readonly p: number
  /** No later release was compared. */
  readonly isGoingOn: boolean
}

/** From the release before the first step to the last. */
export type Total = {
  /** last / first − 1 */
  readonly ratio: number
  /** 95 % */
  readonly interval: Interval
}

/** How the load line went from release to release. */
export type History = {
  /** Oldest first; a release that has no figure has no point. */
  readonly points: readonly HistoryPoint[]
  /** Null while nothing was compared. */
  readonly total: Total | null
  /** Oldest first. */
  readonly shifts: readonly Shift[]
  readonly drift: Drift | null
  /** Releases that were left out because their comparison has no figure; the chain takes them for no change. */
  readonly leftOut: readonly { readonly release: string; readonly comparison: string }[]
  /** The finding in one sentence about the service, without subject and full stop. */
  readonly text: string
}
