import type { CheckCommand } from '../../deploy/index.ts'
import type { Digest, EvidenceDraft } from '../../kernel/index.ts'
import type { ProvenanceBody } from '../../pipeline/index.ts'
import { runInRelease } from '../release-command.ts'
import type { Doer } from '../story.ts'
import type { World } from '../world.ts'

type CheckStart = CheckCommand & {
  readonly service: string
  readonly environment: string
  readonly release: Digest
  readonly graceMs: number
}

const start =
  (world: World): Doer =>
  async ({ key, spec }) => {
    const { service, environment, ...wanted } = spec as unknown as CheckStart
    const [from] = await world.evidence.about(wanted.release, ['provenance'])
    const commit = (from?.body as ProvenanceBody | undefined)?.commit
    const own = { SERVICE: service, ENVIRONMENT: environment, ...(commit ? { COMMIT: commit } : {}) }
    await runInRelease(world, key, wanted, own)
  }

export const checkDoers = (world: World): Readonly<Record<string, Doer>> => ({
  'check.start': start(world),
  'check.keep': async ({ spec }) => {
    await world.evidence.put(spec as unknown as EvidenceDraft)
  },
})
