import { zoneOf } from '../../config/zones.ts'
import type { ServiceRow } from '../../contract/index.ts'
import type { ServiceState } from '../../flow/service.ts'
import type { World } from '../../flow/world.ts'
import type { RunState } from '../../pipeline/index.ts'
import { viewEnvironment } from './environment.ts'
import { withNext } from './next-release.ts'
import { viewNotifiers } from './notifiers.ts'
import { placesOf } from './places.ts'
import { summariseRun } from './run.ts'
import { spikesOf, summariseSpike } from './spikes.ts'

/** What is known of a service, and of each of its environments. */
export async function serviceRow(
  world: World,
  service: ServiceState,
  runs: readonly RunState[],
): Promise<ServiceRow> {
  const environments = await Promise.all(
    placesOf(service).map((place) => viewEnvironment(world, service.name, place)),
  )
  const last = runs.find((run) => run.service === service.name && !run.trial)
  return {
    name: service.name,
    repository: `/git/${service.name}.git`,
    timeZone: zoneOf(service.guard?.config),
    environments: await withNext(world, service.name, environments),
    spikes: await Promise.all(
      (await spikesOf(world, service.name, false)).map((spike) => summariseSpike(world, spike)),
    ),
    notifiers: await viewNotifiers(world, service.name),
    ...(last ? { lastRun: summariseRun(last) } : {}),
  }
}
