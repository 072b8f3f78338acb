import type { Happening, Instant, Json } from '../../../kernel/index.ts'
import { matches, mutedBy } from './muting.ts'
import {
  type Alert,
  type AlertSettings,
  type AlertsSeen,
  type AlertsState,
  isFiring,
  type Told,
  type ToldType,
} from './state.ts'

const historyKept = 100

/** Alerts that are told together, to the same people. */
export type Group = {
  readonly key: string
  readonly to: readonly string[]
  /** They fire, and nobody was told. */
  readonly fired: readonly Alert[]
  /** Somebody was told that they fire, and they are over. */
  readonly resolved: readonly Alert[]
  /** Pages of which somebody was told, and which go on. */
  readonly going: readonly Alert[]
  /** When it is told of; undefined: there is nothing to tell. */
  readonly dueAt: Instant | undefined
}

const receiversOf = ({ routes }: AlertSettings, alert: Alert): readonly string[] =>
  routes.find(({ match }) => matches(match, alert))?.to ?? []

const keyOf = (settings: AlertSettings, alert: Alert): string =>
  JSON.stringify([
    alert.labels.severity,
    settings.groupBy.map((label) => alert.labels[label]),
    receiversOf(settings, alert),
  ])

function dueAt(
  group: Pick<Group, 'fired' | 'resolved' | 'going'>,
  lastAt: Instant | undefined,
  { groupWait, groupInterval, repeat }: AlertSettings,
): Instant | undefined {
  const { fired, resolved, going } = group
  const isNews = fired.length + resolved.length > 0
  if (lastAt === undefined) {
    // A group that was kept silent begins anew; what of it was told before is told on.
    const times = [
      ...fired.map(({ firedAt }) => firedAt + groupWait),
      ...resolved.map(({ resolvedAt = 0 }) => resolvedAt),
      ...going.map(({ toldAt = 0 }) => toldAt + repeat),
    ]
    return times.length > 0 ? Math.min(...times) : undefined
  }
  if (isNews) return lastAt + groupInterval
  return going.length > 0 ? lastAt + repeat : undefined
}

/** What there is to tell. Alerts that are kept silent are in no group, unless they were told before and are over. */
export function groupsOf(state: AlertsState, seen: AlertsSeen, settings: AlertSettings): readonly Group[] {
  const loud = state.alerts.filter((alert) => !isFiring(alert) || !mutedBy(state, alert, seen.down))
  return [...Map.groupBy(loud, (alert) => keyOf(settings, alert))].map(([key, alerts]) => {
    const [first] = alerts
    const parts = {
      fired: alerts.filter((alert) => isFiring(alert) && alert.toldAt === undefined),
      resolved: alerts.filter((alert) => !isFiring(alert) && alert.toldAt !== undefined),
      going: alerts.filter(
        (alert) => isFiring(alert) && alert.toldAt !== undefined && alert.labels.severity === 'page',
      ),
    }
    const to = first ? receiversOf(settings, first) : []
    return { key, to, ...parts, dueAt: dueAt(parts, state.groups[key], settings) }
  })
}

const sentences = (alerts: readonly Alert[]): string => alerts.map(({ text }) => text).join('; ')

const placeOf = (alerts: readonly Alert[]): string =>
  [...new Set(alerts.map(({ labels }) => labels.environment))].join(', ')

/** What is told, and the events by which it comes to those who are told. */
export type Telling = { readonly told: Told; readonly event: Happening }

export function tell(
  service: string,
  type: ToldType,
  to: readonly string[],
  alerts: readonly Alert[],
  text: string,
  now: Instant,
): Telling {
  const told = { at: now, type, to, text, alerts: alerts.map(({ key }) => key) }
  const shown = alerts.map(({ key, labels, text, next, changes, firedAt, healthyAt, resolvedAt }) => ({
    key,
    ...labels,
    text,
    next,
    changes,
    firedAt,
    ...(healthyAt === undefined ? {} : { healthyAt }),
    ...(resolvedAt === undefined ? {} : { resolvedAt }),
  }))
  const environment = alerts[0]?.labels.environment
  const body: Json = { service, ...(environment ? { environment } : {}), type, to, text, alerts: shown }
  return { told, event: { type: 'alert.told', body } }
}

/** What is over; and that all is well again only where nothing else fires. */
function overText(service: string, resolved: readonly Alert[], firing: readonly Alert[]): string {
  const places = new Set(resolved.map(({ labels }) => labels.environment))
  const still = firing.filter(({ labels }) => places.has(labels.environment))
  const of = `${placeOf(resolved)} of ${service}`
  return still.length === 0
    ? `${of} is well again, after: ${sentences(resolved)}`
    : `${of}, over: ${sentences(resolved)}; still so: ${sentences(still)}`
}

function tellGroup(service: string, group: Group, all: readonly Alert[], now: Instant): readonly Telling[] {
  const { to, fired, resolved, going } = group
  const again = fired.length + resolved.length === 0 ? going : []
  const firing = [...fired, ...again]
  const type = firing[0]?.labels.severity === 'page' ? 'alert.page' : 'alert.ticket'
  const more = again.length > 0 ? ' (it goes on)' : ''
  return [
    ...(firing.length > 0
      ? [
          tell(
            service,
            type,
            to,
            firing,
            `${placeOf(firing)} of ${service}: ${sentences(firing)}${more}`,
            now,
          ),
        ]
      : []),
    ...(resolved.length > 0
      ? [
          tell(
            service,
            'alert.resolved',
            to,
            resolved,
            overText(service, resolved, all.filter(isFiring)),
            now,
          ),
        ]
      : []),
  ]
}

/** Remembers what was told. */
export const remember = (state: AlertsState, tellings: readonly Telling[]): AlertsState => ({
  ...state,
  history: [...tellings.map(({ told }) => told).reverse(), ...state.history].slice(0, historyKept),
})

/** Tells of the groups that are due; undefined when none is. */
export function tellDue(
  state: AlertsState,
  groups: readonly Group[],
  now: Instant,
): { readonly state: AlertsState; readonly events: readonly Happening[] } | undefined {
  const due = groups.filter((group) => group.dueAt !== undefined && group.dueAt <= now)
  if (due.length === 0) return undefined
  const tellings = due.flatMap((group) => tellGroup(state.service, group, state.alerts, now))
  const fired = new Set(due.flatMap((group) => group.fired))
  const over = new Set(due.flatMap((group) => group.resolved))
  const alerts = state.alerts
    .filter((alert) => !over.has(alert))
    .map((alert) => (fired.has(alert) ? { ...alert, toldAt: now } : alert))
  const told = Object.fromEntries(due.map(({ key }) => [key, now]))
  const next = remember({ ...state, alerts, groups: { ...state.groups, ...told } }, tellings)
  return { state: next, events: tellings.map(({ event }) => event) }
}
