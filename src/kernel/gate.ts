import type { Evidence } from './evidence.ts'
import type { Instant } from './time.ts'
import type { Verdict } from './verdict.ts'

/**
 * A condition that must hold before a release goes on. Pure: what it judges by is handed to it.
 * `C` is what the team configured for it.
 */
export interface Gate<C> {
  readonly name: string
  /** Kinds of evidence it wants to see. */
  readonly needs: readonly string[]
  judge(config: C, evidence: readonly Evidence[], now: Instant): Verdict
}
