import type { EnginePlan } from './engine/engine-plan.ts'
import type { Threshold } from './plan/thresholds.ts'

export type LoadTest = {
  /** An address, or the name of a scenario's file: for people. */
  readonly target: string
  readonly plan: EnginePlan
  readonly thresholds: readonly Threshold[]
}
