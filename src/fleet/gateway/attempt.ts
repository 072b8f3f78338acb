import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { hasBody, upstreamHeaders } from './headers.ts'
import type { Upstream } from './routes.ts'

/** How far a request came: `connected` to the upstream; `silent`: no byte of an answer arrived. */
export type Reach = { readonly connected: boolean; readonly silent: boolean }

/** What is heard of an attempt; nothing any more once it was cancelled. */
export type Heard = {
  readonly answer: (answer: IncomingMessage) => void
  readonly failed: (because: string, how: Reach) => void
}

export interface Attempt {
  /** Whether the upstream was sent all of the request. */
  isSent(): boolean
  cancel(): void
}

const open = (incoming: IncomingMessage, { agent, host, port }: Upstream, pin: string): ClientRequest =>
  request({
    ...{ agent, host, port },
    method: incoming.method,
    path: incoming.url,
    headers: upstreamHeaders(incoming, pin),
    setHost: false,
  })

function send(incoming: IncomingMessage, asked: ClientRequest): void {
  if (!hasBody(incoming)) return void asked.end()
  asked.flushHeaders()
  incoming.pipe(asked)
}

/**
 * Asks one upstream. The body is touched only once there is a connection, so that when there is none, another
 * upstream can have the request.
 * @param pin name of the gateway's own cookie
 */
export function attempt(upstream: Upstream, incoming: IncomingMessage, pin: string, heard: Heard): Attempt {
  const asked = open(incoming, upstream, pin)
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
    else heard.answer(answer)
  })
  asked.on('error', (error: NodeJS.ErrnoException) => {
    const silent = (asked.socket?.bytesRead ?? 0) === bytesBefore
    if (!cancelled) heard.failed(error.code ?? error.message, { connected, silent })
  })
  return {
    isSent: () => asked.writableFinished,
    cancel() {
      cancelled = true
      asked.destroy()
    },
  }
}
