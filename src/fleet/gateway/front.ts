import { createServer, type IncomingMessage, type Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { Exchange } from './exchange.ts'
import type { Said } from './forwarding.ts'
import { whyRefused } from './headers.ts'
import type { Surroundings } from './surroundings.ts'
import { protocolAsked, whyNotUpgraded } from './upgrade.ts'

/** Longer than the idle timeout of usual load balancers (60 s), so that they close first and lose nothing. */
const keepAliveTimeoutMs = 75_000
const headersTimeoutMs = 60_000
/** A client that is gone without a word is noticed by the kernel, also where nothing is to be sent for hours. */
const probeAfterMs = 60_000

/** Connections whose bytes are not trusted any more. */
type Condemned = WeakSet<Duplex>

function refuse(response: ServerResponse, status: number, text: string): void {
  const { socket } = response
  response.writeHead(status, { 'Content-Type': 'text/plain', Connection: 'close' })
  response.end(`${text}\n`, () => socket?.destroySoon())
}

/** An answer to an earlier request is still to be written on this connection. */
const isBusy = (socket: Duplex & { readonly _httpMessage?: unknown }): boolean => Boolean(socket._httpMessage)

/** Why a request is not even passed on. An upgrade in order comes here only when it waits behind another request. */
const whyNot = (incoming: IncomingMessage): string | undefined =>
  whyRefused(incoming) ?? (incoming.headers.upgrade === undefined ? undefined : whyNotUpgradedHere(incoming))

const whyNotUpgradedHere = (incoming: IncomingMessage): string | undefined =>
  whyNotUpgraded(incoming) ??
  (protocolAsked(incoming) === undefined ? undefined : 'an upgrade must not wait behind another request')

/** What is not even passed on is written all the same: it may be an attack. */
function logRefused(around: Surroundings, incoming: IncomingMessage, because: string): void {
  const { log, proxies } = around.manners()
  const { method = '', url = '', headers, socket } = incoming
  const none = { instance: undefined, release: undefined, requestId: undefined, traceId: undefined }
  log?.add({
    ...{ ...none, method, url, because, end: 'refused', status: 400, bytes: 0, durationMs: 0 },
    at: around.now(),
    client: proxies.origin(headers as Said, socket.remoteAddress).hops[0] ?? '',
    upstreamMs: undefined,
  })
}

function take(
  around: Surroundings,
  condemned: Condemned,
  incoming: IncomingMessage,
  response: ServerResponse,
) {
  if (condemned.has(incoming.socket)) return
  const why = whyNot(incoming)
  if (why === undefined) return new Exchange(around, incoming, response).begin()
  condemned.add(incoming.socket)
  logRefused(around, incoming, why)
  refuse(response, 400, why)
}

/** The parser is gone from this connection: whatever is answered, it is the last answer in HTTP. */
function takeUpgrade(around: Surroundings, incoming: IncomingMessage, socket: Socket, head: Buffer): void {
  socket.on('error', () => undefined)
  const response = new ServerResponse(incoming)
  response.shouldKeepAlive = false
  response.assignSocket(socket)
  response.on('finish', () => socket.destroySoon())
  new Exchange(around, incoming, response, { client: socket, head }).begin()
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
      optimizeEmptyRequests: true,
      requireHostHeader: true,
      keepAlive: true,
      keepAliveInitialDelay: probeAfterMs,
      shouldUpgradeCallback: (incoming) =>
        !condemned.has(incoming.socket) &&
        !isBusy(incoming.socket) &&
        whyRefused(incoming) === undefined &&
        protocolAsked(incoming) !== undefined,
    },
    (incoming, response) => take(around, condemned, incoming, response),
  )
  server.on('upgrade', (incoming, socket, head) => takeUpgrade(around, incoming, socket as Socket, head))
  return server
}
