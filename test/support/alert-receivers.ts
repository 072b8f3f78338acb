import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'

/** A request as a receiver saw it. */
export type Heard = {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export type HttpReceiver = { readonly url: string; readonly heard: Heard[]; close(): Promise<void> }

/** Listens, and answers as it is told. */
export async function listenHttp(
  answer: (heard: Heard, response: ServerResponse) => void,
): Promise<HttpReceiver> {
  const heard: Heard[] = []
  const server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece) => pieces.push(piece))
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request
      const one = { method, path, headers, body: Buffer.concat(pieces).toString('utf8') }
      heard.push(one)
      answer(one, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

const mrkdwn = z.strictObject({ type: z.literal('mrkdwn'), text: z.string().min(1).max(3_000) })

/** What Slack takes of a message, as its reference of blocks has it; anything else is `invalid_blocks`. */
export const slackPayload = z.strictObject({
  text: z.string().min(1).max(40_000),
  unfurl_links: z.boolean().optional(),
  blocks: z
    .array(
      z.discriminatedUnion('type', [
        z.strictObject({
          type: z.literal('header'),
          text: z.strictObject({
            type: z.literal('plain_text'),
            text: z.string().min(1).max(150),
            emoji: z.boolean().optional(),
          }),
        }),
        z.strictObject({ type: z.literal('section'), text: mrkdwn }),
        z.strictObject({ type: z.literal('context'), elements: z.array(mrkdwn).min(1).max(10) }),
      ]),
    )
    .min(1)
    .max(50),
})

const routingKey = z.string().length(32)
const dedupKey = z.string().min(1).max(255)
const links = z.array(z.strictObject({ href: z.url(), text: z.string().optional() })).optional()

const pagerDutyEvent = z.discriminatedUnion('event_action', [
  z.strictObject({
    routing_key: routingKey,
    event_action: z.literal('trigger'),
    dedup_key: dedupKey.optional(),
    client: z.string().optional(),
    client_url: z.url().optional(),
    links,
    payload: z.strictObject({
      summary: z.string().min(1).max(1_024),
      source: z.string().min(1),
      severity: z.enum(['critical', 'error', 'warning', 'info']),
      timestamp: z.iso.datetime().optional(),
      component: z.string().optional(),
      group: z.string().optional(),
      class: z.string().optional(),
      custom_details: z.record(z.string(), z.unknown()).optional(),
    }),
  }),
  z.strictObject({
    routing_key: routingKey,
    event_action: z.enum(['acknowledge', 'resolve']),
    dedup_key: dedupKey,
  }),
])
const pagerDutyChange = z.strictObject({
  routing_key: routingKey,
  links,
  payload: z.strictObject({
    summary: z.string().min(1).max(1_024),
    source: z.string().optional(),
    timestamp: z.iso.datetime().optional(),
    custom_details: z.record(z.string(), z.unknown()).optional(),
  }),
})

/** An incident of PagerDuty, as its events made it. */
export type Incident = { readonly key: string; readonly summary: string; open: boolean; triggers: number }

/** What PagerDuty does with events: what is not of its shape is refused, and incidents are known by their keys. */
export function pagerDutyService(): {
  readonly incidents: Incident[]
  readonly changes: string[]
  /** @returns the status, and what is wrong */
  take(path: string, body: string): { readonly status: number; readonly errors: readonly string[] }
} {
  const incidents: Incident[] = []
  const changes: string[] = []
  return {
    incidents,
    changes,
    take(path, body) {
      const shape = path === '/v2/enqueue' ? pagerDutyEvent : pagerDutyChange
      const read = shape.safeParse(JSON.parse(body))
      if (!read.success || !path.startsWith('/v2/'))
        return { status: 400, errors: read.error?.issues.map(({ message }) => message) ?? [] }
      const event = read.data
      if (!('event_action' in event)) {
        changes.push(event.payload.summary)
        return { status: 202, errors: [] }
      }
      const open = incidents.find((one) => one.open && one.key === event.dedup_key)
      if (event.event_action !== 'trigger') {
        if (open && event.event_action === 'resolve') open.open = false
      } else if (open) open.triggers++
      else
        incidents.push({
          key: event.dedup_key ?? '',
          summary: event.payload.summary,
          open: true,
          triggers: 1,
        })
      return { status: 202, errors: [] }
    },
  }
}
