import type { Json } from '../../../kernel/index.ts'
import type { AlertBody, MessageBody } from '../message.ts'
import { atMost, linkOf, whenOf } from './words.ts'

/** Of a summary, as PagerDuty has it. */
const summaryLength = 1_024

const severities = { page: 'critical', ticket: 'warning' } as const

/** Something that PagerDuty is told: an event of an incident, or a change. */
export type PagerDutyEvent = { readonly path: '/v2/enqueue' | '/v2/change/enqueue'; readonly body: Json }

type Cause = Pick<AlertBody, 'environment' | 'slo' | 'severity'>

/** Alerts of one SLO are one incident, whatever their windows: nobody is woken twice for the same. */
const dedupKey = (service: string, { environment, slo, severity }: Cause): string =>
  `plimsoll/${service}/${environment}/${slo}/${severity}`

const linksOf = (body: MessageBody, page: string | undefined): Json => {
  const link = linkOf(body, page)
  return link === undefined ? {} : { links: [{ href: link, text: 'Open in Plimsoll' }] }
}

function trigger(key: string, alerts: readonly AlertBody[], body: MessageBody, page: string | undefined) {
  const [first] = alerts
  if (!first) return []
  const { environment, slo, severity, firedAt } = first
  const link = linkOf(body, page)
  const event: Json = {
    routing_key: key,
    event_action: 'trigger',
    dedup_key: dedupKey(body.service, first),
    client: 'Plimsoll',
    ...(link === undefined ? {} : { client_url: link, links: [{ href: link, text: 'Open in Plimsoll' }] }),
    payload: {
      summary: atMost(
        `${environment} of ${body.service}: ${alerts.map(({ text }) => text).join('; ')}`,
        summaryLength,
      ),
      source: `${body.service}/${environment}`,
      severity: severities[severity],
      timestamp: firedAt,
      component: body.service,
      group: environment,
      class: slo,
      custom_details: {
        next: first.next,
        changes: first.changes,
        ...(first.evidence === undefined ? {} : { evidence: first.evidence }),
        ...(first.owner === undefined ? {} : { owner: first.owner }),
        alerts: alerts.map((alert) => `${alert.text} (${alert.window}), ${whenOf(alert, body)}`),
      },
    },
  }
  return [{ path: '/v2/enqueue' as const, body: event }]
}

const resolve = (key: string, service: string, of: Cause): PagerDutyEvent => ({
  path: '/v2/enqueue',
  body: { routing_key: key, event_action: 'resolve', dedup_key: dedupKey(service, of) },
})

/** A test opens an incident of no weight and closes it at once. */
function test(key: string, { id, service, text, at }: MessageBody): readonly PagerDutyEvent[] {
  const dedup_key = `plimsoll/${id}`
  const payload = { summary: atMost(text, summaryLength), source: service, severity: 'info', timestamp: at }
  return [
    { path: '/v2/enqueue', body: { routing_key: key, event_action: 'trigger', dedup_key, payload } },
    { path: '/v2/enqueue', body: { routing_key: key, event_action: 'resolve', dedup_key } },
  ]
}

function change(key: string, body: MessageBody, page: string | undefined): PagerDutyEvent {
  const { release = '', commit = '', actor = '' } = body.deployment ?? {}
  return {
    path: '/v2/change/enqueue',
    body: {
      routing_key: key,
      ...(linksOf(body, page) as object),
      payload: {
        summary: atMost(body.text, summaryLength),
        source: body.environment === undefined ? body.service : `${body.service}/${body.environment}`,
        timestamp: body.at,
        custom_details: { release, commit, actor },
      },
    },
  }
}

/**
 * What PagerDuty is told of a message. Said twice, it is said once: events have a key by which PagerDuty knows them.
 * @param key the integration key
 */
export function pagerDutyEvents(
  body: MessageBody,
  key: string,
  page: string | undefined,
): readonly PagerDutyEvent[] {
  const { type, service, alerts = [], goesOn = [] } = body
  if (type === 'ping') return test(key, body)
  if (!type.startsWith('alert.')) return [change(key, body, page)]
  const incidents = [...Map.groupBy(alerts, (alert) => dedupKey(service, alert))]
  if (type !== 'alert.resolved') return incidents.flatMap(([, of]) => trigger(key, of, body, page))
  const open = new Set(goesOn.map((one) => dedupKey(service, one)))
  return incidents.flatMap(([name, [first]]) =>
    first && !open.has(name) ? [resolve(key, service, first)] : [],
  )
}
