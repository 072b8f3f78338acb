import type { IncomingMessage } from 'node:http'
import type { Caller } from './caller.ts'
import { authority, originLines } from './forwarding.ts'
import { headerOf } from './header-kinds.ts'
import { namedByConnection } from './hop-by-hop.ts'
import { withoutPin } from './pins.ts'

/** Headers that frame or address a message: naming them in `Connection` would make two readers disagree. */
const framing = new Set(['content-length', 'transfer-encoding', 'host'])

/** Node lets a tab and a form feed through, and a fragment, which end the target for other readers. */
const path = /^\/[\x21\x22\x24-\x7e\x80-\xff]*$/

const isTarget = ({ url = '', method }: IncomingMessage): boolean =>
  path.test(url) || (method === 'OPTIONS' && url === '*')

/** How often a header was sent. @param wanted its name in lower case */
export function timesNamed({ rawHeaders }: IncomingMessage, wanted: string): number {
  let times = 0
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string
    if (name.length === wanted.length && name.toLowerCase() === wanted) times++
  }
  return times
}

/**
 * Why a request that Node's strict parser let through is refused all the same: two readers could understand it
 * differently. @returns undefined when there is nothing against it
 */
export function whyRefused(message: IncomingMessage): string | undefined {
  const { headers } = message
  const encoding = headers['transfer-encoding']
  if (message.httpVersionMajor !== 1) return 'HTTP/1.0 or HTTP/1.1'
  if (!isTarget(message)) return 'the target must be a path'
  if (encoding !== undefined && encoding.toLowerCase() !== 'chunked') return 'unknown Transfer-Encoding'
  if (encoding !== undefined && message.httpVersion !== '1.1') return 'Transfer-Encoding needs HTTP/1.1'
  if (encoding !== undefined && headers['content-length'] !== undefined) return 'two lengths'
  if (timesNamed(message, 'host') > 1) return 'two hosts'
  if (!authority.test(headers.host ?? '')) return 'Host is no name'
  if (namedByConnection(headers.connection).some((name) => framing.has(name)))
    return 'Connection names a header that frames the message'
  return undefined
}

/** Whether bytes follow the head. */
export const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0

type HeadWanted = {
  readonly caller: Pick<Caller, 'pinName' | 'origin' | 'clientHeader' | 'requestId'>
  /** That the upstream is asked to switch to. */
  readonly protocol: string | undefined
}

/** Methods that mean a body: without one they say so. */
const saysLength = new Set(['POST', 'PUT', 'PATCH'])

/**
 * The end-to-end headers of a request as lines: without the gateway's own cookie, and without what it writes itself or
 * does not believe.
 */
function passedOn({ rawHeaders, headers }: IncomingMessage, { caller }: HeadWanted): string {
  const named = namedByConnection(headers.connection)
  const { requestId, pinName } = caller
  const id = requestId?.header.lower
  let lines = ''
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const [name, value] = [rawHeaders[i] as string, rawHeaders[i + 1] as string]
    const { lower, kind } = headerOf(name)
    if (kind === 'dropped' || named.includes(lower)) continue
    if (id !== undefined && isSameToAnybody(lower, id)) continue
    if (kind === 'proxy' && !caller.origin.isTrusted) continue
    const passed = kind === 'cookie' ? withoutPin(value, pinName) : value
    // Of a header that was nothing but our cookie, nothing is left.
    if (passed !== '' || value === '') lines += `${name}: ${passed}\r\n`
  }
  return lines
}

/** Whether a header is read as another one where `_` and `-` are the same. @param wanted has no `_` */
const isSameToAnybody = (lower: string, wanted: string): boolean =>
  lower.length === wanted.length && (lower === wanted || lower.replaceAll('_', '-') === wanted)

/** One clear framing: Node's parser has undone the client's. */
function framingOf({ headers, method = '' }: IncomingMessage): string {
  if (headers['transfer-encoding'] !== undefined) return 'Transfer-Encoding: chunked\r\n'
  return headers['content-length'] === undefined && saysLength.has(method) ? 'Content-Length: 0\r\n' : ''
}

/**
 * The head of a request as the upstream gets it. Whatever is in it has been through Node's strict parser, and the target
 * through `whyRefused`, so that no line can end anywhere but here.
 */
export function requestHead(message: IncomingMessage, wanted: HeadWanted): string {
  const { caller, protocol } = wanted
  const connection = protocol === undefined ? 'keep-alive' : `Upgrade\r\nUpgrade: ${protocol}`
  const host = message.headers.host === undefined ? 'Host: localhost\r\n' : ''
  const { requestId: id } = caller
  const named = id ? `${id.header.name}: ${id.value}\r\n` : ''
  const ours = host + originLines(caller.origin, caller.clientHeader) + named + framingOf(message)
  return `${message.method} ${message.url} HTTP/1.1\r\n${passedOn(message, wanted)}${ours}Connection: ${connection}\r\n\r\n`
}
