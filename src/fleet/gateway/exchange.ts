import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Head } from '../../wire/index.ts'
import { answerHead } from './answer-head.ts'
import { Asking } from './asking.ts'
import { Caller } from './caller.ts'
import { hasBody } from './headers.ts'
import { Outcome } from './outcome.ts'
import { Reply } from './reply.ts'
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
  readonly #reply: Reply
  /** The upstream has sent all of its answer. */
  #isComplete = false
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
    this.#reply = new Reply(response)
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
      heard: (head, piece, isLast) => this.#pass(head, piece, isLast),
      switched: (head, upstream, rest) => this.#switch(head, upstream, rest),
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

  /** @returns whether the upstream may go on at once */
  #pass(head: Head, piece: Buffer, isLast: boolean): boolean {
    this.#isComplete = isLast
    if (!this.#reply.isBegun) this.#begin(head, isLast)
    if (!isLast) return this.#reply.pass(piece, head.length >= 0)
    this.#reply.end(piece)
    return true
  }

  #begin(head: Head, isLast: boolean): void {
    const response = this.#response
    const pinning = this.#caller.pinning(head)
    this.#reply.begin(head, this.#isLast() ? [...pinning, 'Connection', 'close'] : pinning)
    response.on('finish', () => this.#answered(head.status))
    if (isLast) return
    response.on('drain', () => this.#asking.resume())
    if (answerHead(head).isEventStream) this.#endure(head.status)
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
  #endure(status: number): void {
    const headMs = this.#sinceMs(this.#startedMs)
    this.#live(() => {
      if (this.#over) return
      this.#countAnswer(status, headMs)
      this.#asking.cancel()
      this.#response.end()
    })
  }

  #answered(status: number): void {
    if (!this.#over) this.#countAnswer(status, this.#sinceMs(this.#startedMs))
  }

  #countAnswer(status: number, durationMs: number): void {
    this.#outcome.answered(status, durationMs)
    this.#settle()
  }

  #switch(answer: Head, upstream: Socket, rest: Buffer): void {
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
    upstream.unshift(rest)
    const headMs = this.#sinceMs(this.#startedMs)
    const isWebSocket = protocol.toLowerCase() === 'websocket'
    const tunnel = openTunnel({ client, upstream, isWebSocket }, (how) =>
      this.#tunnelEnded(how, answer.status, headMs),
    )
    this.#live(tunnel.close)
  }

  /** A tunnel is answered when it ended in order, whoever ended it. */
  #tunnelEnded(how: TunnelEnd, status: number, headMs: number): void {
    if (how === 'closed') this.#outcome.answered(status, headMs)
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
    if (this.#isComplete || this.#response.writableNeedDrain) return true
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
