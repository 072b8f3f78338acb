import { createHmac } from 'node:crypto'
import { type ClientRequest, type IncomingMessage, request as plain } from 'node:http'
import { request as secure } from 'node:https'
import type { Instant } from '../kernel/index.ts'
import { alertmanagerAlerts } from './plan/channels/alertmanager.ts'
import { pagerDutyEvents } from './plan/channels/pagerduty.ts'
import { slackMessage } from './plan/channels/slack.ts'
import type { MessageBody } from './plan/message.ts'
import type { PostEnd, PostSpec } from './plan/state.ts'
import { refusalOf } from './refusal.ts'

/** What is said over HTTP: by POST, or by GET when there is nothing to say. */
type Request = {
  readonly url: string
  readonly body?: string
  readonly headers?: Readonly<Record<string, string | number>>
}

type OverHttp = Exclude<PostSpec, { kind: 'email' }>
type Values = Readonly<Record<string, string>>

const keyPrefix = 'whsec_'

/** The bytes that a key stands for: base64 behind `whsec_`, as Standard Webhooks has it, else the text itself. */
const bytesOf = (key: string): Buffer =>
  key.startsWith(keyPrefix) ? Buffer.from(key.slice(keyPrefix.length), 'base64') : Buffer.from(key, 'utf8')

/** The signature of Standard Webhooks: `v1,` and HMAC-SHA256 of id, time in seconds and body, in base64. */
const signatureOf = (key: string, id: string, seconds: number, body: string): string =>
  `v1,${createHmac('sha256', bytesOf(key)).update(`${id}.${seconds}.${body}`).digest('base64')}`

const json = (value: unknown): string => JSON.stringify(value)
const under = (base: string, path: string): string => `${base.replace(/\/+$/, '')}${path}`

/** Everything that a message is, over HTTP, in order; each may be said twice. */
function requestsFor(spec: OverHttp, values: Values, now: Instant): readonly Request[] {
  const textOf = (of: string | { readonly secret: string }): string =>
    typeof of === 'string' ? of : (values[of.secret] ?? '').trim()
  const message = JSON.parse(spec.body) as MessageBody
  switch (spec.kind) {
    case 'webhook': {
      const seconds = Math.floor(now / 1_000)
      const headers = {
        'webhook-id': spec.id,
        'webhook-timestamp': seconds,
        'webhook-signature': signatureOf(values[spec.key.secret] ?? '', spec.id, seconds, spec.body),
      }
      return [{ url: textOf(spec.url), body: spec.body, headers }]
    }
    case 'slack':
      return [{ url: textOf(spec.url), body: json(slackMessage(message, spec.page)) }]
    case 'pagerDuty':
      return pagerDutyEvents(message, textOf(spec.key), spec.page).map(({ path, body }) => ({
        url: under(spec.url, path),
        body: json(body),
      }))
    case 'alertmanager': {
      const { authorization } = spec
      return [
        {
          url: under(textOf(spec.url), '/api/v2/alerts'),
          body: json(alertmanagerAlerts(message, spec.page, now)),
          ...(authorization ? { headers: { authorization: textOf(authorization) } } : {}),
        },
      ]
    }
    case 'heartbeat':
      return [{ url: textOf(spec.url) }]
  }
}

/** In seconds, or as a date. */
function retryAfterMs(header: string | undefined, now: Instant): number | undefined {
  const ms = /^\d+$/.test(header ?? '') ? Number(header) * 1_000 : Date.parse(header ?? '') - now
  return Number.isFinite(ms) && ms > 0 ? ms : undefined
}

function answerTo(request: ClientRequest, body: string | undefined): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('error', reject)
    request.once('response', resolve)
    request.end(body)
  })
}

const isTaken = (status: number): boolean => status >= 200 && status < 300

/** What an answer says is read only when it refuses, and where it redirects to is not followed. */
async function endOf(
  answer: IncomingMessage,
  secrets: readonly string[] | undefined,
  now: Instant,
): Promise<PostEnd> {
  const asked = retryAfterMs(answer.headers['retry-after'], now)
  const status = answer.statusCode ?? 0
  const end = { is: 'answered' as const, status, ...(asked === undefined ? {} : { retryAfterMs: asked }) }
  if (secrets && !isTaken(status)) {
    const said = await refusalOf(answer, secrets)
    return { ...end, ...(said === undefined ? {} : { said }) }
  }
  answer.once('error', () => {})
  answer.destroy()
  return end
}

async function say(
  { url, body, headers = {} }: Request,
  signal: AbortSignal,
  secrets: readonly string[] | undefined,
  now: Instant,
): Promise<PostEnd> {
  const address = URL.parse(url)
  if (!address || !/^https?:$/.test(address.protocol))
    return { is: 'failed', because: 'its address is none that begins with https:// or http://' }
  const send = address.protocol === 'https:' ? secure : plain
  const content =
    body === undefined
      ? {}
      : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
  const request = send(address, {
    method: body === undefined ? 'GET' : 'POST',
    agent: false,
    signal,
    headers: { ...content, 'user-agent': 'Plimsoll', ...headers },
  })
  const { pathname, search } = address
  // A receiver may say which path it does not know; that may be all of a secret.
  const hidden = secrets && [...secrets, `${pathname}${search}`, pathname].filter((one) => one.length > 1)
  return endOf(await answerTo(request, body), hidden, now)
}

/** Those whose words help whoever has written a key wrongly; others say whatever they like. */
const explains = ({ kind }: OverHttp): boolean => kind !== 'webhook' && kind !== 'heartbeat'

/** Says it all, until something is not taken. */
export async function postOverHttp(spec: OverHttp, values: Values, now: () => Instant): Promise<PostEnd> {
  const signal = AbortSignal.timeout(spec.timeoutMs)
  // A message of which nothing is to be said has arrived.
  let end: PostEnd = { is: 'answered', status: 204 }
  const secrets = explains(spec) ? Object.values(values).map((one) => one.trim()) : undefined
  for (const request of requestsFor(spec, values, now())) {
    end = await say(request, signal, secrets, now())
    if (end.is !== 'answered' || !isTaken(end.status)) return end
  }
  return end
}
