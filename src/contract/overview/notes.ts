import type { AlertRow, AlertsView } from '../alerts.ts'
import type { FuturesView, FutureView } from '../futures.ts'
import type { HeadroomView } from '../headroom.ts'
import type { EnvironmentHealth, HealthView } from '../health.ts'
import type { NoteView, ServicesView } from '../services.ts'
import { forecastHref, healthHref } from './addresses.ts'
import { byDate, isNear, isSoon, isTicket } from './coming.ts'
import { firingCards } from './firing-cards.ts'

/** How bad something is: somebody is paged, somebody has to see to it, or it is only to be known. */
export type Urgency = 'failed' | 'inconclusive'

/** One line of an answer. */
export type Note = Readonly<NoteView> & { readonly at?: number; readonly urgency?: Urgency }

export type Place = { readonly service: string; readonly environment: string }

/** What is known of all services beside what runs where; absent until it was answered. */
export type Sights = {
  readonly alerts?: AlertsView | undefined
  readonly health?: HealthView | undefined
  readonly headroom?: HeadroomView | undefined
  readonly futures?: FuturesView | undefined
}

/** What is seen coming has a place of its own. */
const isForeseen = ({ window }: AlertRow): boolean => window === 'forecast'
export const isLoud = ({ quiet }: AlertRow): boolean => quiet === undefined

export const placeOf = ({ service, environment }: Place): string => `${service} ${environment}`

const alertNote = (of: AlertRow): Note => ({
  service: of.service,
  text: `${placeOf(of)}: ${of.text}`,
  link: healthHref(of),
  at: of.firedAt,
  urgency: of.severity === 'page' ? 'failed' : 'inconclusive',
})

/** Health says its alerts as well, with how urgent they are. */
const saysAlert = ({ text }: AlertRow, reason: string): boolean =>
  reason === text || reason === `page: ${text}` || reason === `ticket: ${text}`

/** What is wrong with an environment that no alert says: the first of it, and how much more. */
function illNotes(
  place: Place,
  { is, reasons }: EnvironmentHealth,
  alerts: readonly AlertRow[],
  said: readonly string[],
): readonly Note[] {
  if (is !== 'ill') return []
  const own = alerts.filter(
    ({ service, environment }) => service === place.service && environment === place.environment,
  )
  const [first, ...more] = reasons.filter(
    (reason) =>
      !said.includes(`${placeOf(place)}: ${reason}`) && !own.some((alert) => saysAlert(alert, reason)),
  )
  if (first === undefined) return []
  const rest = more.length === 0 ? '' : `, and ${more.length} more`
  const text = `${placeOf(place)}: ${first}${rest}`
  return [{ service: place.service, text, link: healthHref(place), urgency: 'failed' }]
}

/** Load lines that are crossed, or near which the busiest hour came. */
const tightNotes = ({ headroom }: Sights): readonly Note[] =>
  (headroom?.environments ?? []).flatMap((one): readonly Note[] => {
    const { service, ahead } = one
    const said = (text: string, urgency: Urgency): Note => ({
      ...{ service, text: `${placeOf(one)}: ${text}`, link: forecastHref(one), urgency },
    })
    if (ahead?.is === 'over') return [said(ahead.text, 'failed')]
    return one.is === 'short' ? [said(one.text, 'inconclusive')] : []
  })

const isPage = ({ urgency }: Note): boolean => urgency === 'failed'

/**
 * What is wrong now: pages, then what else is not well, then what somebody has to see to.
 * @param said is said elsewhere
 */
export function wrongNow(sights: Sights, said: readonly string[] = []): readonly Note[] {
  const all = sights.alerts?.alerts ?? []
  const firing = firingCards(all.filter((one) => isLoud(one) && !isForeseen(one)))
  const ill = (sights.health?.services ?? []).flatMap(({ name: service, environments }) =>
    environments.flatMap((one) => illNotes({ service, environment: one.name }, one, all, said)),
  )
  const notes = [...firing.map(({ first }) => alertNote(first)), ...ill, ...tightNotes(sights)]
  return [...notes.filter(isPage), ...notes.filter((one) => !isPage(one))]
}

/** What is wrong: what fires and is not well, then what the server knows of releases and environments. */
export const wrongOf = (view: Pick<ServicesView, 'wrong'>, sights: Sights): readonly Note[] => [
  ...wrongNow(
    sights,
    view.wrong.map(({ text }) => text),
  ),
  ...view.wrong.map((one) => ({ ...one, urgency: 'failed' as const })),
]

/** Where something runs of which nobody can say how it is, and what keeps Plimsoll itself from watching: never taken for well. */
export function untoldNow({ health }: Sights): readonly Note[] {
  const faults = (health?.faults ?? []).map((text) => ({ text: `Plimsoll: ${text}`, link: '/' }))
  const unknown = (health?.services ?? []).flatMap(({ name: service, environments }) =>
    environments
      .filter(({ is }) => is === 'unknown')
      .map(({ name: environment, reasons }) => {
        const place = { service, environment }
        return { service, text: `${placeOf(place)}: ${reasons.join('; ')}`, link: healthHref(place) }
      }),
  )
  return [...faults, ...unknown].map((one) => ({ ...one, urgency: 'inconclusive' as const }))
}

type Placed = { readonly place: Place; readonly future: FutureView }

const placed = ({ futures }: Sights): readonly Placed[] =>
  (futures?.environments ?? []).flatMap(({ futures: all, ...place }) =>
    all.map((future) => ({ future, place })),
  )

const comingNote = (place: Place, of: FutureView): Note => ({
  service: place.service,
  text: `${placeOf(place)}: ${of.text}`,
  link: of.kind === 'headroom' ? forecastHref(place) : healthHref(place),
  urgency: 'inconclusive',
})

/** Load lines that come near, and of which no future says so: of those only a bound is known. */
function nearLines({ headroom }: Sights, told: readonly Placed[]): readonly Note[] {
  return (headroom?.environments ?? []).flatMap(({ ahead, ...place }) =>
    ahead &&
    ahead.is !== 'over' &&
    isNear(ahead) &&
    !told.some(({ future, place: at }) => future.kind === 'headroom' && placeOf(at) === placeOf(place))
      ? [{ service: place.service, text: `${placeOf(place)}: ${ahead.text}`, link: forecastHref(place) }]
      : [],
  )
}

/** What will be wrong, and when: tickets and what is likely within 90 days, the soonest first. */
export function comingSoon(sights: Sights): readonly Note[] {
  const soon = placed(sights)
    .filter(({ future }) => isSoon(future))
    .toSorted((a, b) => Number(isTicket(b.future)) - Number(isTicket(a.future)) || byDate(a.future, b.future))
  return [...soon.map(({ place, future }) => comingNote(place, future)), ...nearLines(sights, soon)]
}

/** What there is to say when nothing is likely: of what nobody can foresee that is no good news. */
export function nothingComing(sights: Sights): string {
  const all = placed(sights)
  if (all.some(({ future }) => future.is === 'foreseen'))
    return 'Nothing that is known is likely within 90 days.'
  return 'Nobody can say yet.'
}
