import type { ServiceConfig } from '../config/schema.ts'
import { type DeploymentSettings, laneId, type Sized } from '../deploy/index.ts'
import { fleetSeen, type GivenLimits, type StartSpec, sizeAsked } from '../fleet/index.ts'
import {
  type Digest,
  type InstanceSize,
  instanceSizeText,
  type Limits,
  limitsInAll,
  limitsText,
  PlimsollError,
} from '../kernel/index.ts'
import { mainLimits } from '../predict/index.ts'
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

/** So little no container can run with. */
const leastBytes = 6 * 2 ** 20

/** What is asked of each instance in all, as far as somebody asked for it. */
function limitsAsked(size: InstanceSize, { cpus, memoryBytes }: Sized): Limits {
  const now = limitsInAll(size)
  return { cpus: cpus ?? now.cpus, memoryBytes: memoryBytes ?? now.memoryBytes }
}

/** @throws PLM_LOAD_SIZE when the others of its containers leave too little of it */
function givenFor(size: InstanceSize, sized: Sized, before: GivenLimits = {}): GivenLimits {
  const wanted = limitsAsked(size, sized)
  const { main, limits } = mainLimits(size, wanted)
  const { cpus, memoryBytes } = limits
  if ((cpus !== null && cpus <= 0) || (memoryBytes !== null && memoryBytes < leastBytes))
    throw new PlimsollError(
      'PLM_LOAD_SIZE',
      `${limitsText(wanted)} leave too little for ${main}: instances have ${instanceSizeText(size)}`,
    )
  const given = {
    ...before[main],
    ...(cpus === null || sized.cpus === undefined ? {} : { cpus }),
    ...(memoryBytes === null || sized.memoryBytes === undefined ? {} : { memoryBytes }),
  }
  return { ...before, [main]: given }
}

/**
 * How a release is brought when it is to be measured with other instances: what is asked for on top goes to the service's own
 * container, and is taken from it.
 * @throws PLM_LOAD_SIZE when there are no such instances
 */
export async function settingsSized(
  world: World,
  release: Digest,
  settings: DeploymentSettings,
  sized: Sized,
): Promise<DeploymentSettings> {
  const { start } = settings
  const instances = sized.instances ?? settings.instances
  if (sized.cpus === undefined && sized.memoryBytes === undefined) return { ...settings, instances }
  const size = await sizeAskedOf(world, release, start)
  if (!size)
    throw new PlimsollError(
      'PLM_LOAD_SIZE',
      'its instances are processes, which have no limits of their own: only instances can be asked for',
    )
  return { ...settings, instances, start: { ...start, limits: givenFor(size, sized, start.limits) } }
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
