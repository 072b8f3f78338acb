import type { Happening, Instant } from '../../../kernel/index.ts'
import { nextStep } from '../slo/next.ts'
import { type Alert, type AlertLabels, type AlertsState, type Burning, isFiring } from './state.ts'

export type Change = { readonly state: AlertsState; readonly events: readonly Happening[] }

const keyOf = ({ environment, slo, window }: Pick<AlertLabels, 'environment' | 'slo' | 'window'>): string =>
  `${environment}/${slo}/${window}`

const happen = (service: string, type: string, { key, labels, text }: Alert): Happening => ({
  type,
  body: { service, environment: labels.environment, alert: key, severity: labels.severity, because: text },
})

function fire(state: AlertsState, environment: string, burning: Burning, now: Instant): Alert {
  const { slo, window, severity, text, changes = [], next = nextStep(severity, environment) } = burning
  const { evidence, owner } = burning
  const labels = { service: state.service, environment, slo, window, severity }
  const healthyAt = state.seenAt[environment]
  return {
    key: keyOf(labels),
    labels,
    text,
    next,
    changes,
    ...(evidence === undefined ? {} : { evidence }),
    ...(owner === undefined ? {} : { owner }),
    firedAt: now,
    ...(healthyAt === undefined ? {} : { healthyAt }),
  }
}

/** Takes how an environment is now: what burns fires, and what burns no more is over. */
export function takeBurning(
  state: AlertsState,
  environment: string,
  burning: readonly Burning[],
  now: Instant,
): Change {
  const wanted = new Map(burning.map((one) => [keyOf({ environment, ...one }), one]))
  const goesOn = (alert: Alert) => isFiring(alert) && wanted.has(alert.key)
  const isOver = (alert: Alert) =>
    isFiring(alert) && alert.labels.environment === environment && !wanted.has(alert.key)
  const known = new Set(state.alerts.filter(goesOn).map(({ key }) => key))
  const fired = [...wanted]
    .filter(([key]) => !known.has(key))
    .map(([, one]) => fire(state, environment, one, now))
  const alerts = state.alerts.map((alert) => (isOver(alert) ? { ...alert, resolvedAt: now } : alert))
  return {
    state: { ...state, alerts: [...alerts, ...fired] },
    events: [
      ...state.alerts.filter(isOver).map((alert) => happen(state.service, 'alert.resolved', alert)),
      ...fired.map((alert) => happen(state.service, 'alert.fired', alert)),
    ],
  }
}

/** What the dead-man's switch is called among SLOs. */
export const blindSlo = 'watch'

/** The dead-man's switch: an environment of which nothing was heard is itself an alert. */
export const blindness = (forText: string): Burning => ({
  slo: blindSlo,
  window: 'now',
  severity: 'page',
  text: `nothing was heard for ${forText}: nobody would be told if it failed`,
})

/** What burns in an environment, as far as is known. */
export const burningIn = (state: AlertsState, environment: string): readonly Burning[] =>
  state.alerts
    .filter((alert) => isFiring(alert) && alert.labels.environment === environment)
    .map(({ labels, text, changes }) => ({
      slo: labels.slo,
      window: labels.window,
      severity: labels.severity === 'page' ? 'page' : 'ticket',
      text,
      changes,
    }))

export const isBlind = (state: AlertsState, environment: string): boolean =>
  burningIn(state, environment).some(({ slo }) => slo === blindSlo)
