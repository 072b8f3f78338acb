import { zoneOf } from '../../config/zones.ts'
import type { AlertRow, AlertsView, SilenceView } from '../../contract/index.ts'
import { downFor } from '../../flow/dependencies.ts'
import { allTold, toldFuturesIn } from '../../flow/futures.ts'
import { toldJobsIn } from '../../flow/heartbeats.ts'
import { readAlerts } from '../../flow/records.ts'
import type { ServiceState } from '../../flow/service.ts'
import type { World } from '../../flow/world.ts'
import type { Instant } from '../../kernel/index.ts'
import { isWanted } from '../../notify/index.ts'
import { type FuturePlace, futureLabel } from '../../predict/index.ts'
import {
  type Alert,
  type AlertsState,
  blindSlo,
  isFiring,
  type Muted,
  matches,
  mutedBy,
  promisedIn,
  type Silence,
} from '../../watch/index.ts'

/** What is shown; what is not named is any. */
export type AlertFilter = { readonly service?: string | undefined; readonly environment?: string | undefined }

/** Services by name, or the one. */
export async function servicesIn(world: World, only: string | undefined): Promise<readonly ServiceState[]> {
  return (await world.journal.list({ kind: 'service' }))
    .map(({ state }) => state as unknown as ServiceState)
    .filter(({ name }) => only === undefined || name === only)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

/**
 * Environments in which a service promises something, has jobs, or somebody was told of what is coming; and the names of
 * what.
 * @param told of what somebody was ever told that it is coming
 */
export function placesOf(
  { name: service, guard }: Partial<Pick<ServiceState, 'name' | 'guard'>>,
  told: readonly FuturePlace[],
): {
  readonly environments: readonly string[]
  readonly slos: readonly string[]
} {
  const { slos = [], environments = {} } = guard?.config ?? {}
  const jobs = toldJobsIn(guard?.config)
  const coming =
    guard && service ? toldFuturesIn(service, guard.config, told) : new Map<string, FuturePlace[]>()
  const places = new Set([
    ...slos.flatMap((slo) => promisedIn(slo, environments)),
    ...jobs.keys(),
    ...coming.keys(),
  ])
  const names = [
    ...[...slos, ...[...jobs.values()].flat()].map(({ name }) => name),
    ...[...coming.values()].flat().map(futureLabel),
  ]
  return {
    environments: [...places],
    slos: names.length > 0 ? [...new Set([...names, blindSlo])] : [],
  }
}

function quietText(muted: Muted, { silences }: AlertsState): string {
  switch (muted.by) {
    case 'page':
      return 'a page of the same SLO says it already'
    case 'dependency':
      return `${muted.service}, on which it depends, pages there`
    case 'silence': {
      const { owner = '', reason = '' } = silences.find(({ id }) => id === muted.silence) ?? {}
      return `${owner} keeps it silent: ${reason} (${muted.silence})`
    }
  }
}

/** An alert as it is shown wherever alerts are. */
export function firingOf({ labels, text, next, changes, firedAt, healthyAt, toldAt, ...more }: Alert) {
  return {
    slo: labels.slo,
    window: labels.window,
    severity: labels.severity === 'page' ? ('page' as const) : ('ticket' as const),
    ...{ text, next, changes: [...changes], firedAt },
    ...(more.evidence === undefined ? {} : { evidence: [...more.evidence] }),
    ...(more.owner === undefined ? {} : { owner: more.owner }),
    ...(healthyAt === undefined ? {} : { healthyAt }),
    ...(toldAt === undefined ? {} : { toldAt }),
  }
}

/** Pages first, then what fires for longest. */
export const inOrder = (
  a: Pick<AlertRow, 'severity' | 'firedAt'>,
  b: Pick<AlertRow, 'severity' | 'firedAt'>,
) => a.severity.localeCompare(b.severity) || a.firedAt - b.firedAt

/** Those to whom an alert was told: named by a route, or who want to hear of such. */
function toldToOf(
  { toldTo, labels: { severity } }: Alert,
  config: Config | undefined,
): readonly string[] | undefined {
  if (toldTo === undefined || toldTo.length > 0) return toldTo
  const type = severity === 'page' ? 'alert.page' : 'alert.ticket'
  return (config?.notify ?? []).filter(({ on }) => isWanted(on, type, severity)).map(({ name }) => name)
}

type Config = NonNullable<ServiceState['guard']>['config']

function rowOf(
  state: AlertsState,
  alert: Alert,
  down: Readonly<Record<string, string>>,
  config: Config | undefined,
): AlertRow {
  const muted = mutedBy(state, alert, down)
  const { service, environment } = alert.labels
  const toldTo = toldToOf(alert, config)
  return {
    ...{ service, environment },
    ...firingOf(alert),
    ...(toldTo === undefined ? {} : { toldTo: [...toldTo] }),
    ...(muted ? { quiet: quietText(muted, state) } : {}),
  }
}

/** A silence as it is shown. @param timeZone whose clocks those read who look at it */
export function silenceView(state: AlertsState, silence: Silence, timeZone: string): SilenceView {
  const { id, matchers, owner, reason, by, since, until } = silence
  const labelled = (name: string) => matchers.find(({ label }) => label === name)?.value
  const [environment, slo, severity] = ['environment', 'slo', 'severity'].map(labelled)
  return {
    ...{ id, service: state.service, timeZone, owner, reason, by, since },
    ...(environment === undefined ? {} : { environment }),
    ...(slo === undefined ? {} : { slo }),
    ...(severity === undefined ? {} : { severity }),
    ...(until === 'resolved' ? {} : { until }),
    quiets: state.alerts.filter((alert) => isFiring(alert) && matches(matchers, alert)).length,
  }
}

const isAbout =
  ({ environment }: AlertFilter) =>
  (one: { readonly environment?: string | undefined }): boolean =>
    environment === undefined || one.environment === undefined || one.environment === environment

async function viewService(world: World, service: ServiceState, filter: AlertFilter) {
  const state = await readAlerts(world.journal, service.name)
  if (!state) return { alerts: [], silences: [] }
  const config = service.guard?.config
  const down = await downFor(world, config)
  const firing = state.alerts.filter(isFiring)
  return {
    alerts: firing.map((alert) => rowOf(state, alert, down, config)).filter(isAbout(filter)),
    silences: state.silences.map((one) => silenceView(state, one, zoneOf(config))).filter(isAbout(filter)),
  }
}

const endOf = ({ until = Number.POSITIVE_INFINITY }: SilenceView): Instant => until

/** What fires, and what is kept quiet. */
export async function viewAlerts(world: World, filter: AlertFilter): Promise<AlertsView> {
  const services = await servicesIn(world, filter.service)
  const all = await Promise.all(services.map((service) => viewService(world, service, filter)))
  const told = await allTold(world)
  const places = services.map((service) => ({ service: service.name, ...placesOf(service, told) }))
  return {
    schemaVersion: 1,
    at: world.clock.now(),
    alerts: all.flatMap(({ alerts }) => alerts).sort(inOrder),
    silences: all.flatMap(({ silences }) => silences).sort((a, b) => endOf(a) - endOf(b)),
    places: places
      .filter(({ slos }) => slos.length > 0)
      .map(({ service, environments, slos }) => ({
        service,
        environments: [...environments],
        slos: [...slos],
      })),
  }
}
