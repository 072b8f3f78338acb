import type { ReleaseName } from '../../contract/index.ts'
import type { World } from '../../flow/world.ts'
import { type Digest, type Evidence, shortDigest } from '../../kernel/index.ts'
import type { ProvenanceBody } from '../../pipeline/index.ts'

const provenanceOf = (evidence: readonly Evidence[]): Evidence | undefined =>
  evidence.find((e) => e.kind === 'provenance')

/** A release as people call it. What is not known of it stays empty rather than guessed. */
export async function nameRelease(world: World, release: Digest): Promise<ReleaseName> {
  const evidence = provenanceOf(await world.evidence.about(release, ['provenance']))
  const body = evidence?.body as unknown as ProvenanceBody | undefined
  return {
    digest: release,
    short: shortDigest(release),
    commit: body?.change ?? '',
    subject: body?.subject ?? '',
    author: body?.author ?? '',
    builtAt: evidence?.at ?? 0,
  }
}
