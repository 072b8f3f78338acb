import type { ContainersConfig } from '../../fleet/index.ts'
import type { Digest, Instant, Json, Key, Problem, Variables } from '../../kernel/index.ts'
import type { PipelineConfig, ReleaseConfig } from '../config.ts'
import type { ChangeRef } from './change.ts'
import type { ProvenanceBody, TestsBody } from './evidence.ts'
import type { CachePlan, ImagePlan } from './plan.ts'

/** What the effect `command.start` carries: one try of a step. */
export type StepStart = {
  readonly key: Key
  /** Shell command, for `sh -eu -c`. */
  readonly run: string
  /** Names the job's working directory. */
  readonly cwdKey: Key
  /** Image to run it in, by digest; without one it runs on this machine. */
  readonly image?: Digest
  /** Secrets by name; PATH and the like are added by the place where it runs. */
  readonly env: Variables
  readonly timeoutMs: number
  readonly graceMs: number
}

/** Evaluates the configuration of the change's tree. */
export type ConfigSpec = { readonly do: 'config'; readonly service: string; readonly change: ChangeRef }

/** A fresh working directory: the tree, the outputs of the jobs that are needed, what was kept. */
export type PrepareSpec = {
  readonly do: 'prepare'
  readonly folder: Key
  readonly service: string
  readonly change: ChangeRef
  /** Keeps and finds under the protected branches' name; other branches read that and write to their own. */
  readonly trusted: boolean
  /** Outputs to lay over the tree, in this order. */
  readonly outputs: readonly Digest[]
  /** Secrets that must have a value. */
  readonly secrets: readonly string[]
  /** `recipe`: what else, beside the files of the key, must be the same for a hit. */
  readonly cache?: CachePlan & { readonly recipe: Json }
  /** Reports that lie in the tree are removed: only what this job writes counts. */
  readonly junit?: string
  /** The image to have at hand for its steps. */
  readonly container?: ImagePlan
}

/** Reads the reports of a job and, when it passed, packs its outputs. */
export type CollectSpec = {
  readonly do: 'collect'
  readonly folder: Key
  readonly passed: boolean
  readonly outputs: readonly string[]
  readonly junit?: string
  /** Where to keep the outputs for later runs. */
  readonly keepAs?: string
}

/** Packs the release and puts its evidence. */
export type BundleSpec = {
  readonly do: 'bundle'
  readonly folder: Key
  readonly change: ChangeRef
  readonly outputs: readonly Digest[]
  readonly include: readonly string[]
  readonly exclude: readonly string[]
  /** Images to build, or find, for the release. */
  readonly containers?: ContainersConfig
  /** Bodies of the evidence by kind. */
  readonly evidence: { readonly tests?: TestsBody; readonly provenance: ProvenanceBody }
  readonly at: Instant
}

export type WorkSpec = ConfigSpec | PrepareSpec | CollectSpec | BundleSpec

export type TestFailure = { readonly name: string; readonly message: string }

/** What the reports of a job say. `failures` may be cut short, the numbers are not. */
export type TestSummary = {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  readonly suites: number
  readonly failures: readonly TestFailure[]
}

export type ConfigEnd = {
  readonly is: 'config'
  readonly pipeline: PipelineConfig
  readonly release: ReleaseConfig
  readonly containers?: ContainersConfig
  readonly digest: Digest
}
export type PreparedEnd = {
  readonly is: 'prepared'
  /** Name under which outputs of this job may be kept. */
  readonly keepAs?: string
  /** The outputs that were kept and are now in the folder. */
  readonly kept?: Digest
  /** The image in which its steps run. */
  readonly image?: Digest
}
export type CollectedEnd = {
  readonly is: 'collected'
  readonly tests?: TestSummary
  /** Why the reports say nothing, or not all. */
  readonly reportProblems: readonly string[]
  /** Declared outputs that are not there. */
  readonly missing: readonly string[]
  readonly outputs?: Digest
}
export type BundledEnd = {
  readonly is: 'bundled'
  readonly release: Digest
  readonly sizeBytes: number
  /** Images of its containers by name, when it has some. */
  readonly images?: Readonly<Record<string, Digest>>
  readonly evidence: readonly [Digest, ...Digest[]]
}

/** How work ended. `problems`: the configuration is wrong. `failed`: it could not be done at all. */
export type WorkEnd =
  | ConfigEnd
  | { readonly is: 'problems'; readonly problems: readonly Problem[] }
  | PreparedEnd
  | CollectedEnd
  | BundledEnd
  | { readonly is: 'failed'; readonly because: string }
  | { readonly is: 'cancelled' }
