import type { World } from '../flow/world.ts'
import { type Digest, type Evidence, type Json, PlimsollError } from '../kernel/index.ts'
import type { ComparisonEvidence } from '../load/index.ts'
import { runsOf } from './views/records.ts'

/** The release that was built from a commit, or that has this digest; the newest when there are several. */
async function releaseOf(
  world: World,
  service: string,
  side: 'base' | 'change',
  exactly: string,
): Promise<Digest> {
  const found = (await runsOf(world, service)).find(
    ({ release, change }) => release && (release.digest === exactly || change.id === exactly),
  )
  if (found?.release) return found.release.digest
  throw new PlimsollError('PLM_NOT_FOUND', [
    {
      at: `about.${side}.exactly`,
      text: `${service} has no release of ${exactly}: only what was compared as a commit or a release can be imported`,
    },
  ])
}

/**
 * Keeps a comparison that was made elsewhere as evidence about the release that it was about.
 * @throws PLM_NOT_FOUND when one of its sides is no release here
 */
export async function importComparison(
  world: World,
  service: string,
  environment: string,
  found: ComparisonEvidence,
  actor: string,
): Promise<Evidence> {
  const release = await releaseOf(world, service, 'change', found.about.change.exactly)
  const against = await releaseOf(world, service, 'base', found.about.base.exactly)
  return world.evidence.put({
    kind: 'loadLine',
    at: Math.round(found.startedAt + found.elapsedMs),
    about: { release, environment, against },
    body: { is: 'compared', importedBy: actor, ...found } as unknown as Json,
  })
}
