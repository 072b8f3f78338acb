import type { LatencyCounts, TrafficSeen } from '../../../fleet/index.ts'
import type { CommandEnd } from '../../../host/index.ts'
import type { Digest, Found, Instant, Json, Reason, Variables } from '../../../kernel/index.ts'
import type { LaneState } from '../lane-state.ts'
import type { Ledger, Tally } from '../ledger.ts'
import type { TaskSettings } from '../order.ts'
import type { DeploymentState } from '../state.ts'

/** All that a spike needs to know, as the protected branch had it when it was asked for. */
export type SpikeSettings = {
  readonly target: 'process'
  readonly instances: number
  readonly env: Variables
  readonly requestTimeoutMs: number
  readonly longestMs: number
  /** Of the migration, which is the change's own. */
  readonly migrateEnv: Variables
  readonly dependencies?: {
    readonly up: TaskSettings
    readonly down: TaskSettings
    /** Where the commands come from: the protected branch, so that no change tampers with them. */
    readonly source: { readonly repository: string; readonly tree: string }
  }
}

/** A change that was asked for, and what became of it here. */
export type SpikeChange = {
  readonly run: string
  /** Commit. */
  readonly id: string
  readonly branch: string
  readonly subject: string
  /** Where the repository keeps it until the spike is over. */
  readonly ref: string
  readonly release?: Digest
  /** What its checks said, when not all passed. */
  readonly checks?: string
  readonly standing: 'building' | 'built' | 'deploying' | 'runs' | 'replaced' | 'failed'
  /** Why it failed. */
  readonly because?: string
  /** When its deployment was asked for. */
  readonly orderedAt?: Instant
}

/** It is open from the moment that something runs in it. */
export type SpikePhase = 'starting' | 'open' | 'closing' | 'closed'

/** What is taken away, one after the other. */
export const closingSteps = ['work', 'gateway', 'instances', 'dependencies', 'folders'] as const
export type ClosingStep = (typeof closingSteps)[number]

/** Why it ends: a person closed it, its time was over, or it never came to be. */
export type Closing = {
  readonly why: 'closed' | 'expired' | 'failed'
  readonly by: string
  readonly at: Instant
  readonly step: ClosingStep
  readonly since: Instant
}

/** The command that makes what the spike depends on. */
export type DependenciesUp = {
  readonly startedAt: Instant
  /** It is given up afterwards. */
  readonly deadline: Instant
  /** `never`: it did not even begin, so that there is nothing to take away. */
  readonly standing: 'running' | 'up' | 'failed' | 'never'
  /** What it said for the instances; secrets are named, and their values stay in the spike's folder. */
  readonly variables?: Variables
}

/** Tries of the command that takes it away again. */
export type DependenciesDown = {
  readonly attempt: number
  /** It is given up afterwards, and tried again. */
  readonly deadline: Instant
  readonly standing: 'running' | 'waits' | 'gone' | 'left'
  /** Waits until then for the next try. */
  readonly again?: Instant
  readonly because?: string
  /** Of the person who let it be. */
  readonly by?: string
}

/** An answer to the question, and figures that came with it. */
export type SpikeAnswer = {
  readonly text?: string
  readonly by: string
  readonly at: Instant
  readonly reports: readonly Json[]
}

/** The journal's state of one spike. */
export type SpikeState = {
  /** `payments.try-3`: also the name of its environment's lane. */
  readonly id: string
  readonly number: number
  readonly service: string
  readonly environment: string
  readonly owner: string
  readonly question?: string
  readonly settings: SpikeSettings
  readonly lifeMs: number
  readonly requestedAt: Instant
  readonly phase: SpikePhase
  /** The newest last. */
  readonly changes: readonly SpikeChange[]
  readonly up?: DependenciesUp
  readonly down?: DependenciesDown
  readonly openedAt?: Instant
  readonly until?: Instant
  /** The end that was warned of. */
  readonly warned?: Instant
  readonly ledger: Ledger
  readonly countedAt?: Instant
  readonly latency?: LatencyCounts
  readonly answers: readonly SpikeAnswer[]
  readonly closing?: Closing
  /** Why it failed. */
  readonly reasons: readonly Reason[]
  readonly endedAt?: Instant
}

/** One deployment of the spike's environment, as far as it matters. */
export type SpikeDeployment = Pick<DeploymentState, 'id' | 'phase' | 'standing' | 'reasons' | 'release'>

/** What a spike decides by. */
export type SpikeSight = {
  /** Of the newest change. */
  readonly run:
    | { readonly is: 'absent' | 'running' }
    | { readonly is: 'ended'; readonly release?: Digest; readonly passed: boolean; readonly text: string }
  readonly lane: LaneState | undefined
  /** That of the newest change, once it was ordered. */
  readonly deployment?: SpikeDeployment
  readonly up: Found<CommandEnd>
  readonly down: Found<CommandEnd>
  /** Why the command that goes on cannot be started, when that is known. */
  readonly problem?: string
  /** What `up` said for the instances, once it has ended. */
  readonly variables?: Variables
  /** What is wrong with that. */
  readonly variablesProblem?: string
  /** The last lines that a command printed which failed. */
  readonly said?: string
  readonly traffic: TrafficSeen
  /** What is still there of it; looked at while it closes. */
  readonly left: {
    /** Runs and deployments that go on, or have something left to do. */
    readonly work: number
    readonly gateway: boolean
    readonly fleets: number
    readonly folders: boolean
  }
}

export type SpikeCommand =
  | { readonly is: 'update'; readonly change: Omit<SpikeChange, 'standing'>; readonly lifeMs?: number }
  | { readonly is: 'extend'; readonly lifeMs: number; readonly by: string }
  | { readonly is: 'close'; readonly answer: Omit<SpikeAnswer, 'at'> }
  /** What `down` would take away is left behind: a person says so. */
  | { readonly is: 'leave'; readonly by: string }

export const spikeName = (number: number): string => `try-${number}`
export const spikeId = (service: string, number: number): string => `${service}.${spikeName(number)}`
/** Environments that come and go. */
export const isSpikeName = (environment: string): boolean => /^try-\d+$/.test(environment)

/** Figures of a whole life, by the gateway's ledger. */
export type SpikeNumbers = Tally & { readonly p50?: number; readonly p99?: number }
