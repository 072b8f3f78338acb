import type { ServiceConfig } from '../config/schema.ts'
import { laneId } from '../deploy/index.ts'
import { fleetSeen, type StartSpec, sizeAsked } from '../fleet/index.ts'
import type { Digest, InstanceSize } from '../kernel/index.ts'
import { readDeployment, readFleet, readLane } from './records.ts'
import { settingsFor } from './settings.ts'
import type { World } from './world.ts'

type Start = Pick<StartSpec, 'target' | 'limits'>

/** The size that containers of a release are to have when they are started so; undefined for processes, of which nobody asks for one. */
export async function sizeAskedOf(
  world: World,
  release: Digest | undefined,
  start: Start | undefined,
): Promise<InstanceSize | undefined> {
  if (release === undefined || start?.target !== 'docker') return undefined
  const containers = await world.instances.containersOf(release)
  return Object.keys(containers).length === 0 ? undefined : sizeAsked(containers, start.limits)
}

/** The size of instances as they would be started so: of processes, the machine's. */
const sizeStarted = async (
  world: World,
  release: Digest | undefined,
  start: Start,
): Promise<InstanceSize | undefined> =>
  start.target === 'docker'
    ? sizeAskedOf(world, release, start)
    : { is: 'machine', ...(await world.instances.machine()) }

/**
 * The size that instances of a release have in an environment: of what runs there, as it really is; of another, as it would be
 * brought there today. Undefined when nobody knows it.
 */
export async function sizeIn(
  world: World,
  config: ServiceConfig,
  environment: string,
  release: Digest | undefined,
): Promise<InstanceSize | undefined> {
  const live = (await readLane(world.journal, laneId(config.service, environment)))?.live
  if (live && live.release === release) {
    const { instances } = fleetSeen(await readFleet(world.journal, live.fleet))
    const seen = instances.find(({ size }) => size !== undefined)?.size
    if (seen) return seen
    const brought = await readDeployment(world.journal, live.deployment)
    if (brought) return sizeStarted(world, release, brought.settings.start)
  }
  return release && sizeStarted(world, release, settingsFor(config, environment, 0, '').start)
}
