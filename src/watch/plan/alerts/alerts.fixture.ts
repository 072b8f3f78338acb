import { readLabelMatchers } from '../../../series/index.ts'
import { alerts } from './alerts.ts'
import {
  type AlertSettings,
  type AlertsCommand,
  type AlertsSeen,
  type AlertsState,
  type Burning,
  newAlerts,
  type Silence,
} from './state.ts'

const minuteMs = 60_000
export const matchers = (text: string) => readLabelMatchers(text) ?? []
const usual: AlertSettings = {
  routes: [],
  groupBy: ['environment'],
  groupWait: 10_000,
  groupInterval: minuteMs,
  repeat: 240 * minuteMs,
  deadAfter: 10 * minuteMs,
}
export const burns = (slo: string, severity: 'page' | 'ticket' = 'page', window = '1h'): Burning => ({
  slo,
  severity,
  window,
  text: `${slo} burns`,
})
export const silenceOf = (text: string, until: Silence['until'], since = 0): Silence => ({
  id: 's1',
  matchers: matchers(text),
  owner: 'ada',
  by: 'ada',
  reason: 'INC-12',
  since,
  until,
})

/** The story of a service's alerts, by the second; `told` is what was told of when, to whom. */
export function story(settings: Partial<AlertSettings> = {}) {
  let state: AlertsState = newAlerts('payments')
  let now = 0
  let seen: AlertsSeen = {
    settings: { ...usual, ...settings },
    environments: ['production', 'staging'],
    down: {},
    since: 0,
  }
  const told: string[] = []
  const events: string[] = []
  const take = (decision: ReturnType<typeof alerts.decide>): number | undefined => {
    if (decision.is === 'wait') return decision.until ?? Number.POSITIVE_INFINITY
    state = decision.state
    for (const { type, body } of decision.events) {
      events.push(type)
      if (type !== 'alert.told') continue
      const {
        type: what,
        to,
        alerts: all,
      } = body as { type: string; to: string[]; alerts: { slo: string }[] }
      const names = all.map(({ slo }) => slo).join('+')
      told.push(`${now / 1_000} ${what} ${names}${to.length > 0 ? ` → ${to.join(',')}` : ''}`)
    }
    return undefined
  }
  /** Decides whatever is due until then, as the runner does. */
  const until = (seconds: number) => {
    for (;;) {
      const next = take(alerts.decide(state, seen, now))
      if (next === undefined) continue
      if (next > seconds * 1_000) break
      now = next
    }
    now = seconds * 1_000
  }
  const hear = (command: AlertsCommand) => take(alerts.accept(state, command, now))
  return {
    told,
    events,
    until,
    hear,
    state: () => state,
    is: (burning: readonly Burning[], environment = 'production') =>
      hear({ is: 'seen', at: now, environment, burning }),
    down: (down: AlertsSeen['down']) => {
      seen = { ...seen, down }
    },
    forget: (environment: string) => {
      seen = { ...seen, environments: seen.environments.filter((one) => one !== environment) }
    },
  }
}
