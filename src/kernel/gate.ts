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
  /** When a person or a reactor asked for it. */
  readonly askedAt?: Instant
  /** The deployment that wants to bring it there. */
  readonly deployment?: string
  /** It has its turn: what is known now decides. */
  readonly hasTurn?: boolean
  /** It mends something, says whoever asked for it: why. */
  readonly fix?: string
  /** The environment that it comes from. */
  readonly before?: Before
}

/** A release's stays in the environment before; the last without an end goes on. */
export type Before = {
  readonly environment: string
  readonly stays: readonly { readonly since: Instant; readonly until?: Instant }[]
  /** The deployment that was undone there. */
  readonly rejectedBy?: string
  /** Crashes of the instances that run it there now. */
  readonly crashes: number
}

/** No verdict yet: it comes with time, or with a person. The verdict of one that waits is inconclusive. */
export type Awaiting = { readonly is: 'waits'; readonly because: string }

/**
 * A condition that must hold before a release goes on. Pure: what it judges by is handed to it.
 * `C` is what the team configured for it; `W` what it may say.
 */
export interface Gate<C, W extends Verdict | Awaiting = Verdict> {
  readonly name: string
  /** Kinds of evidence about the release that it wants to see. */
  readonly needs: readonly string[]
  judge(config: C, question: GateQuestion, evidence: readonly Evidence[], now: Instant): W
}
