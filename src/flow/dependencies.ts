import { isFiring } from '../watch/index.ts'
import { readAlerts } from './records.ts'
import type { ServiceState } from './service.ts'
import type { World } from './world.ts'

type Config = NonNullable<ServiceState['guard']>['config']

/** Environments in which a service pages. */
async function pagingIn(world: World, service: string): Promise<readonly string[]> {
  const state = await readAlerts(world.journal, service)
  const paging = state?.alerts.filter((alert) => isFiring(alert) && alert.labels.severity === 'page') ?? []
  return paging.map(({ labels }) => labels.environment)
}

/** Environments in which a service that this one depends on pages, and which. */
export async function downFor(
  world: World,
  config: Config | undefined,
): Promise<Readonly<Record<string, string>>> {
  const down: Record<string, string> = {}
  for (const other of config?.alerts?.dependsOn ?? [])
    for (const environment of await pagingIn(world, other)) down[environment] ??= other
  return down
}
