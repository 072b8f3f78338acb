import type { ServiceConfig } from '../../src/config/schema.ts'
import type { Digest } from '../../src/kernel/index.ts'
import { pipelineConfig, releaseConfig, type WorkEnd, type WorkSpec } from '../../src/pipeline/index.ts'

export const digest = (text: string): Digest => `sha256:${text.padStart(64, '0')}`

/** A commit on a branch. */
export const change = (n: number) => ({
  id: `${n}`.repeat(40),
  short: `${n}`.repeat(12),
  branch: 'main',
  tree: 'b'.repeat(40),
  subject: `try ${n}`,
  author: 'Ada',
  at: n,
  repository: '/r.git',
})

/** What the server itself does in a run, without a disk. Each run builds a release of its own. */
export const workEnds =
  (config: ServiceConfig, digestOfConfig: () => Digest) =>
  (spec: WorkSpec): WorkEnd => {
    switch (spec.do) {
      case 'config':
        return {
          is: 'config',
          pipeline: pipelineConfig.parse(config.pipeline),
          release: releaseConfig.parse({}),
          digest: digestOfConfig(),
        }
      case 'prepare':
        return { is: 'prepared' }
      case 'collect':
        return { is: 'collected', reportProblems: [], missing: [], outputs: digest('d') }
      case 'bundle':
        return { is: 'bundled', release: digest(spec.change.id), sizeBytes: 1, evidence: [digest('f')] }
    }
  }
