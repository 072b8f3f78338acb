import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { Asking } from './asking.ts'
import { Caller } from './caller.ts'
import { clientHeaders, hasBody, isEventStream } from './headers.ts'
import { Outcome } from './outcome.ts'
import { watchStillness } from './stillness.ts'
import type { Surroundings } from './surroundings.ts'
import { openTunnel, type TunnelEnd } from './tunnel.ts'
import { isAsked, protocolAsked, switchingHead } from './upgrade.ts'

/** A client's connection that may become a tunnel; `head`: what the client sent behind its request. */
type Switching = { readonly client: Socket; readonly head: Buffer }

const longestTimeoutMs = 60_000

/** One request of a client, from its head to the end of its answer, or of the tunnel that it became. */
export class Exchange {
  readonly #around: Surroundings
  readonly #request: IncomingMessage
  readonly #response: ServerResponse
  readonly #switching: Switching | undefined
  readonly #protocol: string | undefined
  readonly #startedMs: number
  readonly #timer: NodeJS.Timeout
  readonly #caller: Caller
  readonly #outcome: Outcome
  readonly #asking: Asking
  #answer: IncomingMessage | undefined
  /** It is long-lived no more. */
  #forget: () => void = () => undefined
  #over = false

  constructor(
    around: Surroundings,
    request: IncomingMessage,
    response: ServerResponse,
    switching?: Switching,
  ) {
    this.#around = around
    this.#request = request
    this.#response = response
    this.#switching = switching
    this.#protocol = switching && protocolAsked(request)
    this.#startedMs = around.elapsedMs()
    this.#caller = new Caller(request, around.routes.pins())
    this.#outcome = new Outcome(around, request, this.#caller)
    this.#asking = this.#ask()
    this.#timer = this.#watch()
    response.on('close', () => this.#clientClosed())
    response.on('error', () => undefined)
    request.on('error', () => undefined)
  }

  begin(): void {
    this.#asking.begin()
  }

  #ask(): Asking {
    const question = {
      ...{ request: this.#request, caller: this.#caller },
      ...{ startedMs: this.#startedMs, protocol: this.#protocol },
    }
    return new Asking(this.#around, question, this.#outcome, {
      answer: (answer) => this.#pass(answer),
      switched: (answer, upstream, head) => this.#switch(answer, upstream, head),
      lost: (because) => this.#lose(502, because),
      refused: () => this.#refuse(),
    })
  }

  /** Ends it when nothing moves, or when its instance has left and waited for it. */
  #watch(): NodeJS.Timeout {
    const patienceMs = this.#around.routes.table()?.requestTimeoutMs ?? longestTimeoutMs
    const isOverdue = () => this.#sinceMs(this.#asking.upstream?.leftMs ?? Number.NaN) >= patienceMs
    return watchStillness(this.#request.socket, patienceMs, isOverdue, () => this.#timedOut())
  }

  #sinceMs(thenMs: number): number {
    return this.#around.elapsedMs() - thenMs
  }

  #pass(answer: IncomingMessage): void {
    const response = this.#response
    this.#answer = answer
    answer.on('error', () => undefined)
    answer.on('close', () => {
      if (!answer.complete) this.#lose(502, 'the answer broke off')
    })
    response.on('finish', () => this.#answered(answer))
    const headers = clientHeaders(answer, this.#isLast())
    headers.push(...this.#caller.pinning(answer))
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage, headers)
    // Without a length the body may be long in coming: the head goes at once.
    if (answer.headers['content-length'] === undefined) response.flushHeaders()
    if (isEventStream(answer)) this.#endure(answer)
    answer.pipe(response)
  }

  /** Nothing more is read on the client's connection after this answer. */
  #isLast(): boolean {
    return this.#switching !== undefined || this.#around.isLeaving()
  }

  /** From here on it may be silent for as long as it likes, until its instance leaves. */
  #live(close: () => void): void {
    clearInterval(this.#timer)
    this.#forget = this.#asking.upstream?.longLived.add(close) ?? this.#forget
  }

  /** An event stream that is closed in order is answered; its client asks again. */
  #endure(answer: IncomingMessage): void {
    const headMs = this.#sinceMs(this.#startedMs)
    this.#live(() => {
      if (this.#over) return
      this.#countAnswer(answer, headMs)
      this.#asking.cancel()
      answer.unpipe(this.#response)
      this.#response.end()
    })
  }

  #answered(answer: IncomingMessage): void {
    if (this.#over) return
    this.#countAnswer(answer, this.#sinceMs(this.#startedMs))
    if (this.#asking.isSent) return
    // The service answered without reading all: the rest is read and dropped, its connection cannot be used again.
    this.#request.unpipe()
    this.#request.resume()
    this.#asking.cancel()
  }

  #countAnswer({ statusCode = 0 }: IncomingMessage, durationMs: number): void {
    this.#outcome.answered(statusCode, durationMs)
    this.#settle()
  }

  #switch(answer: IncomingMessage, upstream: Socket, head: Buffer): void {
    const [switching, protocol] = [this.#switching, this.#protocol ?? '']
    if (!switching || !isAsked(answer, protocol)) {
      upstream.destroy()
      this.#lose(502, 'it switched to a protocol that was not asked for')
      return
    }
    const { client } = switching
    this.#response.detachSocket(client)
    client.write(switchingHead(answer, protocol, this.#caller.pinning(answer)), 'latin1')
    client.unshift(switching.head)
    upstream.unshift(head)
    const headMs = this.#sinceMs(this.#startedMs)
    const isWebSocket = protocol.toLowerCase() === 'websocket'
    const tunnel = openTunnel({ client, upstream, isWebSocket }, (how) =>
      this.#tunnelEnded(how, answer, headMs),
    )
    this.#live(tunnel.close)
  }

  /** A tunnel is answered when it ended in order, whoever ended it. */
  #tunnelEnded(how: TunnelEnd, answer: IncomingMessage, headMs: number): void {
    if (how === 'closed') this.#outcome.answered(answer.statusCode ?? 0, headMs)
    else if (how === 'client broke off') this.#outcome.abandoned()
    else this.#outcome.lost('the tunnel broke off')
    this.#settle()
  }

  #clientClosed(): void {
    if (this.#over) return
    this.#outcome.abandoned()
    this.#settle()
    this.#asking.cancel()
  }

  #timedOut(): void {
    if (this.#over) return
    if (!this.#outcome.isAccepted) this.#refuse()
    else if (this.#isClientSlow()) this.#abandon()
    else this.#lose(504, 'no complete answer in time')
  }

  /** Who was too slow: the client, that did not read or did not send, or the service? */
  #isClientSlow(): boolean {
    if (this.#answer?.complete || this.#response.writableNeedDrain) return true
    return hasBody(this.#request) && !this.#request.complete && !this.#asking.isHeldBack
  }

  #abandon(): void {
    this.#outcome.abandoned()
    this.#end(408, 'The request did not arrive in time.')
  }

  #lose(status: number, because: string): void {
    if (this.#over) return
    this.#outcome.lost(because)
    this.#end(status, status === 504 ? 'The service did not answer in time.' : 'The service did not answer.')
  }

  #refuse(): void {
    this.#outcome.refused()
    this.#end(503, 'No instance can take requests.', { 'Retry-After': '1' })
  }

  /** Ends what the service did not complete: with a status when nothing was sent yet, by breaking off otherwise. */
  #end(status: number, text: string, headers: Record<string, string> = {}): void {
    this.#settle()
    this.#asking.cancel()
    if (this.#response.headersSent) return void this.#response.destroy()
    this.#request.unpipe()
    this.#request.resume()
    const closing = this.#request.complete && !this.#isLast() ? {} : { Connection: 'close' }
    this.#response.writeHead(status, { 'Content-Type': 'text/plain', ...closing, ...headers })
    this.#response.end(`${text}\n`)
  }

  #settle(): void {
    this.#over = true
    clearInterval(this.#timer)
    this.#forget()
    this.#asking.release()
  }
}
