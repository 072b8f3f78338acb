import {
  type Compatibility,
  compatibleName,
  type DeploymentState,
  type Floor,
  type GateSeen,
  judgeCompatible,
  type LaneState,
  laneId,
  type Met,
  unmet,
  waiverOf,
} from '../deploy/index.ts'
import type { Digest } from '../kernel/index.ts'
import type { ProvenanceBody } from '../pipeline/index.ts'
import { readDeployment, readLane } from './records.ts'
import type { World } from './world.ts'
import { zoneIn } from './zone.ts'

const provenanceOf = async (world: World, release: Digest) =>
  (await world.evidence.about(release, ['provenance']))[0]

/** What each migration asks of a release, and whether it has it; a migration's own release has. */
async function metBy(
  world: World,
  service: string,
  release: Digest,
  floors: readonly Floor[],
): Promise<Met[]> {
  const others = floors.filter((floor) => floor.release !== release)
  if (others.length === 0) return []
  const from = (await provenanceOf(world, release))?.body as unknown as ProvenanceBody | undefined
  const commit = from?.commit ?? undefined
  return Promise.all(
    others.map(async (floor) => ({
      floor,
      holds: commit === undefined ? undefined : await world.history.holds(service, commit, floor.commit),
    })),
  )
}

/** What the migration of this deployment will ask for, once it runs. */
function ownFloor({ settings, release, id, kind }: DeploymentState, now: number): readonly Floor[] {
  const commit = kind === 'rollback' ? undefined : settings.migrate?.oldestCompatible
  return commit === undefined ? [] : [{ commit, release, deployment: id, at: now }]
}

async function compatibilityOf(
  world: World,
  { service, release }: DeploymentState,
  lane: LaneState | undefined,
  own: readonly Floor[],
): Promise<Compatibility> {
  const floors = lane?.floors ?? []
  const live = lane?.live?.release
  return {
    release,
    asked: await metBy(world, service, release, floors),
    ...(live && live !== release
      ? { live: { release: live, asked: await metBy(world, service, live, [...floors, ...own]) } }
      : {}),
    provenance: (await provenanceOf(world, release))?.id,
    timeZone: await zoneIn(world, service),
  }
}

/** The gate that every environment has, as soon as a migration has asked for something, or is about to. */
export async function judgeData(world: World, state: DeploymentState): Promise<GateSeen[]> {
  const now = world.clock.now()
  const lane = await readLane(world.journal, laneId(state.service, state.environment))
  const own = ownFloor(state, now)
  if ((lane?.floors ?? []).length + own.length === 0) return []
  const judged = judgeCompatible(await compatibilityOf(world, state, lane, own))
  const waiver = judged.verdict.is === 'pass' ? undefined : waiverOf(lane?.waivers, compatibleName, now)
  return [{ name: compatibleName, ...judged, ...(waiver ? { waiver } : {}) }]
}

const isWaived = (world: World, lane: LaneState): boolean =>
  waiverOf(lane.waivers, compatibleName, world.clock.now()) !== undefined

/** Why a release must not come here, with the data as they are; undefined when it may, or a person has waived it. */
export async function tooOldFor(
  world: World,
  lane: LaneState | undefined,
  release: Digest,
): Promise<string | undefined> {
  if (!lane || isWaived(world, lane)) return undefined
  const asked = await metBy(world, lane.service, release, lane.floors ?? [])
  if (asked.length === 0) return undefined
  const reasons = unmet(release, asked, await zoneIn(world, lane.service))
  return reasons.length === 0 ? undefined : reasons.map(({ text }) => text).join('; ')
}

/** Why a deployment that goes on cannot be turned round; undefined when it can, or a person has waived it. */
export async function noTurningRound(
  world: World,
  lane: LaneState | undefined,
  deployment: string,
): Promise<string | undefined> {
  const state = await readDeployment(world.journal, deployment)
  return lane && !isWaived(world, lane) && state?.phase === 'moving' ? state.noWayBack : undefined
}

/** Why `rollback` is refused here: of the deployment that goes on, or of the release before. */
export async function noRollback(world: World, lane: LaneState | undefined): Promise<string | undefined> {
  const running = lane?.holder?.deployment
  if (running !== undefined) return noTurningRound(world, lane, running)
  const before = lane?.before[0]?.release
  return before && tooOldFor(world, lane, before)
}
