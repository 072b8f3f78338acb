import type { EnvironmentHeadroom } from '../headroom.ts'
import type { EnvironmentHealth } from '../health.ts'
import type { LoadTestsView } from '../load-tests.ts'
import type { EnvironmentRow, ServiceRow } from '../services.ts'
import { isSoon, isTight } from './coming.ts'
import { firingCards } from './firing-cards.ts'
import { isLoud, type Place, placeOf, type Sights } from './notes.ts'

const plural = (n: number, one: string): string => `${n} ${one}${n === 1 ? '' : 's'}`

export const healthIn = (
  { health }: Sights,
  { service, environment }: Place,
): EnvironmentHealth | undefined =>
  health?.services.find(({ name }) => name === service)?.environments.find(({ name }) => name === environment)

export const headroomIn = (
  { headroom }: Sights,
  { service, environment }: Place,
): EnvironmentHeadroom | undefined =>
  headroom?.environments.find((one) => one.service === service && one.environment === environment)

/** How many fire in a place, of which somebody is told. */
export function firingIn(
  { alerts }: Sights,
  place: Place,
): { readonly pages: number; readonly tickets: number } {
  const here = (alerts?.alerts ?? []).filter((one) => isLoud(one) && placeOf(one) === placeOf(place))
  const pages = firingCards(here).filter(({ first }) => first.severity === 'page').length
  return { pages, tickets: firingCards(here).length - pages }
}

/** A load line that is missing, or that nobody could tell, is no better than one that is too low. */
export const isRed = ({ is }: Pick<LoadTestsView, 'is'>): boolean =>
  is === 'failed' || is === 'inconclusive' || is === 'missing'

export type Standing = {
  readonly tone: 'failed' | 'inconclusive' | 'running' | 'passed' | 'waiting'
  readonly word: string
}

const isComingIn = ({ futures }: Sights, at: Place): boolean =>
  (futures?.environments ?? []).some((one) => placeOf(one) === placeOf(at) && one.futures.some(isSoon))

/** The worst that there is to say of an environment, in a word or two. */
export function standingIn(
  service: string,
  { name: environment, status, inStep, loadTests }: EnvironmentRow,
  sights: Sights,
): Standing {
  const place = { service, environment }
  const { pages, tickets } = firingIn(sights, place)
  const health = healthIn(sights, place)
  const headroom = headroomIn(sights, place)
  if (pages > 0) return { tone: 'failed', word: plural(pages, 'page') }
  if (status.is === 'down') return { tone: 'failed', word: 'down' }
  if (health?.is === 'ill') return { tone: 'failed', word: 'not well' }
  if (headroom?.ahead?.is === 'over') return { tone: 'failed', word: 'over its line' }
  if (status.is === 'held' || status.is === 'degraded') return { tone: 'inconclusive', word: status.is }
  if (tickets > 0) return { tone: 'inconclusive', word: plural(tickets, 'ticket') }
  if (inStep?.is === 'drift') return { tone: 'inconclusive', word: 'drifted' }
  if (loadTests && isRed(loadTests))
    return { tone: 'inconclusive', word: loadTests.is === 'failed' ? 'load test failed' : 'not measured' }
  if (isComingIn(sights, place) || (headroom && isTight(headroom)))
    return { tone: 'inconclusive', word: 'not for long' }
  if (status.is === 'deploying') return { tone: 'running', word: 'deploying' }
  if (status.is === 'empty') return { tone: 'waiting', word: 'empty' }
  return { tone: 'passed', word: status.is === 'asleep' ? 'asleep' : 'well' }
}

const worst = ['failed', 'inconclusive', 'running', 'passed', 'waiting'] as const

/** The worst of its environments. */
export function standingOf(
  { name, environments }: Pick<ServiceRow, 'name' | 'environments'>,
  sights: Sights,
): Standing {
  const all = environments.map((row) => standingIn(name, row, sights))
  const tone = worst.find((one) => all.some((standing) => standing.tone === one)) ?? 'waiting'
  return all.find((standing) => standing.tone === tone) ?? { tone, word: 'empty' }
}

/** Names of all environments, in the order in which releases travel. */
export const environmentsIn = (services: readonly Pick<ServiceRow, 'environments'>[]): readonly string[] => [
  ...new Set(services.flatMap(({ environments }) => environments.map(({ name }) => name))),
]

const tallied = [
  ['failed', 'not well'],
  ['inconclusive', 'to see to'],
  ['running', 'deploying'],
  ['passed', 'well'],
  ['waiting', 'empty'],
] as const

/** `1 not well, 2 to see to, 12 well` */
export function tallyText(all: readonly Pick<Standing, 'tone'>[]): string {
  return tallied
    .map(([tone, word]) => [all.filter((one) => one.tone === tone).length, word] as const)
    .flatMap(([count, word]) => (count === 0 ? [] : [`${count} ${word}`]))
    .join(', ')
}

/** What of all services somebody wants to see. */
export type Choice = { readonly name: string; readonly isTrouble: boolean }

/** Those that somebody wants to see: by a part of their name, and of those only what is not as it should be. */
export const chosenOf = (
  services: readonly ServiceRow[],
  { name, isTrouble }: Choice,
  sights: Sights,
): readonly ServiceRow[] =>
  services.filter(
    (service) =>
      service.name.toLowerCase().includes(name.trim().toLowerCase()) &&
      (!isTrouble || ['failed', 'inconclusive'].includes(standingOf(service, sights).tone)),
  )
