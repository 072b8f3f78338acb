import type { Engine } from '../../engine/index.ts'
import type { ContainersConfig } from '../../fleet/index.ts'
import type { Digest, Problem } from '../../kernel/index.ts'
import type { BlobStore, EvidenceStore } from '../../store/index.ts'
import type { PipelineConfig, ReleaseConfig } from '../config.ts'
import type { ChangeRef } from '../plan/change.ts'

/** Evaluates the configuration of a change's tree, isolated, and says what of it a run goes by. */
export type Evaluate = (
  service: string,
  change: ChangeRef,
  signal: AbortSignal,
) => Promise<
  | {
      readonly pipeline: PipelineConfig
      readonly release: ReleaseConfig
      readonly containers?: ContainersConfig
      readonly digest: Digest
    }
  | { readonly problems: readonly Problem[] }
>

/** Outputs kept between runs, by name. Forgetting any of them is harmless. */
export type Kept = {
  get(name: string): Promise<Digest | undefined>
  set(name: string, outputs: Digest): Promise<void>
}

export type WorkDeps = {
  /** Builds images, where there is something to build them with. */
  readonly engine: Engine
  /** Absolute; working directories are made below it. */
  readonly folder: string
  readonly blobs: BlobStore
  readonly evidence: EvidenceStore
  readonly kept: Kept
  readonly evaluate: Evaluate
  readonly hasSecret: (name: string) => boolean | Promise<boolean>
}
