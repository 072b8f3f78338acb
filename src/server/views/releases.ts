import type { ReleaseName } from '../../contract/index.ts'
import type { World } from '../../flow/world.ts'
import { type Digest, type Evidence, shortDigest } from '../../kernel/index.ts'
import { type ProvenanceBody, trialKinds } from '../../pipeline/index.ts'

/** What a trial built may be built again for good: then it is called by that. */
const provenanceOf = (evidence: readonly Evidence[]): Evidence | undefined =>
  evidence.find((e) => e.kind === 'provenance') ?? evidence.find((e) => e.kind === trialKinds.provenance)

/** A release as people call it. What is not known of it stays empty rather than guessed. */
export async function nameRelease(world: World, release: Digest): Promise<ReleaseName> {
  const evidence = provenanceOf(await world.evidence.about(release, ['provenance', trialKinds.provenance]))
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
