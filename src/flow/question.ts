import { type DeploymentState, laneId, staysIn } from '../deploy/index.ts'
import { fleetSeen } from '../fleet/index.ts'
import type { Before, GateQuestion } from '../kernel/index.ts'
import { readFleet, readLane, readService } from './records.ts'
import type { World } from './world.ts'

/** How the release has fared in the environment that it comes from. */
async function beforeOf(world: World, state: DeploymentState): Promise<Before | undefined> {
  const { service, environment, release } = state
  const config = (await readService(world.journal, service))?.guard?.config
  const after = config?.environments[environment]?.after
  const lane = after === undefined ? undefined : await readLane(world.journal, laneId(service, after))
  if (after === undefined || !lane) return undefined
  const runs = lane.live?.release === release ? await readFleet(world.journal, lane.live.fleet) : undefined
  const crashes = fleetSeen(runs).instances.reduce((sum, instance) => sum + instance.crashes, 0)
  const rejectedBy = lane.rejected[release]
  return {
    environment: after,
    stays: staysIn(lane, release),
    crashes,
    ...(rejectedBy === undefined ? {} : { rejectedBy }),
  }
}

/** What the gates of a deployment are asked, as things stand now. */
export async function questionOf(world: World, state: DeploymentState): Promise<GateQuestion> {
  const { id, phase, service, environment, release, requestedAt, fix } = state
  const lane = await readLane(world.journal, laneId(service, environment))
  const before = await beforeOf(world, state)
  return {
    service,
    environment,
    release,
    askedAt: requestedAt,
    deployment: id,
    hasTurn: phase === 'gating',
    ...(lane?.live ? { live: lane.live.release } : {}),
    ...(fix === undefined ? {} : { fix }),
    ...(before ? { before } : {}),
  }
}
