import { guardWith } from '../config/guarded.ts'
import type { ServiceConfig } from '../config/schema.ts'
import {
  type DeploymentKind,
  type DeploymentSettings,
  type DeploymentState,
  laneId,
  newDeployment,
  newLane,
} from '../deploy/index.ts'
import type { TargetName } from '../fleet/index.ts'
import { type Digest, type Json, PlimsollError, shortDigest } from '../kernel/index.ts'
import { type ProvenanceBody, trialKinds } from '../pipeline/index.ts'
import { readJson } from '../store/index.ts'
import { laneRef, readDeployment, readLane, readService } from './records.ts'
import type { Runner } from './runner.ts'
import { inStepOf, settingsFor } from './settings.ts'
import type { World } from './world.ts'

/** The configuration that a release was made with; undefined when that is not known. */
async function configOf({ evidence, blobs }: World, release: Digest): Promise<ServiceConfig | undefined> {
  const known = await evidence.about(release, ['provenance', trialKinds.provenance])
  const from = known.find(({ kind }) => kind === 'provenance') ?? known[0]
  const digest = (from?.body as ProvenanceBody | undefined)?.config
  return digest && (await blobs.has(digest)) ? readJson<ServiceConfig>(blobs, digest) : undefined
}

export type Order = {
  /** The same name twice is one order. */
  readonly name: string
  readonly service: string
  readonly environment: string
  readonly release: Digest
  readonly kind: DeploymentKind
  readonly actor: string
  readonly reason: string
  readonly fix?: string | undefined
  /** Of an environment in step: how it was brought into the one that is followed; as that runs now when not given. */
  readonly there?: DeploymentSettings
}

const portNote = (lane: string): string => `port/${lane}`

/** Whoever comes next may have the port. */
export const forgetPort = (world: World, lane: string): Promise<void> =>
  world.journal.setNote(portNote(lane), null)

/** The gateway's port, as configured or chosen before. */
async function knownPort(
  world: World,
  lane: string,
  configured: number | undefined,
): Promise<number | undefined> {
  if (configured !== undefined) return configured
  const kept = await world.journal.note(portNote(lane))
  return typeof kept === 'number' ? kept : undefined
}

/** The gateway's port: as configured; otherwise a free one, chosen once and kept. */
async function portFor(world: World, lane: string, configured: number | undefined): Promise<number> {
  const known = await knownPort(world, lane, configured)
  if (known !== undefined) return known
  const [port] = await world.instances.freePorts(1)
  if (port === undefined) throw new PlimsollError('PLM_PORT_IN_USE', 'no free port was found')
  await world.journal.setNote(portNote(lane), port)
  return port
}

/** Of an environment in step: how the release was brought into the one that it follows, when it runs there. */
async function settingsThere(
  world: World,
  config: ServiceConfig,
  { service, environment, release, there }: Order,
): Promise<DeploymentSettings | undefined> {
  if (there) return there
  const inStep = inStepOf(config, environment)
  const live = inStep && (await readLane(world.journal, laneId(service, inStep.with)))?.live
  if (live?.release !== release) return undefined
  return (await readDeployment(world.journal, live.deployment))?.settings
}

/** @throws PLM_NOT_FOUND while nothing guards the service yet */
async function guardOf(world: World, service: string): Promise<ServiceConfig> {
  const config = (await readService(world.journal, service))?.guard?.config
  if (!config) throw new PlimsollError('PLM_NOT_FOUND', `${service} has no configuration yet: push it first`)
  return config
}

/** How a release starts and migrates is its own; what guards an environment is what guards it now. */
async function configFor(world: World, release: Digest, guard: ServiceConfig): Promise<ServiceConfig> {
  const own = await configOf(world, release)
  return own ? guardWith(own, guard) : guard
}

/**
 * How a release would be brought into an environment in step, were it brought today into the one that is followed.
 * @throws PLM_NOT_FOUND when it does not say how it is started
 */
export async function settingsToBring(
  world: World,
  { service, environment, release }: Pick<Order, 'service' | 'environment' | 'release'>,
  port: number,
): Promise<DeploymentSettings> {
  const config = await configFor(world, release, await guardOf(world, service))
  const dataFolder = world.dataFolder(service, environment, targetOf(config, environment))
  return settingsFor(config, environment, port, dataFolder)
}

/** Where instances run; one in step runs where the environment that it follows does. */
function targetOf({ environments }: ServiceConfig, environment: string): TargetName {
  const place = environments[environment]
  return (place?.inStepWith === undefined ? place : environments[place.inStepWith])?.target ?? 'process'
}

/** There is no gateway, and no port, where nobody asks anything. */
const isWorker = ({ start }: ServiceConfig): boolean => start?.port === false

/**
 * What a deployment that was ordered now would be, without ordering it: nothing is changed.
 * @throws PLM_NOT_FOUND for an unknown service or environment
 */
export async function wouldBe(world: World, order: Order): Promise<DeploymentState> {
  const { service, environment } = order
  const config = await configFor(world, order.release, await guardOf(world, service))
  const lane = laneRef(service, environment)
  const port = (await knownPort(world, lane.id, config.environments[environment]?.port)) ?? 0
  const settings = settingsFor(
    config,
    environment,
    port,
    'DATA_DIR',
    await settingsThere(world, config, order),
  )
  const number = ((await readLane(world.journal, lane.id))?.count ?? 0) + 1
  const { name, kind, release, actor, reason, fix } = order
  const asked = { name, kind, release, actor, reason, settings, ...(fix === undefined ? {} : { fix }) }
  return newDeployment(`${lane.id}.${number}`, number, { service, environment }, asked, world.clock.now())
}

/**
 * For orders by hand: whoever gives one hears at once that it cannot be.
 * @throws PLM_IMAGE_MISSING when the target does not find what it needs of the release
 */
export async function assertRuns(
  { instances, journal }: World,
  { service, environment, release }: Pick<Order, 'service' | 'environment' | 'release'>,
): Promise<void> {
  const config = (await readService(journal, service))?.guard?.config
  const lack = await instances.lacks(release, config ? targetOf(config, environment) : 'process')
  if (lack === undefined) return
  const text = `the release ${shortDigest(release)} cannot run in ${environment}: ${lack}`
  throw new PlimsollError('PLM_IMAGE_MISSING', text)
}

/**
 * Asks for a deployment; durable when it returns.
 * @throws PLM_NOT_FOUND for an unknown service or environment
 */
export async function orderDeployment(world: World, runner: Runner, order: Order): Promise<void> {
  const config = await configFor(world, order.release, await guardOf(world, order.service))
  await orderBy(world, runner, config, order)
}

/** Asks for a deployment as a configuration has it that the caller answers for. */
export async function orderBy(
  world: World,
  runner: Runner,
  config: ServiceConfig,
  order: Order,
): Promise<void> {
  const lane = laneRef(order.service, order.environment)
  const port = isWorker(config)
    ? 0
    : await portFor(world, lane.id, config.environments[order.environment]?.port)
  const settings = settingsFor(
    config,
    order.environment,
    port,
    world.dataFolder(order.service, order.environment, targetOf(config, order.environment)),
    await settingsThere(world, config, order),
  )
  const { name, kind, release, actor, reason, fix } = order
  await runner.create(lane, newLane(order.service, order.environment) as unknown as Json)
  const asked = { name, kind, release, actor, reason, settings, ...(fix === undefined ? {} : { fix }) }
  await runner.tell(lane, { is: 'order', order: asked })
}
