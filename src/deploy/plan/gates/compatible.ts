import {
  type Digest,
  inconclusive,
  momentIn,
  pass,
  type Reason,
  shortDigest,
  type Verdict,
} from '../../../kernel/index.ts'
import type { Floor } from '../lane-state.ts'

/** The name of the gate that every environment has: the release works with the data that are there. */
export const compatibleName = 'oldestCompatible'

/** Whether a release holds the commit that a migration asks for; undefined when nobody can tell. */
export type Met = { readonly floor: Floor; readonly holds: boolean | undefined }

const shortCommit = (commit: string): string => commit.slice(0, 12)

/** Why a release does not work with the data; empty when it does. @param timeZone whose clocks tell when that began */
export function unmet(release: Digest, asked: readonly Met[], timeZone: string): readonly Reason[] {
  return asked
    .filter(({ holds }) => holds !== true)
    .map(({ floor, holds }) => {
      const commit = shortCommit(floor.commit)
      const what =
        holds === undefined
          ? `nobody can tell whether release ${shortDigest(release)} holds commit ${commit}`
          : `release ${shortDigest(release)} is older than commit ${commit}`
      return {
        text: `${what}, the oldest that works with the data since the migration of release ${shortDigest(floor.release)} (${floor.deployment}, ${momentIn(timeZone, floor.at)})`,
      }
    })
}

/** What the gate judges by, beside the evidence: what is asked of the new release, and of the one that runs. */
export type Compatibility = {
  readonly release: Digest
  readonly asked: readonly Met[]
  /** What runs here, and what is asked of it by the data and by the migration that is about to run beside it. */
  readonly live?: { readonly release: Digest; readonly asked: readonly Met[] }
  /** Evidence of where the release comes from. */
  readonly provenance: Digest | undefined
  /** Whose clocks tell the times in reasons. */
  readonly timeZone: string
}

const verdictOn = (asked: readonly Met[], reasons: readonly Reason[]): Verdict => ({
  is: asked.some(({ holds }) => holds === false) ? 'fail' : 'inconclusive',
  reasons,
})

/**
 * Holds when the release works with the data, and what runs beside it while they are migrated does, too.
 * @returns the verdict, and why what runs could not come back afterwards, if so
 */
export function judgeCompatible({ release, asked, live, provenance, timeZone }: Compatibility): {
  readonly verdict: Verdict
  readonly oneWay?: string
} {
  const liveAsked = live?.asked ?? []
  const beside = live ? unmet(live.release, liveAsked, timeZone) : []
  const oneWay = beside.map(({ text }) => text).join('; ')
  const said = oneWay === '' ? {} : { oneWay }
  const old = unmet(release, asked, timeZone)
  if (old.length > 0) return { verdict: verdictOn(asked, old), ...said }
  const stranded = beside.map(({ text }) => ({
    text: `what runs here would not work with the data: ${text}`,
    next: 'bring a release in between first',
  }))
  if (stranded.length > 0) return { verdict: verdictOn(liveAsked, stranded), ...said }
  const verdict = provenance ? pass(provenance) : inconclusive('nobody knows where this release comes from')
  return { verdict }
}
