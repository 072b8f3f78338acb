import type { InstanceSeen, TrafficSeen } from '../../../fleet/index.ts'
import type { CommandEnd } from '../../../host/index.ts'
import type {
  Digest,
  Fence,
  Found,
  InstanceSize,
  InstanceUse,
  Instant,
  Json,
  Reason,
} from '../../../kernel/index.ts'
import type { Drift } from '../in-step/index.ts'
import type { LaneState, Live } from '../lane-state.ts'
import type { DeploymentSettings, TaskSettings } from '../order.ts'
import type { Step } from './steps.ts'

/** The commands around a load test, and what becomes of the environment when nobody uses it. */
export type LifeSettings = {
  readonly wake?: TaskSettings
  readonly rest?: TaskSettings
  readonly clean?: TaskSettings
  readonly seed?: TaskSettings
  /** Without instances while it is not used. */
  readonly asleep: boolean
  /** What the load test is made by; undefined when the environment is only put to sleep. */
  readonly test?: Json
}

/** Why it is done: a release came, its time came, or somebody wants it. */
export type LifeCause = 'deployment' | 'schedule' | 'person'

export type LifeStanding = 'waiting' | 'running' | 'passed' | 'failed' | 'inconclusive' | 'cancelled'

export type StepDone = {
  readonly title: string
  readonly startedAt: Instant
  readonly endedAt?: Instant
  readonly because?: string
}

/** What a load test has found, in words of whoever makes it. */
export type TestFound = {
  readonly standing: 'passed' | 'failed' | 'inconclusive'
  readonly text: string
  readonly reasons: readonly Reason[]
  readonly body: Json
}

/** How what measured it ended: with a result, without one, or told to stop with everything else. */
export type TestEnd =
  | { readonly is: 'measured'; readonly found: TestFound }
  | { readonly is: 'failed'; readonly reasons: readonly Reason[] }
  | { readonly is: 'interrupted' }

/** A release that is measured without being live: it is brought for the load test, and taken away again. */
export type Guest = {
  readonly release: Digest
  /** How it is brought: as it would be brought into the environment that is followed. Known from the freeze on. */
  readonly deployed?: DeploymentSettings
}

/** The instances that somebody wants to have measured instead of those of the environment. */
export type Sized = {
  /** In all its containers together; what is not given stays as it is. */
  readonly cpus?: number
  readonly memoryBytes?: number
  readonly instances?: number
}

/** A change that goes through its pipeline first; what that builds is the guest. */
export type MeasuredChange = {
  readonly run: string
  readonly id: string
  readonly branch: string
  readonly subject: string
  /** Where the repository keeps it until the load test is over. */
  readonly kept?: { readonly repository: string; readonly ref: string }
}

/** What has become of the pipeline of such a change. */
export type ChangeSeen =
  | { readonly is: 'going'; readonly text: string }
  | { readonly is: 'ended'; readonly release: Digest }
  | { readonly is: 'ended'; readonly because: string }

/** The journal's record of one load test of an environment, from its freeze to its thaw. */
export type LifeState = {
  readonly id: string
  readonly number: number
  readonly service: string
  readonly environment: string
  readonly cause: LifeCause
  readonly actor: string
  readonly reason: string
  /** Which release is to be measured; whatever is live when not given. */
  readonly wanted?: Digest
  readonly change?: MeasuredChange
  readonly guest?: Guest
  /** The guest, which may be what is live, is measured with other instances than the environment has. */
  readonly sized?: Sized
  readonly settings: LifeSettings
  /** `restoring`: whatever has happened, the environment is being left as it was found. */
  readonly phase: 'waiting' | 'going' | 'restoring' | 'ended'
  readonly standing: LifeStanding
  readonly steps: readonly Step[]
  readonly at: number
  readonly rail: readonly StepDone[]
  /** What was live when it was frozen, how that was brought, and the fence of this turn. */
  readonly live?: Live
  readonly deployed?: DeploymentSettings
  readonly fence?: Fence
  /** Starts of the present command or test. */
  readonly tries: number
  readonly reasons: readonly Reason[]
  readonly text: string
  readonly cancelledBy?: string
  /** The environment that it was in step with. */
  readonly leader?: string
  /** Why what is measured does not count as the environment's load line; empty when it counts. */
  readonly doubts?: readonly string[]
  /** Of a guest: what differs because it does; that speaks against nothing. */
  readonly butFor?: readonly string[]
  /** The guest that has made the data its own. */
  readonly dataOf?: Digest
  /** What could not be put back as it was. */
  readonly left?: readonly string[]
  /** The data are among it. */
  readonly dataLeft?: true
  /** Of each instance, by its index: which of its processes requests were let in to. */
  readonly attempts?: readonly number[]
  /** When the search was seen to be over. */
  readonly foundAt?: Instant
  readonly found?: TestFound
  readonly size?: SizeMeasured
  readonly used?: InstanceUse
  readonly requestedAt: Instant
  readonly startedAt?: Instant
  readonly endedAt?: Instant
}

/** Of what size instances were that were measured. Neither: nobody knows it. */
export type SizeMeasured = {
  /** As it was configured; absent for processes, of which nobody can ask for one. */
  readonly asked?: InstanceSize
  /** As it really was. */
  readonly applied?: InstanceSize
}

/** What it decides by. */
export type LifeSight = {
  /** An older one of the same environment that has not ended. */
  readonly ahead?: string
  /** What else loads this machine and began before. */
  readonly busy?: string
  readonly lane: LaneState | undefined
  /** How what is live was brought. */
  readonly deployed?: DeploymentSettings
  /** Of a change whose pipeline has not been seen to end. */
  readonly change?: ChangeSeen
  /** How the guest would be brought, or why it cannot be; while it is not known yet. */
  readonly guest?: { readonly deployed: DeploymentSettings } | { readonly problem: string }
  /** Of whom the present step is about. */
  readonly instances: readonly InstanceSeen[]
  readonly traffic: TrafficSeen
  readonly task: Found<CommandEnd>
  readonly taskProblem?: string
  readonly test: Found<TestEnd>
  /** Of what is measured, once that is over: the size that was asked for, and how much of it was used. */
  readonly asked?: InstanceSize
  readonly used?: InstanceUse
  readonly drift?: Drift
  /** The evidence that it has left. */
  readonly kept?: Digest
  readonly watchedSince: Instant
}

export type LifeCommand = { readonly is: 'cancel'; readonly actor: string; readonly reason: string }

/** Kind of evidence: the highest rate that a release carried in an environment, alone. */
export const absoluteKind = 'absoluteLoadLine'

/** Where and how a load line was measured, and whether it counts for the environment. */
export type AbsoluteBody = {
  readonly test: string
  readonly standing: TestFound['standing']
  readonly text: string
  readonly reasons: readonly Reason[]
  readonly counts: boolean
  /** Why it does not count. */
  readonly doubts: readonly string[]
  /** Of a release that was brought to be measured: in whose place, and what differed because it did. */
  readonly guest?: { readonly instead: Digest; readonly butFor: readonly string[] }
  /** Measured on purpose with other instances: it says nothing of those that the environment has. */
  readonly sized?: Sized
  readonly place: {
    readonly environment: string
    readonly inStepWith: string | null
    readonly instances: number
    /** Absent in what was kept before anybody noted it: not known. */
    readonly size?: SizeMeasured
    /** How near its limits an instance came while its load line was searched. */
    readonly used?: InstanceUse
    readonly seeded: boolean
    readonly dependencies: boolean
  }
  readonly result: Json
}
