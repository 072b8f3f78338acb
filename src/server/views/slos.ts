import type { EnvironmentSlos, SloState, SlosView } from '../../contract/index.ts'
import { type Promises, promisesIn } from '../../flow/burn-watch.ts'
import { readAlerts } from '../../flow/records.ts'
import type { World } from '../../flow/world.ts'
import type { Instant } from '../../kernel/index.ts'
import { budgetOf, isFiring, type SloConfig } from '../../watch/index.ts'
import { firingOf, inOrder, servicesIn } from './alerts.ts'
import { viewBackFilled } from './back-filled.ts'

const dayMs = 86_400_000

async function stateOf(world: World, place: Promises, slo: SloConfig, at: Instant): Promise<SloState> {
  const { service, environment, prometheus } = place
  const { name, objective, window } = slo
  const own = { name, objective, days: window / dayMs }
  try {
    const counts = await world.budgets.countsOf({ service, environment, slo, prometheus }, at)
    const budget = budgetOf(slo, counts)
    const { coverage } = counts(window)
    if (!budget)
      return {
        ...own,
        coverage,
        because: coverage > 0 ? 'nothing was asked of it yet' : 'nothing is known yet',
      }
    const { left, evenBurn, burnNow, endsInMs } = budget
    const ends = endsInMs === undefined ? {} : { endsAt: Math.round(at + endsInMs) }
    return { ...own, left, evenBurn, burnNow, coverage, ...ends }
  } catch (error) {
    return { ...own, coverage: 0, because: error instanceof Error ? error.message : String(error) }
  }
}

async function viewPlace(world: World, place: Promises, at: Instant): Promise<EnvironmentSlos> {
  const { service, environment, timeZone } = place
  const alerts = (await readAlerts(world.journal, service))?.alerts ?? []
  const longest = Math.max(...place.slos.map(({ window }) => window))
  const backFilled = await viewBackFilled(world.journal, place, at - longest)
  return {
    service,
    environment,
    timeZone,
    ...(backFilled ? { backFilled } : {}),
    slos: await Promise.all(place.slos.map((slo) => stateOf(world, place, slo, at))),
    alerts: alerts
      .filter((alert) => isFiring(alert) && alert.labels.environment === environment)
      .map(firingOf)
      .sort(inOrder),
  }
}

/** How what is promised stands. @param only the name of one service; all of them otherwise */
export async function viewSlos(world: World, only?: string): Promise<SlosView> {
  const at = world.clock.now()
  const states = await servicesIn(world, only)
  const environments = await Promise.all(promisesIn(states).map((place) => viewPlace(world, place, at)))
  return { schemaVersion: 1, at, environments }
}
