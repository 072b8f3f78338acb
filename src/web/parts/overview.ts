import type {
  AlertRow,
  AlertsView,
  EnvironmentHealth,
  FuturesView,
  FutureView,
  HeadroomView,
  HealthView,
} from '../../contract/index.ts'
import { forecastHref, healthHref } from '../api.ts'
import { byDate, isNear, isSoon, isTicket } from './coming.ts'
import { firingCards } from './firing-cards.ts'

/** How bad something is: somebody is paged, somebody has to see to it, or it is only to be known. */
export type Urgency = 'failed' | 'inconclusive'

/** One line of an answer. */
export type Note = {
  readonly text: string
  readonly link: string
  readonly at?: number
  readonly urgency?: Urgency
}

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
): readonly Note[] {
  if (is !== 'ill') return []
  const own = alerts.filter(
    ({ service, environment }) => service === place.service && environment === place.environment,
  )
  const [first, ...more] = reasons.filter((reason) => !own.some((alert) => saysAlert(alert, reason)))
  if (first === undefined) return []
  const rest = more.length === 0 ? '' : `, and ${more.length} more`
  return [{ text: `${placeOf(place)}: ${first}${rest}`, link: healthHref(place), urgency: 'failed' }]
}

/** Load lines that are crossed, or near which the busiest hour came. */
const tightNotes = ({ headroom }: Sights): readonly Note[] =>
  (headroom?.environments ?? []).flatMap((one): readonly Note[] => {
    const link = forecastHref(one)
    if (one.ahead?.is === 'over')
      return [{ text: `${placeOf(one)}: ${one.ahead.text}`, link, urgency: 'failed' }]
    return one.is === 'short' ? [{ text: `${placeOf(one)}: ${one.text}`, link, urgency: 'inconclusive' }] : []
  })

const isPage = ({ urgency }: Note): boolean => urgency === 'failed'

/** What is wrong now: pages, then what else is not well, then what somebody has to see to. */
export function wrongNow(sights: Sights): readonly Note[] {
  const all = sights.alerts?.alerts ?? []
  const firing = firingCards(all.filter((one) => isLoud(one) && !isForeseen(one)))
  const ill = (sights.health?.services ?? []).flatMap(({ name: service, environments }) =>
    environments.flatMap((one) => illNotes({ service, environment: one.name }, one, all)),
  )
  const notes = [...firing.map(({ first }) => alertNote(first)), ...ill, ...tightNotes(sights)]
  return [...notes.filter(isPage), ...notes.filter((one) => !isPage(one))]
}

type Placed = { readonly place: Place; readonly future: FutureView }

export const placed = ({ futures }: Sights): readonly Placed[] =>
  (futures?.environments ?? []).flatMap(({ futures: all, ...place }) =>
    all.map((future) => ({ future, place })),
  )

const comingNote = (place: Place, of: FutureView): Note => ({
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
      ? [{ text: `${placeOf(place)}: ${ahead.text}`, link: forecastHref(place) }]
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
