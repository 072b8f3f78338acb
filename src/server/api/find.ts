import { z } from 'zod'
import type { Plimsoll } from '../../flow/plimsoll.ts'
import { type Digest, PlimsollError } from '../../kernel/index.ts'
import { runsOf } from '../views/services.ts'

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
