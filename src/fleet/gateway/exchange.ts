import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Attempt, attempt, type Reach } from './attempt.ts'
import { clientOf } from './failed-clients.ts'
import { clientHeaders, hasBody, isSecure } from './headers.ts'
import type { Entry, Ledger } from './ledger.ts'
import { newPin, type Pins, pinHeaders, pinIn } from './pins.ts'
import type { Asked, Routes, Upstream } from './routes.ts'
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
  readonly #pins: Pins | undefined
  /** Upstreams that were sent this request and gave no answer. */
  readonly #tried = new Set<Upstream>()
  readonly #asked: Asked
  /** Of a client that brought none. */
  #newPin: string | undefined
  #entry: Entry | undefined
  #upstream: Upstream | undefined
  #attempt: Attempt | undefined
  #answer: IncomingMessage | undefined
  #attempts = 0
  #why = 'no upstream could be reached'
  /** Those that were asked last. */
  #fleet: string | undefined
  #instance = ''
  #giveUp: () => void = () => undefined
  #over = false

  constructor(around: Surroundings, incoming: IncomingMessage, response: ServerResponse) {
    this.#around = around
    this.#request = incoming
    this.#response = response
    this.#startedMs = around.elapsedMs()
    this.#pins = around.routes.pins()
    this.#asked = { except: this.#tried, pin: this.#pins?.given ? this.#pinFor(this.#pins) : undefined }
    this.#timer = setTimeout(
      () => this.#timedOut(),
      around.routes.table()?.requestTimeoutMs ?? longestTimeoutMs,
    )
    response.on('close', () => this.#clientClosed())
    response.on('error', () => undefined)
    incoming.on('error', () => undefined)
  }

  #pinFor({ name }: Pins): string {
    const brought = pinIn(this.#request.headers.cookie, name)
    if (brought === undefined) this.#newPin = newPin()
    return brought ?? this.#newPin ?? ''
  }

  begin(): void {
    this.#giveUp = this.#around.room.claim(this.#startedMs, this.#asked, (upstream) => {
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
    this.#fleet = upstream.fleet
    this.#instance = upstream.instance
    this.#guarded('the request cannot be passed on', () => {
      this.#attempt = attempt(upstream, this.#request, this.#pins?.name ?? '', {
        answer: (answer) => this.#guarded('the answer cannot be passed on', () => this.#pass(answer)),
        failed: (because, how) => this.#failed(upstream, because, how),
      })
    })
  }

  /** What Node refuses to send (a status of 42) is lost; it must not end the gateway. */
  #guarded(what: string, act: () => void): void {
    try {
      act()
    } catch (error) {
      this.#lose(502, `${what}: ${String(error)}`)
    }
  }

  #failed(upstream: Upstream, because: string, { connected, silent }: Reach): void {
    if (this.#over || this.#answer?.complete) return
    this.#release()
    if (connected) this.#brokeOff(upstream, because, silent)
    else this.#notConnected(upstream, because)
  }

  /** It may have been worked on: only what can be asked twice is asked of another one. */
  #brokeOff(upstream: Upstream, because: string, silent: boolean): void {
    this.#why = `${because} before an answer`
    this.#blame()
    this.#tried.add(upstream)
    const other = silent && this.#mayAskTwice() ? this.#another() : undefined
    if (other) this.#ask(other)
    else this.#lose(502, this.#why)
  }

  /** Nothing was sent: another upstream may have it, whatever it is, and it may wait for one. */
  #notConnected(upstream: Upstream, because: string): void {
    this.#why = `${because} while connecting`
    this.#around.unreachable(upstream, because)
    const isPatient = this.#around.elapsedMs() - this.#startedMs < patienceMs
    if (isPatient && this.#attempts < mostAttempts) this.begin()
    else this.#lose(502, this.#why)
  }

  #mayAskTwice(): boolean {
    const { method = '' } = this.#request
    return !this.#response.headersSent && !hasBody(this.#request) && idempotent.has(method)
  }

  /** The client met a failure of the fleet that was asked last, whether another one makes up for it or not. */
  #blame(): void {
    if (this.#fleet === undefined) return
    const client = clientOf(this.#request, this.#pins?.name ?? '')
    this.#around.ledger.failed(this.#fleet, client, this.#around.elapsedMs())
  }

  #another(): Upstream | undefined {
    if (this.#attempts >= mostAttempts) return undefined
    return this.#around.routes.claim({ ...this.#asked, anyStanding: false })
  }

  #pass(answer: IncomingMessage): void {
    const response = this.#response
    this.#answer = answer
    answer.on('error', () => undefined)
    answer.on('close', () => {
      if (!answer.complete) this.#lose(502, 'the answer broke off')
    })
    response.on('finish', () => this.#answered(answer))
    const headers = clientHeaders(answer, this.#around.isLeaving())
    headers.push(...this.#pinning(answer))
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage, headers)
    // Without a length the body may be long in coming (an event stream): the head goes at once.
    if (answer.headers['content-length'] === undefined) response.flushHeaders()
    answer.pipe(response)
  }

  #pinning({ headers }: IncomingMessage): string[] {
    if (this.#newPin === undefined || !this.#pins) return []
    return pinHeaders(this.#pins.name, this.#newPin, headers, isSecure(this.#request))
  }

  #answered(answer: IncomingMessage): void {
    if (this.#over) return
    const { statusCode = 0 } = answer
    this.#entry?.answered(statusCode, this.#around.elapsedMs() - this.#startedMs)
    if (statusCode >= 500) this.#blame()
    this.#settle()
    if (this.#attempt?.isSent()) return
    // The service answered without reading all: the rest is read and dropped, its connection cannot be used again.
    this.#request.unpipe()
    this.#request.resume()
    this.#attempt?.cancel()
  }

  #clientClosed(): void {
    if (this.#over) return
    if (this.#entry) this.#entry.abandoned()
    else this.#around.ledger.refuse()
    this.#settle()
    this.#attempt?.cancel()
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
    this.#blame()
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
    this.#attempt?.cancel()
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
