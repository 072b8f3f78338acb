import type { CommandEnd } from '../../../host/index.ts'
import type { Digest, Found, Instant, Key } from '../../../kernel/index.ts'

/** A command that a gate runs: a question to somebody else, such as a contract broker. */
export type CheckCommand = {
  readonly run: string
  readonly timeoutMs: number
  readonly env: Readonly<Record<string, string | { readonly secret: string }>>
}

/** The answer: yes, no, or nobody can tell; with the last of what the command said. */
export type CheckAnswer = {
  readonly is: 'pass' | 'fail' | 'inconclusive'
  readonly text: string
  readonly lines: readonly string[]
  readonly startedAt: Instant
  readonly endedAt: Instant
}

/** The journal's state of one question of one gate about one deployment. */
export type CheckState = {
  readonly id: string
  readonly gate: string
  readonly deployment: string
  readonly service: string
  readonly environment: string
  readonly release: Digest
  readonly command: CheckCommand
  readonly askedAt: Instant
  /** `keeping`: its answer becomes evidence. */
  readonly phase: 'asking' | 'keeping' | 'ended'
  readonly answer?: CheckAnswer
}

export type CheckSeen = {
  readonly found: Found<CommandEnd>
  /** The last lines of what it printed, once it has ended. */
  readonly lines: readonly string[]
  /** Why it cannot be started, when that is known. */
  readonly problem?: string
  /** The evidence that it has left. */
  readonly kept?: Digest
}

export const checkKey = (id: string): Key => `check/${id}/run`

/** Kind of evidence: what a gate's command said of a release. */
export const checkKind = 'command'

/** From TERM to KILL. */
export const checkGraceMs = 10_000
