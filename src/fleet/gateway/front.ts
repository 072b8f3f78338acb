import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { Exchange, type Surroundings } from './exchange.ts'
import { whyRefused } from './headers.ts'

/** Longer than the idle timeout of usual load balancers (60 s), so that they close first and lose nothing. */
const keepAliveTimeoutMs = 75_000
const headersTimeoutMs = 60_000

/** Connections whose bytes are not trusted any more. */
type Condemned = WeakSet<Duplex>

function refuse(response: ServerResponse, status: number, text: string): void {
  const { socket } = response
  response.writeHead(status, { 'Content-Type': 'text/plain', Connection: 'close' })
  response.end(`${text}\n`, () => socket?.destroySoon())
}

/** An offer of HTTP/2 may be passed over in silence; who asks for anything else cannot go on without it. */
const asksUpgrade = ({ headers }: IncomingMessage): boolean =>
  headers.upgrade !== undefined && !/^h2c?$/i.test(headers.upgrade.trim())

function take(
  around: Surroundings,
  condemned: Condemned,
  incoming: IncomingMessage,
  response: ServerResponse,
) {
  if (condemned.has(incoming.socket)) return
  const why = whyRefused(incoming)
  if (why === undefined && !asksUpgrade(incoming)) return new Exchange(around, incoming, response).begin()
  condemned.add(incoming.socket)
  if (why !== undefined) refuse(response, 400, why)
  else refuse(response, 501, 'The gateway speaks HTTP/1.1 only.')
}

/** The side towards clients: Node's own strict parser, and refusals of what it lets through but should not. */
export function createFront(around: Surroundings): Server {
  const condemned: Condemned = new WeakSet()
  const server = createServer(
    {
      keepAliveTimeout: keepAliveTimeoutMs,
      headersTimeout: headersTimeoutMs,
      // The table says how long a request may take; the exchange sees to it.
      requestTimeout: 0,
      insecureHTTPParser: false,
      requireHostHeader: true,
    },
    (incoming, response) => take(around, condemned, incoming, response),
  )
  return server
}
