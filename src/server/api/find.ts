import { z } from 'zod'
import { type Change, type Repositories, readChange } from '../../changes/index.ts'
import type { DeploymentKind, LaneState } from '../../deploy/index.ts'
import type { Plimsoll } from '../../flow/plimsoll.ts'
import { type Digest, PlimsollError } from '../../kernel/index.ts'
import { runsOf } from '../views/records.ts'

export const place = z.object({ service: z.string(), environment: z.string() })
export type Place = z.infer<typeof place>

/** At least so many digits of a digest are needed to name a release. */
const shortestName = 6

/**
 * The release that a name means.
 * @throws PLM_NOT_FOUND, or PLM_USAGE when it may mean several
 */
export async function findRelease({ world }: Plimsoll, service: string, name: string): Promise<Digest> {
  const digits = name.replace(/^sha256:/, '')
  if (digits.length < shortestName)
    throw new PlimsollError(
      'PLM_USAGE',
      `${name} is too short: give at least ${shortestName} digits of the release`,
    )
  const known = new Set(
    (await runsOf(world, service)).flatMap((run) => (run.release && !run.trial ? [run.release.digest] : [])),
  )
  const found = [...known].filter((digest) => digest.startsWith(`sha256:${digits}`))
  const [only, other] = found
  if (!only) throw new PlimsollError('PLM_NOT_FOUND', `${service} has no release ${name}`)
  if (other) throw new PlimsollError('PLM_USAGE', `${name} may be any of ${found.join(', ')}`)
  return only
}

/** The release that is wanted: as named; without a name a way back leads to the one before. */
export async function releaseFor(
  plimsoll: Plimsoll,
  { service, environment }: Place,
  wish: { readonly kind: DeploymentKind; readonly release?: string | undefined },
  lane: LaneState | undefined,
): Promise<Digest> {
  if (wish.release) return findRelease(plimsoll, service, wish.release)
  if (wish.kind !== 'rollback') throw new PlimsollError('PLM_USAGE', `${wish.kind} needs a release`)
  const [before] = lane?.before ?? []
  if (!before)
    throw new PlimsollError('PLM_NOTHING_TO_ROLL_BACK', `nothing ran in ${environment} of ${service} before`)
  return before.release
}

/** The commit of a request, as the service's repository has it. @throws PLM_NOT_FOUND */
export async function changeFor(
  repositories: Repositories,
  service: string,
  commit: string,
  branch: string,
): Promise<Change> {
  const repository = await repositories.open(service)
  return readChange(repository, commit, branch).catch((error) => {
    throw new PlimsollError('PLM_NOT_FOUND', `${commit} is not in the repository of ${service}`, {
      cause: error,
    })
  })
}
