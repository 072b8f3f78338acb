import type { Happening, Instant, Json } from '../../../kernel/index.ts'
import type { Change } from './firing.ts'
import { matches, mutedBy } from './muting.ts'
import {
  type Alert,
  type AlertLabels,
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
  alert.toldTo ?? routes.find(({ match }) => matches(match, alert))?.to ?? []

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

/** Something to be told. */
type Telling = {
  readonly type: ToldType
  readonly to: readonly string[]
  readonly alerts: readonly Alert[]
  readonly text: string
}

const shownOf = ({ key, labels, text, next, changes, firedAt, healthyAt, resolvedAt, ...more }: Alert) => ({
  key,
  ...labels,
  text,
  next,
  changes,
  ...(more.evidence === undefined ? {} : { evidence: more.evidence }),
  ...(more.owner === undefined ? {} : { owner: more.owner }),
  firedAt,
  ...(healthyAt === undefined ? {} : { healthyAt }),
  ...(resolvedAt === undefined ? {} : { resolvedAt }),
})

/** Alerts of which somebody was told, and which fire. */
const goingOn = ({ alerts }: AlertsState): readonly Pick<AlertLabels, 'environment' | 'slo' | 'severity'>[] =>
  alerts
    .filter((alert) => isFiring(alert) && alert.toldAt !== undefined)
    .map(({ labels: { environment, slo, severity } }) => ({ environment, slo, severity }))

/** Tells, and remembers what was told of alerts: that all this works is said too often. */
export function tell(state: AlertsState, tellings: readonly Telling[], now: Instant): Change {
  const { service } = state
  const told = tellings.map(
    ({ type, to, text, alerts }, i): Told => ({
      id: `${service}.alert.${state.tellings + i + 1}.${now}`,
      ...{ at: now, type, to, text },
      alerts: alerts.map(({ key }) => key),
    }),
  )
  const events = tellings.map(({ type, to, text, alerts }, i): Happening => {
    const environment = alerts[0]?.labels.environment
    const body: Json = {
      ...{ service, type, to, text },
      id: told[i]?.id ?? '',
      ...(environment ? { environment } : {}),
      alerts: alerts.map(shownOf),
      goesOn: goingOn(state),
    }
    return { type: 'alert.told', body }
  })
  const news = told.filter(({ type }) => type !== 'watch.alive').reverse()
  const history = [...news, ...state.history].slice(0, historyKept)
  return { state: { ...state, history, tellings: state.tellings + tellings.length }, events }
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

function tellingsOf(
  service: string,
  { to, fired, resolved, going }: Group,
  all: readonly Alert[],
): readonly Telling[] {
  const again = fired.length + resolved.length === 0 ? going : []
  const firing = [...fired, ...again]
  const type = firing[0]?.labels.severity === 'page' ? 'alert.page' : 'alert.ticket'
  const more = again.length > 0 ? ' (it goes on)' : ''
  const burns = `${placeOf(firing)} of ${service}: ${sentences(firing)}${more}`
  const isOver = overText(service, resolved, all.filter(isFiring))
  const tellings: readonly Telling[] = [
    { type, to, alerts: firing, text: burns },
    { type: 'alert.resolved', to, alerts: resolved, text: isOver },
  ]
  return tellings.filter(({ alerts }) => alerts.length > 0)
}

/** Tells of the groups that are due; undefined when none is. */
export function tellDue(state: AlertsState, groups: readonly Group[], now: Instant): Change | undefined {
  const due = groups.filter((group) => group.dueAt !== undefined && group.dueAt <= now)
  if (due.length === 0) return undefined
  const told = new Map(due.flatMap(({ fired, to }) => fired.map((alert) => [alert, to] as const)))
  const over = new Set(due.flatMap((group) => group.resolved))
  const alerts = state.alerts
    .filter((alert) => !over.has(alert))
    .map((alert) => {
      const toldTo = told.get(alert)
      return toldTo ? { ...alert, toldAt: now, toldTo } : alert
    })
  const times = Object.fromEntries(due.map(({ key }) => [key, now]))
  const tellings = due.flatMap((group) => tellingsOf(state.service, group, state.alerts))
  return tell({ ...state, alerts, groups: { ...state.groups, ...times } }, tellings, now)
}
