import type { NotifierConfig } from '../../notify/index.ts'
import { readLabelMatchers } from '../../series/index.ts'
import {
  type AlertSettings,
  type AlertsCommand,
  type AlertsConfig,
  type AlertsSeen,
  type AlertsState,
  alerts,
  promisedIn,
} from '../../watch/index.ts'
import { downFor } from '../dependencies.ts'
import { allTold, toldFuturesIn } from '../futures.ts'
import { toldJobsIn } from '../heartbeats.ts'
import { readService } from '../records.ts'
import type { Story } from '../story.ts'
import type { World } from '../world.ts'

/** Somebody outside who waits for a heartbeat is told so often when nothing else is said. */
const usualAliveMs = 60_000

const settingsOf = (
  { routes, links: _, ...rest }: AlertsConfig,
  notify: readonly Pick<NotifierConfig, 'kind'>[],
): AlertSettings => ({
  ...rest,
  alive: rest.alive ?? (notify.some(({ kind }) => kind === 'heartbeat') ? usualAliveMs : undefined),
  routes: routes.map(({ match, to }) => ({ match: readLabelMatchers(match) ?? [], to })),
})

async function see(world: World, { service }: AlertsState, since: number): Promise<AlertsSeen> {
  const config = (await readService(world.journal, service))?.guard?.config
  const places = config?.slos.flatMap((slo) => promisedIn(slo, config.environments)) ?? []
  const coming = config ? toldFuturesIn(service, config, await allTold(world)) : new Map<string, never>()
  return {
    settings: config?.alerts && settingsOf(config.alerts, config.notify ?? []),
    environments: [...new Set([...places, ...toldJobsIn(config).keys(), ...coming.keys()])],
    down: await downFor(world, config),
    since,
  }
}

/** What of a service fires, and who is told. */
export function alertsStory(world: World): Story<AlertsState, AlertsSeen, AlertsCommand> {
  const since = world.clock.now()
  return { machine: alerts, see: (state) => see(world, state, since) }
}
