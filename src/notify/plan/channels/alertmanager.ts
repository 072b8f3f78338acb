import type { Instant, Json } from '../../../kernel/index.ts'
import type { AlertBody, MessageBody } from '../message.ts'
import { forgottenAfterMs } from '../reminding.ts'
import { isComing, linkOf } from './words.ts'

const iso = (at: number): string => new Date(at).toISOString()

/** Labels are those of the rules for Prometheus: an alert that comes both ways is one. */
const labelsOf = (service: string, { environment, slo, window, severity }: AlertBody) => ({
  alertname: isComing({ window }) ? 'SeenComing' : 'ErrorBudgetBurns',
  service_name: service,
  deployment_environment_name: environment,
  ...{ slo, window, severity },
})

function alertOf(body: MessageBody, alert: AlertBody, page: string | undefined, now: Instant): Json {
  const link = linkOf(body, page)
  return {
    labels: labelsOf(body.service, alert),
    annotations: {
      summary: `${alert.environment} of ${body.service}: ${alert.text}`,
      next_step: alert.next,
      ...(alert.changes.length > 0 ? { changes: alert.changes.join('\n') } : {}),
      ...(alert.evidence === undefined ? {} : { evidence: alert.evidence.join('\n') }),
      ...(alert.owner === undefined ? {} : { owner: alert.owner }),
    },
    startsAt: alert.firedAt,
    endsAt: alert.resolvedAt ?? iso(now + forgottenAfterMs),
    ...(link === undefined ? {} : { generatorURL: link }),
  }
}

const test = ({ id, service, text, at }: MessageBody, now: Instant): Json => ({
  labels: { alertname: 'PlimsollTest', service_name: service, severity: 'none', test: id },
  annotations: { summary: text },
  startsAt: at,
  endsAt: iso(now + 60_000),
})

/** What an Alertmanager is told of a message, at the moment at which it is sent. */
export const alertmanagerAlerts = (body: MessageBody, page: string | undefined, now: Instant): Json =>
  body.type === 'ping'
    ? [test(body, now)]
    : (body.alerts ?? []).map((alert) => alertOf(body, alert, page, now))
