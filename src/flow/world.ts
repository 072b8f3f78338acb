import type { FleetId, TrafficSeen, Weights } from '../fleet/index.ts'
import type { CommandEnd, CommandSeen, CommandSpec } from '../host/index.ts'
import type { Clock, Digest, Fence, Instant, Job, Key } from '../kernel/index.ts'
import type {
  CompareEnd,
  CompareProgress,
  CompareStart,
  LineTestEnd,
  LineTestProgress,
  LineTestStart,
} from '../load/index.ts'
import type { WorkEnd, WorkSpec } from '../pipeline/index.ts'
import type { BlobStore, EvidenceStore, Journal } from '../store/index.ts'

/** What the gateway is to serve, as a deployment decides it. */
export type TrafficOrder = Weights & {
  readonly healthPath: string
  readonly requestTimeoutMs: number
  readonly revision: number
}

/** Instances of a fleet as the gateway must know them. */
export type Upstreams = Readonly<Record<string, readonly { readonly index: number; readonly port: number }[]>>

/** What a fleet has answered in the last minutes. */
export type Lately = { readonly seconds: number; readonly requests: number; readonly failures: number }

export interface Gateways {
  /** Makes sure that the environment's gateway runs and gives it the table. */
  apply(order: TrafficOrder, upstreams: Upstreams, fence: Fence): Promise<void>
  observe(environment: string): Promise<TrafficSeen>
  /** What a fleet has answered lately, not before `since`; undefined while nobody has watched for long enough. */
  lately(environment: string, fleet: FleetId, since: Instant): Promise<Lately | undefined>
}

/** How an instance is looked at. */
export interface Instances {
  /** Asks the health path; false with the reason when it does not answer 2xx in time. */
  probe(port: number, path: string): Promise<{ readonly ok: boolean; readonly because?: string }>
  /** Where a worker makes a file when it is ready; another one for each of its processes. */
  readyFile(key: Key): Promise<string>
  isReady(key: Key): Promise<boolean>
  /** Asks for its metrics; why it told none otherwise. */
  scrape(port: number, path: string): Promise<{ readonly text: string } | { readonly because: string }>
  /** So many ports that nobody uses at this moment. */
  freePorts(count: number): Promise<number[]>
  /** The folder of an unpacked release; undefined when it is not there. */
  folderOf(release: Digest): Promise<string | undefined>
  unpack(release: Digest): Promise<void>
  /** Digest of the release's files in the folder that the process really runs in. */
  runs(pid: number, release: Digest): Promise<Digest | undefined>
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
}

/** Everything outside of the stories. The crash simulator has another one of these. */
export type World = {
  readonly clock: Clock
  readonly journal: Journal
  readonly evidence: EvidenceStore
  readonly blobs: BlobStore
  readonly commands: Job<CommandSpec, CommandEnd> & { running(key: Key): Promise<CommandSeen | undefined> }
  readonly work: Job<WorkSpec, WorkEnd>
  /** Comparisons of two releases under load, each in a process of its own. */
  readonly comparisons: Comparisons
  /** Load tests of environments, each in a process of its own. */
  readonly loadTests: LoadTests
  readonly gateways: Gateways
  readonly instances: Instances
  /** Values of secrets by name. Throws PLM_SECRET_MISSING, naming all that have none. */
  secrets(names: readonly string[]): Promise<Readonly<Record<string, string>>>
  /** A folder that outlives releases. */
  dataFolder(service: string, environment: string): string
  /** The working folder of a job, by its key. */
  jobFolder(key: Key): string
  /** Removes what a run that has ended leaves in folders; its logs stay. */
  tidy(run: string): Promise<void>
}
