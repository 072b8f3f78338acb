import type { LineEstimate } from './estimate.ts'
import type { LineObservation, LineSecond } from './observation.ts'
import type { LinePlan } from './options.ts'
import type { LineRung } from './scalability.ts'
import type { LineTrial } from './trial.ts'

/** Where the search is. Each phase says in its own file what it orders and what it makes of the answer. */
export type LinePhase =
  | { readonly is: 'warmUp'; readonly ratePerSecond: number; readonly doneMs: number }
  | { readonly is: 'ladder'; readonly users: number }
  | { readonly is: 'bracket'; readonly ratePerSecond: number }
  | { readonly is: 'bisect'; readonly ratePerSecond: number }
  /** `left`: how many trials are still planned, the present one included. */
  | { readonly is: 'staircase'; readonly ratePerSecond: number; readonly left: number }
  | { readonly is: 'confirm'; readonly ratePerSecond: number }
  | { readonly is: 'ended'; readonly because: LineEnd }

/**
 * searched: all was done that was planned. atLeast: the highest rate passed. below: the lowest failed. generator: it was
 * saturated. noise: the machine was never quiet. budget: the time was over before there was an estimate.
 */
export type LineEnd = 'searched' | 'atLeast' | 'below' | 'generator' | 'noise' | 'budget'

export type VoidedTrial = {
  readonly phase: LinePhase['is']
  readonly ratePerSecond: number | null
  readonly reasons: readonly string[]
}

/** All that the search knows; plain JSON. */
export type LineState = {
  readonly plan: LinePlan
  readonly phase: LinePhase
  readonly warmUp: readonly LineSecond[]
  readonly rungs: readonly LineRung[]
  readonly trials: readonly LineTrial[]
  /** Parts of the present trial that did not decide it. */
  readonly parts: readonly LineObservation[]
  readonly voided: readonly VoidedTrial[]
  /** Voided ones since the last that counted. */
  readonly voidedInARow: number
  readonly generatorReasons: readonly string[]
  readonly flags: readonly string[]
  readonly estimate: LineEstimate | null
  readonly spentMs: number
  /** Ordered so far, to know what lies between the steps. */
  readonly orderedMs: number
  readonly steps: number
}

/** What a step will take beyond its own time, from those that were. */
export const overheadMs = ({ spentMs, orderedMs, steps }: LineState): number =>
  steps === 0 ? 0 : Math.max(0, spentMs - orderedMs) / steps

export const leftMs = (state: LineState): number => state.plan.budgetMs - state.spentMs

/** Whether a step of this length still ends within the budget. */
export const affords = (state: LineState, durationMs: number): boolean =>
  durationMs + overheadMs(state) <= leftMs(state)

export const flagged = (state: LineState, flag: string): LineState =>
  state.flags.includes(flag) ? state : { ...state, flags: [...state.flags, flag] }

export const inPhase = (state: LineState, phase: LinePhase): LineState => ({ ...state, phase })

export const ended = (state: LineState, because: LineEnd): LineState =>
  inPhase(state, { is: 'ended', because })
