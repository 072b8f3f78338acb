import type { ServiceConfig } from '../config/schema.ts'
import {
  type DeploymentSettings,
  isSpikeName,
  type LaneState,
  laneId,
  takesRequests,
} from '../deploy/index.ts'
import { type FleetState, fleetSeen, instanceKey } from '../fleet/index.ts'
import { shortDigest } from '../kernel/index.ts'
import type { PrometheusElsewhere, Target, Watched, WatchedInstance } from '../watch/collect/index.ts'
import { heartbeatsIn } from './heartbeats.ts'
import { readDeployment } from './records.ts'
import type { ServiceState } from './service.ts'
import type { World } from './world.ts'

type Common = Pick<
  Watched,
  'service' | 'environment' | 'intervalMs' | 'mostSamples' | 'belowMs' | 'probes' | 'hasHeartbeats'
>

function commonOf(config: ServiceConfig, environment: string): Common {
  const { service, watch, slos, probes } = config
  return {
    service,
    environment,
    intervalMs: watch.interval,
    mostSamples: watch.mostSamples,
    belowMs: slos.flatMap((one) => (one.kind === 'latency' ? [one.below] : [])),
    probes: probes.filter(({ in: places }) => places?.includes(environment) ?? true),
    hasHeartbeats: heartbeatsIn(config).some((one) => one.environment === environment),
  }
}

/** A label that tells targets apart: the host alone is not enough where there are several on it. */
const instanceOf = (url: string): string => {
  const { host, pathname } = new URL(url)
  return pathname === '/metrics' ? host : `${host}${pathname}`
}

const prometheusOf = (
  service: string,
  { url, selector = `job="${service}"`, rate, errors, latency, ...access }: PrometheusElsewhere,
): NonNullable<Watched['prometheus']> => ({ url, selector, rate, errors, latency, access })

function elsewhereOf(config: ServiceConfig): Watched[] {
  return Object.entries(config.watch.elsewhere).map(
    ([environment, { address, metrics = [], prometheus }]) => {
      const targets = metrics.map(({ url: place, ...access }) => {
        const url = new URL(place, address).href
        return { url, access, instance: instanceOf(url) }
      })
      return {
        ...commonOf(config, environment),
        ...(address === undefined ? {} : { address }),
        targets,
        ...(prometheus ? { prometheus: prometheusOf(config.service, prometheus) } : {}),
        instances: [],
      }
    },
  )
}

function instancesIn(fleets: readonly FleetState[]): WatchedInstance[] {
  return fleets.flatMap(({ want: { fleet, release }, instances }) =>
    instances
      .filter(({ attempt }) => attempt > 0)
      .map(({ index, attempt, restarts = 0, kills }) => ({
        instance: `${fleet}/${index}`,
        version: shortDigest(release),
        fleet,
        restarts,
        ...(kills ? { kills } : {}),
        key: instanceKey(fleet, index, attempt),
      })),
  )
}

/** One that starts, or is to be started again, has nothing to tell yet. */
const tells = new Set(['ready', 'unhealthy'])

function targetsIn(fleets: readonly FleetState[], access: Target['access']): Target[] {
  return fleets.flatMap((state) => {
    const { start, release } = state.want
    const path = start.metricsPath
    if (path === undefined) return []
    return fleetSeen(state)
      .instances.filter(({ phase, port }) => port !== undefined && tells.has(phase))
      .map(({ id, port }) => ({
        instance: id,
        url: `http://127.0.0.1:${port}${path}`,
        version: shortDigest(release),
        ...(access ? { access } : {}),
      }))
  })
}

/** How what runs there, or comes there, was configured. */
async function settingsIn(world: World, lane: LaneState): Promise<DeploymentSettings | undefined> {
  const id = lane.live?.deployment ?? lane.holder?.deployment
  return id === undefined ? undefined : (await readDeployment(world.journal, id))?.settings
}

async function environmentOf(
  world: World,
  config: ServiceConfig,
  lane: LaneState,
  fleets: readonly FleetState[],
): Promise<Watched> {
  const settings = await settingsIn(world, lane)
  const isAwake = (lane.live?.size ?? 0) > 0
  const common = commonOf(config, lane.environment)
  const hasGateway = settings !== undefined && takesRequests(settings) && (isAwake || fleets.length > 0)
  return {
    ...common,
    ...(hasGateway
      ? { gateway: laneId(config.service, lane.environment), address: `http://127.0.0.1:${settings.port}` }
      : {}),
    targets: targetsIn(fleets, config.watch.metrics),
    instances: instancesIn(fleets),
    // What sleeps does not answer, and is not ill.
    probes: isAwake ? common.probes : [],
  }
}

/** Everything that there is to watch: what Plimsoll runs, spikes aside, and what its services say runs elsewhere. */
export async function watchedIn(world: World): Promise<readonly Watched[]> {
  const { journal } = world
  const [services, lanes, fleets] = await Promise.all([
    journal.list({ kind: 'service' }),
    journal.list({ kind: 'environment' }),
    journal.list({ kind: 'fleet', ended: false }),
  ])
  // Records of one kind are written by one machine, so their state has its type.
  const byPlace = Map.groupBy(
    fleets.map(({ state }) => state as unknown as FleetState),
    ({ want }) => laneId(want.service, want.environment),
  )
  const all = services.map(async ({ state }): Promise<Watched[]> => {
    const { name, guard } = state as unknown as ServiceState
    if (!guard) return []
    const own = lanes
      .map((record) => record.state as unknown as LaneState)
      .filter(({ service, environment }) => service === name && !isSpikeName(environment))
    const environments = await Promise.all(
      own.map((lane) =>
        environmentOf(world, guard.config, lane, byPlace.get(laneId(name, lane.environment)) ?? []),
      ),
    )
    return [...environments, ...elsewhereOf(guard.config)]
  })
  return (await Promise.all(all)).flat()
}
