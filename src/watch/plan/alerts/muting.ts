import type { Happening, Instant } from '../../../kernel/index.ts'
import type { Matcher } from '../../../series/index.ts'
import type { Change } from './firing.ts'
import {
  type Alert,
  type AlertLabels,
  type AlertsSeen,
  type AlertsState,
  isFiring,
  type Silence,
} from './state.ts'

function holds({ label, is, value }: Matcher, labels: AlertLabels): boolean {
  const found = (labels as Readonly<Record<string, string | undefined>>)[label] ?? ''
  const isAlike = is === '=' || is === '!=' ? found === value : new RegExp(`^(?:${value})$`, 'u').test(found)
  return is.startsWith('!') ? !isAlike : isAlike
}

export const matches = (matchers: readonly Matcher[], { labels }: Pick<Alert, 'labels'>): boolean =>
  matchers.every((matcher) => holds(matcher, labels))

/** Why nobody is told of an alert that fires. */
export type Muted =
  | { readonly by: 'silence'; readonly silence: string }
  /** The page of the same SLO, or a service that this one depends on, says it already. */
  | { readonly by: 'page'; readonly alert: string }
  | { readonly by: 'dependency'; readonly service: string }

const isPageOf = (ticket: Alert, other: Alert): boolean =>
  isFiring(other) &&
  other.labels.severity === 'page' &&
  other.labels.slo === ticket.labels.slo &&
  other.labels.environment === ticket.labels.environment

export function mutedBy(state: AlertsState, alert: Alert, down: AlertsSeen['down']): Muted | undefined {
  const silence = state.silences.find(({ matchers }) => matches(matchers, alert))
  if (silence) return { by: 'silence', silence: silence.id }
  const page = alert.labels.severity === 'ticket' && state.alerts.find((other) => isPageOf(alert, other))
  if (page) return { by: 'page', alert: page.key }
  const service = down[alert.labels.environment]
  return service === undefined ? undefined : { by: 'dependency', service }
}

const matcherText = ({ label, is, value }: Matcher): string => `${label}${is}"${value}"`

const happen = (
  service: string,
  type: string,
  { id, owner, reason, until, matchers }: Silence,
  more: { readonly by?: string } = {},
): Happening => ({
  type,
  body: { service, silence: id, owner, reason, until, of: matchers.map(matcherText), ...more },
})

/** Keeps alerts silent from now on. Said twice, it is said once. */
export function addSilence(state: AlertsState, silence: Silence): Change | undefined {
  if (state.silences.some(({ id }) => id === silence.id)) return undefined
  return {
    state: { ...state, silences: [...state.silences, silence] },
    events: [happen(state.service, 'alert.silenced', silence, { by: silence.by })],
  }
}

export function endSilence(state: AlertsState, id: string, by: string): Change | undefined {
  const ended = state.silences.find((one) => one.id === id)
  if (!ended) return undefined
  return {
    state: { ...state, silences: state.silences.filter((one) => one !== ended) },
    events: [happen(state.service, 'alert.silenceEnded', ended, { by })],
  }
}

const isOver = ({ alerts }: AlertsState, { until, matchers }: Silence, now: Instant): boolean =>
  until === 'resolved' ? !alerts.some((alert) => isFiring(alert) && matches(matchers, alert)) : until <= now

/** Ends the silences whose time has come. */
export function expireSilences(state: AlertsState, now: Instant): Change | undefined {
  const over = state.silences.filter((silence) => isOver(state, silence, now))
  if (over.length === 0) return undefined
  return {
    state: { ...state, silences: state.silences.filter((one) => !over.includes(one)) },
    events: over.map((silence) => happen(state.service, 'alert.silenceEnded', silence)),
  }
}
