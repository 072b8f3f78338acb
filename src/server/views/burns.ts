import type { ServiceConfig } from '../../config/schema.ts'
import { forecastWindow } from '../../flow/futures.ts'
import { jobWindow } from '../../flow/heartbeats.ts'
import { readAlerts } from '../../flow/records.ts'
import type { World } from '../../flow/world.ts'
import type { Burns, Known } from '../../watch/health/index.ts'
import { burnsNow, isFiring, type SloConfig } from '../../watch/index.ts'

type Place = {
  readonly service: string
  readonly environment: string
  readonly config: Pick<ServiceConfig, 'slos' | 'watch'>
}

type Look = { readonly burns?: Burns; readonly unsaid?: string }

/** What is promised somewhere is a measure everywhere; only what a Prometheus counts may not know other places. */
const isJudged = ({ kind, environments }: SloConfig, environment: string): boolean =>
  kind !== 'promql' || environments === undefined || environments.includes(environment)

async function lookAt(world: World, { service, environment, config }: Place, slo: SloConfig): Promise<Look> {
  try {
    const promised = { service, environment, slo, prometheus: config.watch.prometheus }
    const text = burnsNow(slo.name, slo, await world.budgets.countsOf(promised, world.clock.now()))
    return text === undefined ? {} : { burns: { as: 'now', text } }
  } catch (error) {
    return { unsaid: `${slo.name}: ${error instanceof Error ? error.message : String(error)}` }
  }
}

/** What burns in an environment, each promise once: as its alert, or as it is seen to burn at this moment. */
export async function burnsIn(world: World, place: Place): Promise<Pick<Known, 'burning' | 'unsaid'>> {
  const state = await readAlerts(world.journal, place.service)
  const firing = (state?.alerts ?? []).filter(
    // Jobs say themselves how they are, and what is only coming is not there yet.
    ({ labels, ...alert }) =>
      isFiring({ labels, ...alert }) &&
      labels.environment === place.environment &&
      labels.window !== jobWindow &&
      labels.window !== forecastWindow,
  )
  const of = (severity: 'page' | 'ticket') => firing.filter(({ labels }) => labels.severity === severity)
  // A page says what its tickets say, and the shortest of its windows says it first.
  const pages = [...new Map([...of('page')].reverse().map((one) => [one.labels.slo, one])).values()].reverse()
  const paged = new Set(pages.map(({ labels }) => labels.slo))
  const tickets = of('ticket').filter(({ labels }) => !paged.has(labels.slo))
  const others = place.config.slos.filter((slo) => !paged.has(slo.name) && isJudged(slo, place.environment))
  const looks = await Promise.all(others.map((slo) => lookAt(world, place, slo)))
  return {
    burning: [
      ...pages.map(({ text }) => ({ as: 'page' as const, text })),
      ...looks.flatMap(({ burns }) => burns ?? []),
      ...tickets.map(({ text }) => ({ as: 'ticket' as const, text })),
    ],
    unsaid: looks.flatMap(({ unsaid }) => unsaid ?? []),
  }
}
