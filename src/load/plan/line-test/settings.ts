import type { Reason, Variables } from '../../../kernel/index.ts'

/** What the search for the load line of an environment is made by. */
export type LineTestSettings = {
  readonly path: string
  readonly scenario?: string
  /** `p99<250ms` */
  readonly objective: string
  /** A release that carries less has failed. */
  readonly least?: number
  readonly minPerSecond: number
  readonly maxPerSecond: number
  readonly trialMs: number
  readonly budgetMs: number
  /** What the scenario may read. */
  readonly env: Variables
}

/** What a search came to. */
export type LineVerdict = {
  readonly standing: 'passed' | 'failed' | 'inconclusive'
  readonly text: string
  readonly reasons: readonly Reason[]
}
