import type { Evidence } from './evidence.ts'
import type { Digest } from './ids.ts'
import type { Instant } from './time.ts'
import type { Verdict } from './verdict.ts'

/** What a gate is asked: may this release go there, in place of what runs there now? */
export type GateQuestion = {
  readonly service: string
  readonly environment: string
  readonly release: Digest
  /** What runs there; undefined before the first deployment. */
  readonly live?: Digest
}

/**
 * A condition that must hold before a release goes on. Pure: what it judges by is handed to it.
 * `C` is what the team configured for it.
 */
export interface Gate<C> {
  readonly name: string
  /** Kinds of evidence about the release that it wants to see. */
  readonly needs: readonly string[]
  judge(config: C, question: GateQuestion, evidence: readonly Evidence[], now: Instant): Verdict
}
