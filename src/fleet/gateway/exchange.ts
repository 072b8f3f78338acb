import { type ClientRequest, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { clientHeaders, hasBody, upstreamHeaders } from './headers.ts'
import type { Entry, Ledger } from './ledger.ts'
import type { Routes, Upstream } from './routes.ts'
import { patienceMs, type WaitingRoom } from './waiting-room.ts'

/** What every exchange needs of the gateway. */
export type Surroundings = {
  readonly routes: Routes
  readonly ledger: Ledger
  readonly room: WaitingRoom
  readonly elapsedMs: () => number
  readonly now: () => number
  /** Each answer ends its connection. */
  readonly isLeaving: () => boolean
  /** Nobody listened at the upstream. */
  readonly unreachable: (upstream: Upstream, because: string) => void
}

/** Asking these twice is the same as asking once (RFC 9110, 9.2.2). */
const idempotent = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE'])
const longestTimeoutMs = 60_000
const mostAttempts = 5

/** One request of a client, from its head to the end of its answer. */
export class Exchange {
  readonly #around: Surroundings
  readonly #request: IncomingMessage
  readonly #response: ServerResponse
  readonly #startedMs: number
  readonly #timer: NodeJS.Timeout
  /** Upstreams that were sent this request and gave no answer. */
  readonly #tried = new Set<Upstream>()
  #entry: Entry | undefined
  #upstream: Upstream | undefined
  #asked: ClientRequest | undefined
  #answer: IncomingMessage | undefined
  #attempts = 0
  #why = 'no upstream could be reached'
  #instance = ''
  #giveUp: () => void = () => undefined
  #over = false

  constructor(around: Surroundings, incoming: IncomingMessage, response: ServerResponse) {
    this.#around = around
    this.#request = incoming
    this.#response = response
    this.#startedMs = around.elapsedMs()
    this.#timer = setTimeout(
      () => this.#timedOut(),
      around.routes.table()?.requestTimeoutMs ?? longestTimeoutMs,
    )
    response.on('close', () => this.#clientClosed())
    response.on('error', () => undefined)
    incoming.on('error', () => undefined)
  }

  begin(): void {
    this.#giveUp = this.#around.room.claim(this.#startedMs, this.#tried, (upstream) => {
      if (upstream) this.#ask(upstream)
      else if (this.#entry) this.#lose(502, this.#why)
      else this.#refuse()
    })
  }

  #ask(upstream: Upstream): void {
    this.#entry ??= this.#around.ledger.accept(upstream.fleet)
    if (this.#attempts > 0) this.#entry.retried()
    this.#attempts++
    this.#upstream = upstream
    this.#instance = upstream.instance
    const asked = this.#open(upstream)
    this.#asked = asked
    let socketBefore = { bytesRead: 0 }
    let connected = false
    const send = () => {
      connected = true
      if (!hasBody(this.#request)) return void asked.end()
      asked.flushHeaders()
      this.#request.pipe(asked)
    }
    const silent = () => (asked.socket?.bytesRead ?? 0) === socketBefore.bytesRead
    // The body is touched only once there is a connection, so that another upstream can have it when there is none.
    asked.on('socket', (socket) => {
      socketBefore = { bytesRead: socket.bytesRead }
      if (socket.connecting) socket.once('connect', send)
      else send()
    })
    asked.on('response', (answer) => this.#tryPass(asked, answer))
    asked.on('error', (error: NodeJS.ErrnoException) => {
      if (asked === this.#asked)
        this.#failed(upstream, error.code ?? error.message, { connected, silent: silent() })
    })
  }

  #open(upstream: Upstream): ClientRequest {
    return request({
      agent: upstream.agent,
      host: upstream.host,
      port: upstream.port,
      method: this.#request.method,
      path: this.#request.url,
      headers: upstreamHeaders(this.#request),
      setHost: false,
    })
  }

  #failed(upstream: Upstream, because: string, how: { connected: boolean; silent: boolean }): void {
    if (this.#over || this.#answer?.complete) return
    const { connected } = how
    this.#release()
    this.#why = connected ? `${because} before an answer` : `${because} while connecting`
    if (!connected) this.#around.unreachable(upstream, because)
    if (connected) this.#tried.add(upstream)
    if (this.#mayRetry(how)) this.begin()
    else this.#lose(502, this.#why)
  }

  /** Nothing was sent, or it can be sent twice and no byte of an answer came. */
  #mayRetry({ connected, silent }: { connected: boolean; silent: boolean }): boolean {
    if (this.#response.headersSent || this.#attempts >= mostAttempts) return false
    if (!connected) return this.#around.elapsedMs() - this.#startedMs < patienceMs
    return silent && !hasBody(this.#request) && idempotent.has(this.#request.method ?? '')
  }

  /** An answer that Node would not send (a status of 42) is as good as none. */
  #tryPass(asked: ClientRequest, answer: IncomingMessage): void {
    if (this.#over || asked !== this.#asked) return void answer.destroy()
    try {
      this.#pass(answer)
    } catch (error) {
      this.#lose(502, `the answer cannot be passed on: ${String(error)}`)
    }
  }

  #pass(answer: IncomingMessage): void {
    const response = this.#response
    this.#answer = answer
    answer.on('error', () => undefined)
    answer.on('close', () => {
      if (!answer.complete) this.#lose(502, 'the answer broke off')
    })
    response.on('finish', () => this.#answered(answer))
    response.writeHead(
      answer.statusCode ?? 502,
      answer.statusMessage,
      clientHeaders(answer, this.#around.isLeaving()),
    )
    // Without a length the body may be long in coming (an event stream): the head goes at once.
    if (answer.headers['content-length'] === undefined) response.flushHeaders()
    answer.pipe(response)
  }

  #answered(answer: IncomingMessage): void {
    if (this.#over) return
    this.#entry?.answered(answer.statusCode ?? 0, this.#around.elapsedMs() - this.#startedMs)
    this.#settle()
    if (this.#asked?.writableFinished) return
    // The service answered without reading all: the rest is read and dropped, its connection cannot be used again.
    this.#request.unpipe()
    this.#request.resume()
    this.#asked?.destroy()
  }

  #clientClosed(): void {
    if (this.#over) return
    if (this.#entry) this.#entry.abandoned()
    else this.#around.ledger.refuse()
    this.#settle()
    this.#asked?.destroy()
  }

  /** Who was too slow: the service, or the client that did not send or did not read? */
  #timedOut(): void {
    if (this.#over) return
    const isSent = this.#request.complete || !hasBody(this.#request)
    if (!this.#entry) this.#refuse()
    else if (isSent && !this.#answer?.complete) this.#lose(504, 'no complete answer in time')
    else this.#abandon()
  }

  #abandon(): void {
    this.#entry?.abandoned()
    this.#end(408, 'The request did not arrive in time.')
  }

  #lose(status: number, because: string): void {
    if (this.#over) return
    const [path = ''] = (this.#request.url ?? '').split('?')
    const method = this.#request.method ?? ''
    this.#entry?.lost({ at: this.#around.now(), instance: this.#instance, method, path, because })
    this.#end(status, status === 504 ? 'The service did not answer in time.' : 'The service did not answer.')
  }

  #refuse(): void {
    this.#around.ledger.refuse()
    this.#end(503, 'No instance can take requests.', { 'Retry-After': '1' })
  }

  /** Ends what the service did not complete: with a status when nothing was sent yet, by breaking off otherwise. */
  #end(status: number, text: string, headers: Record<string, string> = {}): void {
    this.#settle()
    this.#asked?.destroy()
    if (this.#response.headersSent) return void this.#response.destroy()
    this.#request.unpipe()
    this.#request.resume()
    const closing = this.#request.complete && !this.#around.isLeaving() ? {} : { Connection: 'close' }
    this.#response.writeHead(status, { 'Content-Type': 'text/plain', ...closing, ...headers })
    this.#response.end(`${text}\n`)
  }

  #settle(): void {
    this.#over = true
    clearTimeout(this.#timer)
    this.#giveUp()
    this.#release()
  }

  #release(): void {
    if (this.#upstream) this.#around.routes.release(this.#upstream)
    this.#upstream = undefined
  }
}
