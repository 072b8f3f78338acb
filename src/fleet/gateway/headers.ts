import type { IncomingMessage } from 'node:http'
import { withoutPin } from './pins.ts'

/** Belong to one connection and are not passed on (RFC 9110, 7.6.1); `expect` was answered by the gateway. */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
])
const forwarded = new Set(['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host'])
/** Headers that frame or address a message: naming them in `Connection` would make two readers disagree. */
const framing = new Set(['content-length', 'transfer-encoding', 'host'])

export const namedByConnection = (value: string | undefined): string[] =>
  (value ?? '').split(',').map((name) => name.trim().toLowerCase())

const isTarget = (message: IncomingMessage): boolean =>
  message.url?.startsWith('/') === true || (message.method === 'OPTIONS' && message.url === '*')

export const timesNamed = (message: IncomingMessage, wanted: string): number =>
  message.rawHeaders.filter((text, i) => i % 2 === 0 && text.toLowerCase() === wanted).length

/**
 * Why a request that Node's strict parser let through is refused all the same: two readers could understand it
 * differently. @returns undefined when there is nothing against it
 */
export function whyRefused(message: IncomingMessage): string | undefined {
  const { headers } = message
  const encoding = headers['transfer-encoding']
  if (!isTarget(message)) return 'the target must be a path'
  if (encoding !== undefined && encoding.toLowerCase() !== 'chunked') return 'unknown Transfer-Encoding'
  if (encoding !== undefined && message.httpVersion !== '1.1') return 'Transfer-Encoding needs HTTP/1.1'
  if (encoding !== undefined && headers['content-length'] !== undefined) return 'two lengths'
  if (timesNamed(message, 'host') > 1) return 'two hosts'
  if (namedByConnection(headers.connection).some((name) => framing.has(name)))
    return 'Connection names a header that frames the message'
  return undefined
}

/** Whether bytes follow the head. */
export const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0

/** Names and values in turn, as Node's raw headers are, without those that belong to the connection. */
function endToEnd(message: IncomingMessage, drop: ReadonlySet<string>): string[] {
  const named = namedByConnection(message.headers.connection)
  const kept: string[] = []
  for (let i = 0; i + 1 < message.rawHeaders.length; i += 2) {
    const name = message.rawHeaders[i] ?? ''
    const lower = name.toLowerCase()
    if (hopByHop.has(lower) || drop.has(lower) || named.includes(lower)) continue
    kept.push(name, message.rawHeaders[i + 1] ?? '')
  }
  return kept
}

const first = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value

function clientChain(message: IncomingMessage): string {
  const before = message.headers['x-forwarded-for']
  const client = message.socket.remoteAddress ?? 'unknown'
  return before === undefined ? client : `${before}, ${client}`
}

/** Methods whose requests Node would send chunked when no length is given. */
const saysLength = new Set(['POST', 'PUT', 'PATCH'])

/** Takes the gateway's own cookie out; a header of which nothing is left goes altogether. */
function dropPin(kept: string[], pin: string): void {
  for (let i = kept.length - 2; i >= 0; i -= 2) {
    if (kept[i]?.toLowerCase() !== 'cookie') continue
    const others = withoutPin(kept[i + 1] ?? '', pin)
    if (others === '') kept.splice(i, 2)
    else kept[i + 1] = others
  }
}

/** Whether the client speaks TLS to whoever stands before the gateway. */
export const isSecure = ({ headers }: IncomingMessage): boolean =>
  first(headers['x-forwarded-proto'])?.split(',')[0]?.trim().toLowerCase() === 'https'

/**
 * Headers for the upstream: end-to-end ones, who asked and how, and one clear framing.
 * @param pin name of the gateway's own cookie, which is not the service's business
 */
export function upstreamHeaders(message: IncomingMessage, pin: string): string[] {
  const { headers } = message
  const kept = endToEnd(message, forwarded)
  if (headers.cookie?.includes(pin)) dropPin(kept, pin)
  kept.push('X-Forwarded-For', clientChain(message))
  kept.push('X-Forwarded-Proto', first(headers['x-forwarded-proto']) ?? 'http')
  const host = first(headers['x-forwarded-host']) ?? headers.host
  if (host !== undefined) kept.push('X-Forwarded-Host', host)
  if (headers.host === undefined) kept.push('Host', 'localhost')
  if (headers['transfer-encoding'] !== undefined) kept.push('Transfer-Encoding', 'chunked')
  else if (headers['content-length'] === undefined && saysLength.has(message.method ?? ''))
    kept.push('Content-Length', '0')
  return kept
}

/** Headers for the client. `close`: the connection ends with this answer. */
export function clientHeaders(answer: IncomingMessage, close: boolean): string[] {
  const kept = endToEnd(answer, new Set())
  if (close) kept.push('Connection', 'close')
  return kept
}

/** An answer without an end of its own. */
export const isEventStream = ({ headers }: IncomingMessage): boolean =>
  /^text\/event-stream(?:$|[\s;])/i.test(headers['content-type'] ?? '')
