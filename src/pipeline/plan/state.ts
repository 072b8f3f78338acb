import type { CommandEnd } from '../../host/index.ts'
import type { Digest, Found, Instant, Key, Verdict } from '../../kernel/index.ts'
import type { ChangeRef } from './change.ts'
import type { JobPlan, RunPlan } from './plan.ts'
import type { TestSummary, WorkEnd } from './work.ts'

/** How a run, a job, a step or a try stands. */
export type Standing = 'waiting' | 'running' | 'passed' | 'failed' | 'inconclusive' | 'cancelled' | 'skipped'

/** One try of a step: one command of the host, and the address of its log. */
export type Try = {
  readonly key: Key
  readonly standing: Standing
  readonly startedAt: Instant
  /** It must have begun and ended by then; an absent command is given up afterwards. */
  readonly deadline: Instant
  readonly endedAt?: Instant
  readonly exit?: number | null
  readonly because?: string
}

export type StepState = { readonly tries: readonly Try[] }

/** Work that was asked for. It runs in the server's memory: after a crash it is absent and asked for again. */
export type WorkState = { readonly key: Key; readonly attempt: number; readonly askedAt: Instant }

/** How steps came out, before the reports were read. */
export type Outcome = {
  readonly standing: 'passed' | 'failed' | 'inconclusive' | 'cancelled'
  readonly because?: string
}

export type JobStage = 'waiting' | 'preparing' | 'stepping' | 'collecting' | 'ended'

export type JobState = {
  readonly stage: JobStage
  readonly standing: Standing
  readonly startedAt?: Instant
  readonly endedAt?: Instant
  /** Steps that have begun; the plan names the rest. */
  readonly steps: readonly StepState[]
  readonly work?: WorkState
  readonly outcome?: Outcome
  readonly keepAs?: string
  /** The image in which its steps run. */
  readonly image?: Digest
  readonly tests?: TestSummary
  readonly outputs?: Digest
  /** Its outputs were kept from an earlier run; its steps did not run. */
  readonly fromCache?: boolean
  readonly because?: string
}

export type RunPhase = 'reading' | 'working' | 'packing' | 'ended'

/** The journal's state of a run: all that is decided by, together with what is seen. */
export type RunState = {
  readonly id: string
  readonly service: string
  readonly change: ChangeRef
  readonly actor: string
  /** False for changes that anybody may have written: their jobs get no secret. */
  readonly secretsAllowed: boolean
  /** It is tried out, and what it builds goes nowhere else. */
  readonly trial?: Trial
  readonly phase: RunPhase
  readonly plan?: RunPlan
  /** Digest of the evaluated configuration. */
  readonly config?: Digest
  readonly jobs: Readonly<Record<string, JobState>>
  /** The run's own work: reading the configuration, packing the release. */
  readonly work?: WorkState
  readonly release?: {
    readonly digest: Digest
    readonly sizeBytes: number
    readonly images?: Readonly<Record<string, Digest>>
  }
  readonly verdict?: Verdict
  readonly startedAt: Instant
  readonly endedAt?: Instant
  readonly cancel?: { readonly by: string; readonly at: Instant; readonly reason?: string }
}

/** What must be seen to decide: an absent key counts as `absent`. */
export type RunSeen = {
  readonly commands: Readonly<Record<Key, Found<CommandEnd>>>
  readonly work: Readonly<Record<Key, Found<WorkEnd>>>
}

/** What a job is decided by, beside its own state. */
export type JobContext = {
  readonly run: RunState
  readonly plan: JobPlan
  readonly seen: RunSeen
  readonly now: Instant
}

/**
 * A run for a spike or a load test, by its name: jobs that hand nothing on are checks, which may fail, or are left out.
 */
export type Trial = { readonly for: string; readonly checks: 'run' | 'skip' }

export type RunCommand = { readonly is: 'cancel'; readonly by: string; readonly reason?: string }

/** A run on its first moment. */
export const newRun = (
  first: Pick<RunState, 'id' | 'service' | 'change' | 'actor' | 'secretsAllowed' | 'trial' | 'startedAt'>,
): RunState => ({ ...first, phase: 'reading', jobs: {} })

export const newJob: JobState = { stage: 'waiting', standing: 'waiting', steps: [] }
