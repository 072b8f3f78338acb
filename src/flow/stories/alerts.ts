import { readLabelMatchers } from '../../series/index.ts'
import {
  type AlertSettings,
  type AlertsCommand,
  type AlertsConfig,
  type AlertsSeen,
  type AlertsState,
  alerts,
  isFiring,
  promisedIn,
} from '../../watch/index.ts'
import { readAlerts, readService } from '../records.ts'
import type { Story } from '../story.ts'
import type { World } from '../world.ts'

const settingsOf = ({ routes, ...rest }: AlertsConfig): AlertSettings => ({
  ...rest,
  routes: routes.map(({ match, to }) => ({ match: readLabelMatchers(match) ?? [], to })),
})

/** Environments in which a service pages. */
async function pagingIn(world: World, service: string): Promise<readonly string[]> {
  const state = await readAlerts(world.journal, service)
  const paging = state?.alerts.filter((alert) => isFiring(alert) && alert.labels.severity === 'page') ?? []
  return paging.map(({ labels }) => labels.environment)
}

async function see(world: World, { service }: AlertsState, since: number): Promise<AlertsSeen> {
  const config = (await readService(world.journal, service))?.guard?.config
  const down: Record<string, string> = {}
  for (const other of config?.alerts?.dependsOn ?? [])
    for (const environment of await pagingIn(world, other)) down[environment] ??= other
  const places = config?.slos.flatMap((slo) => promisedIn(slo, config.environments)) ?? []
  return {
    settings: config?.alerts && settingsOf(config.alerts),
    environments: [...new Set(places)],
    down,
    since,
  }
}

/** What of a service fires, and who is told. */
export function alertsStory(world: World): Story<AlertsState, AlertsSeen, AlertsCommand> {
  const since = world.clock.now()
  return { machine: alerts, see: (state) => see(world, state, since) }
}
