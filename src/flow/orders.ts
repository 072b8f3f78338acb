import { type DeploymentKind, newLane } from '../deploy/index.ts'
import { type Digest, type Json, PlimsollError, shortDigest } from '../kernel/index.ts'
import { laneRef, readService } from './records.ts'
import type { Runner } from './runner.ts'
import { settingsFor } from './settings.ts'
import type { World } from './world.ts'

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
}

/** The gateway's port: as configured; otherwise a free one, chosen once and kept. */
async function portFor(world: World, lane: string, configured: number | undefined): Promise<number> {
  if (configured !== undefined) return configured
  const kept = await world.journal.note(`port/${lane}`)
  if (typeof kept === 'number') return kept
  const [port] = await world.instances.freePorts(1)
  if (port === undefined) throw new PlimsollError('PLM_PORT_IN_USE', 'no free port was found')
  await world.journal.setNote(`port/${lane}`, port)
  return port
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
  const lack = await instances.lacks(release, config?.environments[environment]?.target ?? 'process')
  if (lack === undefined) return
  const text = `the release ${shortDigest(release)} cannot run in ${environment}: ${lack}`
  throw new PlimsollError('PLM_IMAGE_MISSING', text)
}

/**
 * Asks for a deployment; durable when it returns.
 * @throws PLM_NOT_FOUND for an unknown service or environment
 */
export async function orderDeployment(world: World, runner: Runner, order: Order): Promise<void> {
  const config = (await readService(world.journal, order.service))?.guard?.config
  if (!config)
    throw new PlimsollError('PLM_NOT_FOUND', `${order.service} has no configuration yet: push it first`)
  const lane = laneRef(order.service, order.environment)
  const port = await portFor(world, lane.id, config.environments[order.environment]?.port)
  const settings = settingsFor(
    config,
    order.environment,
    port,
    world.dataFolder(
      order.service,
      order.environment,
      config.environments[order.environment]?.target ?? 'process',
    ),
  )
  const { name, kind, release, actor, reason, fix } = order
  await runner.create(lane, newLane(order.service, order.environment) as unknown as Json)
  const asked = { name, kind, release, actor, reason, settings, ...(fix === undefined ? {} : { fix }) }
  await runner.tell(lane, { is: 'order', order: asked })
}
