import type { HttpRouteSettings } from '../deploy/index.ts'
import type { GroupSpec } from '../engine/index.ts'
import type {
  FleetId,
  GatewayConfig,
  ReleasedContainer,
  TargetName,
  TrafficSeen,
  Weights,
} from '../fleet/index.ts'
import type { CommandEnd, CommandSeen, CommandSpec } from '../host/index.ts'
import type {
  Clock,
  Digest,
  Fence,
  InstanceSize,
  Instant,
  Job,
  Key,
  MachineSize,
  Variables,
} from '../kernel/index.ts'
import type {
  CompareEnd,
  CompareProgress,
  CompareStart,
  LineTestEnd,
  LineTestProgress,
  LineTestStart,
} from '../load/index.ts'
import type { PostEnd, PostSpec } from '../notify/index.ts'
import type { WorkEnd, WorkSpec } from '../pipeline/index.ts'
import type { CarriedHistory, Loads, Peaks } from '../predict/index.ts'
import type { BlobStore, EvidenceStore, Journal } from '../store/index.ts'
import type { Access, Budgets } from '../watch/index.ts'
import type { Traces } from './traces/follower.ts'

/** What the gateway is to serve, as a deployment decides it. */
export type TrafficOrder = Weights & {
  readonly healthPath: string
  readonly requestTimeoutMs: number
  readonly routes?: HttpRouteSettings
  readonly gateway?: GatewayConfig
  readonly revision: number
}

/** Instances of a fleet as the gateway must know them. */
export type Upstreams = Readonly<Record<string, readonly UpstreamInstance[]>>
export type UpstreamInstance = { readonly index: number; readonly port: number; readonly release?: Digest }

/** What a fleet has answered in the last minutes. */
export type Lately = { readonly seconds: number; readonly requests: number; readonly failures: number }

export interface Gateways {
  /** Makes sure that the environment's gateway runs and gives it the table. */
  apply(order: TrafficOrder, upstreams: Upstreams, fence: Fence): Promise<void>
  observe(environment: string): Promise<TrafficSeen>
  /** What a fleet has answered lately, not before `since`; undefined while nobody has watched for long enough. */
  lately(environment: string, fleet: FleetId, since: Instant): Promise<Lately | undefined>
  /** Whether anything of an environment's gateway is left. */
  exists(environment: string): Promise<boolean>
  /** Ends it for good, when what is in flight has been answered. */
  remove(environment: string): Promise<void>
}

/** Where something of a spike lies. */
export type SpikeFolders = {
  /** Of the protected branch: the commands of its dependencies run in here. */
  readonly source: string
  /** Files that its `up` may write: lines of NAME=value. */
  readonly variables: string
  readonly secrets: string
}

/** What a spike has on this machine beside instances and gateway. */
export interface Spikes {
  foldersOf(spike: string): SpikeFolders
  /** Makes them afresh, with the files of a tree. */
  make(spike: string, source: { readonly repository: string; readonly tree: string }): Promise<void>
  /** What `up` said; secrets by name. Or all that is wrong with it. */
  variables(spike: string): Promise<{ readonly variables: Variables } | { readonly problem: string }>
  /** Whether a folder of it is there, data and jobs included. */
  exists(spike: string): Promise<boolean>
  /** Removes them all, and what repositories kept for it. Throws while something is at work in them. */
  remove(spike: string, refs: readonly { readonly repository: string; readonly ref: string }[]): Promise<void>
}

/** How an instance is looked at. */
export interface Instances {
  /** Asks the health path; false with the reason when it does not answer 2xx in time. */
  probe(port: number, path: string): Promise<{ readonly ok: boolean; readonly because?: string }>
  /** Where a worker makes a file when it is ready; another one for each of its processes. */
  readyFile(key: Key): Promise<string>
  isReady(key: Key): Promise<boolean>
  /** Asks for its metrics, as whoever reads them is let in; why it told none otherwise. */
  scrape(
    port: number,
    path: string,
    access: Access,
  ): Promise<{ readonly text: string } | { readonly because: string }>
  /** So many ports that nobody uses at this moment. */
  freePorts(count: number): Promise<number[]>
  /** Where a release lies ready for a target: the folder of its files, or the engine; undefined when it does not. */
  folderOf(release: Digest, target: TargetName): Promise<string | undefined>
  /** What a target would need of a release and does not find, for people; undefined when nothing is missing. */
  lacks(release: Digest, target: TargetName): Promise<string | undefined>
  /** Makes it ready. */
  unpack(release: Digest, target: TargetName): Promise<void>
  /** The name of the release that really runs: from its folder, or from the images of its containers. */
  runs(seen: CommandSeen, release: Digest): Promise<Digest | undefined>
  /** All that the machine has on which processes are started: they have no limits of their own. */
  machine(): Promise<MachineSize>
  /** How the containers of a release are started, by name; none when it was built without images. */
  containersOf(release: Digest): Promise<Readonly<Record<string, ReleasedContainer>>>
}

/** Commands of this machine, and groups of containers: one thing that begins, ends and has a log. */
export interface WorldCommands extends Job<CommandSpec | GroupSpec, CommandEnd> {
  /** What the containers of a group may use, as they were made; undefined for what is no group. */
  containerSize(key: Key): Promise<InstanceSize | undefined>
  running(key: Key): Promise<CommandSeen | undefined>
}

export interface Comparisons extends Job<CompareStart, CompareEnd> {
  /** Rounds so far, in the shape that the process of a comparison writes; undefined before the first. */
  progress(id: string): Promise<CompareProgress | undefined>
  /** Removes its folders; its log stays. */
  tidy(id: string): Promise<void>
}

/** Searches for the load line of an environment. */
export interface LoadTests extends Job<LineTestStart, LineTestEnd> {
  /** How far it is; undefined before its first step. */
  progress(id: string): Promise<LineTestProgress | undefined>
  tidy(id: string): Promise<void>
  /** Lets go of a change that a repository kept for one. */
  drop(kept: { readonly repository: string; readonly ref: string }): Promise<void>
}

/** What releases were made from. */
export interface History {
  /** Whether a commit of a service is, or comes after, another; undefined when either is not known. */
  holds(service: string, commit: string, other: string): Promise<boolean | undefined>
}

/** Everything outside of the stories. The crash simulator has another one of these. */
export type World = {
  readonly clock: Clock
  readonly journal: Journal
  readonly evidence: EvidenceStore
  readonly blobs: BlobStore
  readonly commands: WorldCommands
  readonly work: Job<WorkSpec, WorkEnd>
  /** Comparisons of two releases under load, each in a process of its own. */
  readonly comparisons: Comparisons
  /** Load tests of environments, each in a process of its own. */
  readonly loadTests: LoadTests
  readonly gateways: Gateways
  readonly instances: Instances
  readonly spikes: Spikes
  readonly history: History
  /** What is known of what services promise. */
  readonly budgets: Budgets
  /** What is known of how much environments are asked. */
  readonly loads: Loads
  /** What is known of how full things were. */
  readonly peaks: Peaks
  /** What is known of how much environments have carried, within what is promised. */
  readonly carried: CarriedHistory
  /** Messages to notifiers, each try of each. */
  readonly posts: Job<PostSpec, PostEnd>
  /** Who collects traces of runs and deployments, if anybody does. */
  readonly traces?: Traces
  /** Values of secrets by name. Throws PLM_SECRET_MISSING, naming all that have none. */
  secrets(names: readonly string[]): Promise<Readonly<Record<string, string>>>
  /** A folder that outlives releases; that of containers may be written to by any user of theirs. */
  dataFolder(service: string, environment: string, target: TargetName): string
  /** The last lines of what a command printed, secrets hidden. */
  lastLines(key: Key, count: number): Promise<readonly string[]>
  /** The working folder of a job, by its key. */
  jobFolder(key: Key): string
  /** Removes what a run that has ended leaves in folders; its logs stay. */
  tidy(run: string): Promise<void>
}
