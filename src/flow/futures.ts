import type { ServiceConfig } from '../config/schema.ts'
import {
  type FuturePlace,
  type FutureState,
  futureLabel,
  type KeptForeseen,
  newFuture,
} from '../predict/index.ts'
import { type Burning, promisedIn, type SloLook } from '../watch/index.ts'
import { headroomPlaces } from './headroom.ts'
import { readFuture, readFutures } from './records.ts'
import type { World } from './world.ts'

/** The environments of a service in which somebody looks ahead: where something is promised, followed, or only watched. */
export function futurePlacesIn(config: ServiceConfig): readonly string[] {
  const { slos = [], environments, watch } = config
  const promised = slos.flatMap((slo) => promisedIn(slo, environments))
  return [...new Set([...headroomPlaces(config), ...promised, ...Object.keys(watch?.elsewhere ?? {})])]
}

/** The window of an alert of what is seen coming: it has none that looks back. */
export const forecastWindow = 'forecast'

/** Whether somebody is, or was, to be told of it. */
export const hasTicket = ({ ticket }: FutureState): boolean => ticket.since > 0

/** What of a service somebody was ever told that it is coming, by environment, of those in which somebody looks ahead. */
export function toldFuturesIn(
  service: string,
  config: ServiceConfig,
  told: readonly FuturePlace[],
): ReadonlyMap<string, readonly FuturePlace[]> {
  if (!told.some((one) => one.service === service)) return new Map()
  const places = futurePlacesIn(config)
  const own = told.filter((one) => one.service === service && places.includes(one.environment))
  return Map.groupBy(own, ({ environment }) => environment)
}

/** Of all services. */
export const allTold = async (world: World): Promise<readonly FutureState[]> =>
  (await readFutures(world.journal)).filter(hasTicket)

/** So likely it is in the time before which somebody wants to know, said where the date is. */
function textOf({ text, crossing, leadDays, withinLead }: KeptForeseen): string {
  // What is certain has no likelihood.
  if (crossing.futures === 1) return text
  const likely = `${formatShare(withinLead)} within ${days(leadDays)}`
  const said = text.replace(/\(80 %: [^)]*/, (range) => `${range}; ${likely}`)
  return said === text ? `${text} (${likely})` : said
}

const formatShare = (share: number): string => `${Math.round(100 * share)} %`

const days = (count: number): string => {
  const rounded = Number(count.toFixed(1))
  return `${rounded} ${rounded === 1 ? 'day' : 'days'}`
}

/** Whether a ticket is open of what is seen coming, for who tells of alerts. It is told as it was when it was opened. */
export async function lookAtFuture(
  world: World,
  place: FuturePlace,
  owner: string | undefined,
): Promise<SloLook> {
  const slo = futureLabel(place)
  const { ticket, openedBy } = (await readFuture(world.journal, place)) ?? newFuture(place)
  if (!ticket.isOpen || !openedBy) return { slo, burning: [] }
  const { found, next } = openedBy
  const burning: Burning = {
    ...{ slo, window: forecastWindow, severity: 'ticket', text: textOf(openedBy), next, changes: [] },
    evidence: [...found],
    ...(owner === undefined ? {} : { owner }),
  }
  return { slo, burning: [burning] }
}
