import type { IncomingMessage } from 'node:http'
import type { Head } from '../../wire/index.ts'
import { answerHead, headersWithout } from './answer-head.ts'
import { hasBody, timesNamed } from './headers.ts'
import { namedByConnection } from './hop-by-hop.ts'

/** A protocol, with its version perhaps (RFC 9110, 7.8). */
const protocol = /^[\w!#$%&'*+.^`|~-]+(?:\/[\w!#$%&'*+.^`|~-]+)?$/
/** Offers of HTTP itself are passed over in silence: what came through them would pass by the gateway's parser. */
const isHttp = /^(?:h2c?|h3|https?|tls)(?:$|[/-])/i

/** Whether a client asks to leave HTTP on this connection. From HTTP/1.0 it is no question. */
const asksUpgrade = ({ headers, httpVersion }: IncomingMessage): boolean =>
  headers.upgrade !== undefined &&
  httpVersion === '1.1' &&
  namedByConnection(headers.connection).includes('upgrade') &&
  !isHttp.test(headers.upgrade.trim())

/** Why an upgrade is refused: two readers could understand it differently. undefined: it is none, or in order. */
export function whyNotUpgraded(message: IncomingMessage): string | undefined {
  if (!asksUpgrade(message)) return undefined
  if (timesNamed(message, 'upgrade') > 1 || !protocol.test(message.headers.upgrade ?? ''))
    return 'Upgrade must name one protocol'
  if (hasBody(message) || message.headers['transfer-encoding'] !== undefined)
    return 'an upgrade must have no body'
  return undefined
}

/**
 * The protocol that an upgrade in order asks for; undefined: the request is an ordinary one, or not in order. Node asks
 * upgrades for no host, as it does all others, so that one without is left to it.
 */
export const protocolAsked = (message: IncomingMessage): string | undefined =>
  asksUpgrade(message) && message.headers.host !== undefined && whyNotUpgraded(message) === undefined
    ? message.headers.upgrade
    : undefined

/** The head that tells the client of the switch. @param more names and values in turn @param own as of `Reply.begin` */
export function switchingHead(
  answer: Head,
  wanted: string,
  more: readonly string[],
  own: string | undefined,
): string {
  const headers = [
    ...headersWithout(answer, answerHead(answer), own),
    'Connection',
    'Upgrade',
    'Upgrade',
    wanted,
    ...more,
  ]
  const lines = ['HTTP/1.1 101 Switching Protocols']
  for (let i = 0; i + 1 < headers.length; i += 2) lines.push(`${headers[i]}: ${headers[i + 1]}`)
  return `${lines.join('\r\n')}\r\n\r\n`
}

/** Whether the upstream switched to what was asked, and to nothing else. */
export const isAsked = ({ headers }: Head, wanted: string): boolean =>
  headers.get('upgrade')?.toLowerCase() === wanted.toLowerCase()
