import type { InstanceSeen, TrafficSeen } from '../../../fleet/index.ts'
import type { Digest, Fence, InstanceSize, Instant, Reason } from '../../../kernel/index.ts'
import type { JudgeState } from '../judge/index.ts'
import type { LaneState, Live } from '../lane-state.ts'
import type { DeploymentSettings } from '../order.ts'
import type { Mark } from './counting.ts'
import type { SqueezedBefore } from './instance.ts'
import type { Bet, Promised } from './promised.ts'

/** By what an environment is squeezed; times in milliseconds. */
export type SqueezeSettings = {
  /** Of the requests of its fleet, for one instance: ascending, above an even share; chosen when not given. */
  readonly shares?: readonly number[]
  /** No instance gets more, whatever is asked. */
  readonly maxShare: number
  /** The number of the one that is squeezed; chosen when not given. */
  readonly instance?: number
  /** Enough is known once the instance has carried so many requests a second. */
  readonly toPerSecond?: number
  /** So long each stage is watched. */
  readonly watchMs: number
  /** It is over after so long, whatever is known. */
  readonly atMostMs: number
  /** Chance of calling an instance worse that is as good as the others, over all stages. */
  readonly alpha: number
  readonly minRequests: number
  readonly promises: readonly Promised[]
}

/** A stage as it went: how much the instance was asked, and what became of it. */
export type StageDone = {
  readonly share: number
  /** Sent to the instance, and to each of the others on average, per second. */
  readonly ratePerSecond: number
  readonly othersPerSecond: number
  readonly requests: number
  readonly watchedMs: number
  readonly is: 'passed' | 'failed'
  /** Why it failed: what is promised was not kept, or it is worse than the others. */
  readonly how?: 'promise' | 'worse'
  readonly text: string
}

/** The stage that goes on. */
export type StageNow = {
  readonly share: number
  readonly startedAt: Instant
  /** Who has told the gateway, and until when it holds. */
  readonly owner: string
  readonly renewedAt: Instant
  /** The gateway process whose counts are read. */
  readonly since?: Instant
  /** What was counted when it had settled, and since then. */
  readonly from?: Mark
  readonly at?: Mark
  readonly judge?: JudgeState
  readonly bets?: readonly Bet[]
  readonly text: string
}

export type SqueezeFound = {
  /** `found`: the end of what it carries lies within the interval; `atLeast`: it was not reached; `below`: even less. */
  readonly verdict: 'found' | 'atLeast' | 'below'
  readonly ratePerSecond: number
  readonly interval: { readonly low: number; readonly high: number } | null
}

export type SqueezeStanding = 'waiting' | 'running' | 'passed' | 'inconclusive' | 'refused'

/** The journal's record of one squeeze of an environment. */
export type SqueezeState = {
  readonly id: string
  readonly number: number
  readonly service: string
  readonly environment: string
  readonly name: string
  readonly actor: string
  readonly reason: string
  readonly settings: SqueezeSettings
  /** `restoring`: whatever has happened, requests are being split evenly again. */
  readonly phase: 'waiting' | 'squeezing' | 'restoring' | 'ended'
  readonly standing: SqueezeStanding
  readonly text: string
  /** Why it ended. */
  readonly reasons: readonly Reason[]
  /** Since when the gateway's tables are made here, in order. */
  readonly table: number
  readonly live?: Live
  readonly deployed?: DeploymentSettings
  readonly fence?: Fence
  /** Index of the instance that is squeezed, and the processes that ran when it began. */
  readonly instance?: number
  readonly processes?: readonly string[]
  /** What that instance may use. */
  readonly size?: InstanceSize
  readonly stage?: StageNow
  readonly stages: readonly StageDone[]
  readonly restore?: { readonly startedAt: Instant; readonly toldAt: Instant }
  readonly found?: SqueezeFound
  readonly requestedAt: Instant
  readonly startedAt?: Instant
  readonly endedAt?: Instant
}

/** Something that fires where it is squeezed. */
export type FiringSeen = { readonly severity: 'page' | 'ticket'; readonly text: string }

/** What it decides by. */
export type SqueezeSight = {
  /** The server that looks; another one comes after it dies. */
  readonly owner: string
  readonly lane: LaneState | undefined
  /** How what is live was brought. */
  readonly deployed?: DeploymentSettings
  readonly instances: readonly InstanceSeen[]
  readonly traffic: TrafficSeen
  readonly firing: readonly FiringSeen[]
  /** What was squeezed there before; looked up while nothing has begun. */
  readonly before?: readonly SqueezedBefore[]
}

export type SqueezeCommand =
  | { readonly is: 'stop'; readonly actor: string; readonly reason: string }
  /** The server ends in order, and nobody would look on. */
  | { readonly is: 'leave' }

/** Kind of evidence: the highest rate that one instance of a release carried, beside others and under real load. */
export const squeezedKind = 'squeezedLoadLine'

export type SqueezedBody = {
  readonly squeeze: string
  readonly text: string
  readonly place: {
    readonly environment: string
    /** That were squeezed, of so many; and its number. */
    readonly instances: 1
    readonly instance: number
    readonly of: number
    readonly target: string
    /** As it really was; absent: not known. */
    readonly size?: { readonly applied: InstanceSize }
    /** Whether instances keep data in a folder. */
    readonly data: boolean
  }
  readonly promises: readonly Promised[]
  readonly result: SqueezeFound
  readonly stages: readonly StageDone[]
}

export const squeezeId = (service: string, environment: string, number: number): string =>
  `${service}.${environment}.squeeze-${number}`

/** Whether a name is that of a squeeze. */
export const isSqueeze = (name: string): boolean => /\.squeeze-\d+$/.test(name)

/** Of the environment of a squeeze, for evidence. */
export type Brought = { readonly release: Digest; readonly deployed: DeploymentSettings }
