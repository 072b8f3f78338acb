import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import type { Socket } from 'node:net'
import { hasBody, upstreamHeaders } from './headers.ts'
import type { Upstream } from './routes.ts'
import { askFor } from './upgrade.ts'

/** How far a request came: `connected` to the upstream; `silent`: no byte of an answer arrived. */
export type Reach = { readonly connected: boolean; readonly silent: boolean }

/** What is heard of an attempt; nothing any more once it was cancelled. */
export type Heard = {
  readonly answer: (answer: IncomingMessage) => void
  /** The upstream left HTTP; `head`: what it sent behind its answer. */
  readonly switched: (answer: IncomingMessage, upstream: Socket, head: Buffer) => void
  readonly failed: (because: string, how: Reach) => void
}

export interface Attempt {
  /** Whether the upstream was sent all of the request. */
  isSent(): boolean
  /** Whether it waits for the upstream to read. */
  isHeldBack(): boolean
  cancel(): void
}

type How = {
  /** Name of the gateway's own cookie. */
  readonly pin: string
  /** That the upstream is asked to switch to: on a connection of its own, which nobody uses again. */
  readonly protocol: string | undefined
}

function open(incoming: IncomingMessage, { agent, host, port }: Upstream, { pin, protocol }: How) {
  const headers = upstreamHeaders(incoming, pin)
  if (protocol !== undefined) headers.push(...askFor(protocol))
  return request({
    ...{ host, port, headers },
    agent: protocol === undefined ? agent : false,
    method: incoming.method,
    path: incoming.url,
    setHost: false,
  })
}

function send(incoming: IncomingMessage, asked: ClientRequest): void {
  if (!hasBody(incoming)) return void asked.end()
  asked.flushHeaders()
  incoming.pipe(asked)
}

/**
 * Asks one upstream. The body is touched only once there is a connection, so that when there is none, another
 * upstream can have the request.
 */
export function attempt(upstream: Upstream, incoming: IncomingMessage, how: How, heard: Heard): Attempt {
  const asked = open(incoming, upstream, how)
  let bytesBefore = 0
  let connected = false
  let cancelled = false
  const connect = () => {
    connected = true
    send(incoming, asked)
  }
  asked.on('socket', (socket) => {
    bytesBefore = socket.bytesRead
    if (socket.connecting) socket.once('connect', connect)
    else connect()
  })
  asked.on('response', (answer) => {
    if (cancelled) answer.destroy()
    else if (answer.statusCode === 101) asked.destroy(new Error('it switched to nothing'))
    else heard.answer(answer)
  })
  // Heard also when nothing was asked for: Node would end such a connection without a word.
  asked.on('upgrade', (answer, socket, head) => {
    if (cancelled) socket.destroy()
    else heard.switched(answer, socket as Socket, head)
  })
  asked.on('error', (error: NodeJS.ErrnoException) => {
    const silent = (asked.socket?.bytesRead ?? 0) === bytesBefore
    if (!cancelled) heard.failed(error.code ?? error.message, { connected, silent })
  })
  return {
    isSent: () => asked.writableFinished,
    isHeldBack: () => asked.writableNeedDrain,
    cancel() {
      cancelled = true
      asked.destroy()
    },
  }
}
