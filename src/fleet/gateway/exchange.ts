import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Head } from '../../wire/index.ts'
import { answerHead } from './answer-head.ts'
import { Asking, type Found } from './asking.ts'
import { Caller } from './caller.ts'
import { hasBody } from './headers.ts'
import { Outcome } from './outcome.ts'
import { Reply } from './reply.ts'
import { traceIdIn } from './request-id.ts'
import type { RequestEnd } from './request-line.ts'
import { type Watched, type Watching, watchStillness } from './stillness.ts'
import type { Surroundings } from './surroundings.ts'
import { openTunnel, type TunnelEnd } from './tunnel.ts'
import { isAsked, protocolAsked, switchingHead } from './upgrade.ts'

/** A client's connection that may become a tunnel; `head`: what the client sent behind its request. */
type Switching = { readonly client: Socket; readonly head: Buffer }

/** How a request ended: the status that its client is sent, if it is the gateway's own, and why. */
type Ending = { readonly end: RequestEnd; readonly status?: number; readonly because?: string }

const longestTimeoutMs = 60_000
/** Bytes; no honest client is slower. A place of the crowd that costs nothing to hold is taken from those who pay. */
const slowestUploadPerSecond = 100
const nothing = (): void => undefined

/** One request of a client, from its head to the end of its answer, or of the tunnel that it became. */
export class Exchange implements Found, Watched {
  readonly socket: Socket
  readonly #around: Surroundings
  readonly #request: IncomingMessage
  readonly #response: ServerResponse
  readonly #switching: Switching | undefined
  readonly #protocol: string | undefined
  readonly #startedMs: number
  readonly #caller: Caller
  readonly #outcome: Outcome
  readonly #asking: Asking
  readonly #reply: Reply
  /** Of the answer that has begun. */
  #status = 0
  /** When it began. */
  #headAtMs = 0
  /** The upstream has sent all of its answer. */
  #isComplete = false
  /** It waits for its answer to begin. */
  #isWaiting = false
  #watch: Watching | undefined
  /** It is long-lived no more. */
  #forget = nothing
  #over = false

  constructor(
    around: Surroundings,
    request: IncomingMessage,
    response: ServerResponse,
    switching?: Switching,
  ) {
    this.socket = request.socket
    this.#around = around
    this.#request = request
    this.#response = response
    this.#switching = switching
    this.#protocol = switching && protocolAsked(request)
    this.#startedMs = around.elapsedMs()
    this.#caller = new Caller(request, around.routes.pins(), around.manners())
    this.#outcome = new Outcome(around, request, this.#caller)
    this.#reply = new Reply(response)
    this.#asking = new Asking(around, this.#question(), this.#outcome, this)
    response.on('close', () => this.#clientClosed())
    response.on('error', nothing)
    request.on('error', nothing)
  }

  begin(): void {
    const { routes, crowd } = this.#around
    this.#isWaiting = crowd.enter()
    if (!this.#isWaiting) return void this.#refuse('Too many requests are waiting.')
    this.#watch = watchStillness(this, routes.table()?.requestTimeoutMs ?? longestTimeoutMs)
    this.#asking.begin()
  }

  heard(head: Head, piece: Buffer, isLast: boolean): boolean {
    this.#isComplete = isLast
    if (!this.#reply.isBegun) this.#answer(head, isLast)
    if (!isLast) return this.#reply.pass(piece, head.length >= 0)
    this.#reply.end(piece)
    return true
  }

  switched(head: Head, upstream: Socket, rest: Buffer): void {
    const [switching, protocol] = [this.#switching, this.#protocol ?? '']
    if (!switching || !isAsked(head, protocol)) {
      upstream.destroy()
      return void this.lost('it switched to a protocol that was not asked for')
    }
    this.#tunnel(head, protocol, switching, upstream, rest)
  }

  lost(because: string): void {
    this.#lose(502, because, 'The service did not answer.')
  }

  refused(): void {
    this.#refuse('No instance can take requests.')
  }

  /** While it has one of the places, and its client alone says how long, a byte now and then is not enough. */
  leastBytes(patienceMs: number): number {
    return this.#isWaiting && this.#isUploadDue()
      ? Math.ceil((slowestUploadPerSecond * patienceMs) / 1_000)
      : 1
  }

  /** Its instance has left and waited for it. */
  isOverdue(patienceMs: number): boolean {
    return this.#sinceMs(this.#asking.upstream?.leftMs ?? Number.NaN) >= patienceMs
  }

  stuck(): void {
    if (this.#over) return
    if (!this.#outcome.isAccepted) this.refused()
    else if (this.#isClientSlow()) this.#abandon()
    else this.#lose(504, 'no complete answer in time', 'The service did not answer in time.')
  }

  #question() {
    return {
      request: this.#request,
      caller: this.#caller,
      startedMs: this.#startedMs,
      protocol: this.#protocol,
    }
  }

  #sinceMs(thenMs: number): number {
    return this.#around.elapsedMs() - thenMs
  }

  #answer(head: Head, isLast: boolean): void {
    const response = this.#response
    const more = this.#caller.headers(head)
    this.#status = head.status
    this.#headAtMs = this.#around.elapsedMs()
    const all = this.#endsConnection() ? [...more, 'Connection', 'close'] : more
    this.#reply.begin(head, all, this.#caller.requestId?.header.lower)
    this.#stopWaiting()
    response.on('finish', () => this.#countAnswer(this.#sinceMs(this.#startedMs)))
    if (isLast) return
    response.on('drain', () => this.#asking.resume())
    if (answerHead(head).isEventStream) this.#endure()
  }

  /** Nothing more is read on the client's connection after this answer. */
  #endsConnection(): boolean {
    return this.#switching !== undefined || this.#around.isLeaving()
  }

  #stopWaiting(): void {
    if (this.#isWaiting) this.#around.crowd.leave()
    this.#isWaiting = false
  }

  /** From here on it may be silent for as long as it likes, until its instance leaves. */
  #live(close: () => void): void {
    this.#watch?.end()
    this.#forget = this.#asking.upstream?.longLived.add(close) ?? nothing
  }

  /** An event stream that is closed in order is answered; its client asks again. */
  #endure(): void {
    const headMs = this.#sinceMs(this.#startedMs)
    this.#live(() => {
      if (this.#over) return
      this.#countAnswer(headMs)
      this.#asking.cancel()
      this.#response.end()
    })
  }

  #countAnswer(durationMs: number): void {
    if (this.#over) return
    this.#outcome.answered(this.#status, durationMs)
    this.#settle({ end: 'answered' })
  }

  #tunnel(answer: Head, protocol: string, { client, head }: Switching, upstream: Socket, rest: Buffer): void {
    this.#stopWaiting()
    this.#status = answer.status
    this.#headAtMs = this.#around.elapsedMs()
    this.#response.detachSocket(client)
    const own = this.#caller.requestId?.header.lower
    client.write(switchingHead(answer, protocol, this.#caller.headers(answer), own), 'latin1')
    client.unshift(head)
    upstream.unshift(rest)
    const headMs = this.#sinceMs(this.#startedMs)
    const isWebSocket = protocol.toLowerCase() === 'websocket'
    const tunnel = openTunnel({ client, upstream, isWebSocket }, (how) => this.#tunnelEnded(how, headMs))
    this.#live(tunnel.close)
  }

  /** A tunnel is answered when it ended in order, whoever ended it. */
  #tunnelEnded(how: TunnelEnd, headMs: number): void {
    if (how === 'closed') return void this.#countAnswer(headMs)
    const because = 'the tunnel broke off'
    if (how === 'client broke off') this.#outcome.abandoned()
    else this.#outcome.lost(because)
    this.#settle(how === 'client broke off' ? { end: 'abandoned' } : { end: 'lost', because })
  }

  #clientClosed(): void {
    if (this.#over) return
    this.#outcome.abandoned()
    this.#settle({ end: 'abandoned' })
    this.#asking.cancel()
  }

  /** Who was too slow: the client, that did not read or did not send, or the service? */
  #isClientSlow(): boolean {
    if (this.#isComplete || this.#response.writableNeedDrain) return true
    return this.#isUploadDue()
  }

  /** The client has not sent all, and the service would take more. */
  #isUploadDue(): boolean {
    return hasBody(this.#request) && !this.#request.complete && !this.#asking.isHeldBack
  }

  #abandon(): void {
    this.#outcome.abandoned()
    const because = 'the client stood still'
    this.#end({ end: 'abandoned', status: 408, because }, 'The request did not arrive in time.')
  }

  #lose(status: number, because: string, text: string): void {
    if (this.#over) return
    this.#outcome.lost(because)
    this.#end({ end: 'lost', status, because }, text)
  }

  #refuse(text: string): void {
    this.#outcome.refused()
    this.#end({ end: 'refused', status: 503, because: text }, text, ['Retry-After', '1'])
  }

  /** Ends what the service did not complete: with a status when nothing was sent yet, by breaking off otherwise. */
  #end(ending: Ending & { readonly status: number }, text: string, headers: readonly string[] = []): void {
    this.#settle(ending)
    this.#asking.cancel()
    if (this.#response.headersSent) return void this.#response.destroy()
    this.#request.resume()
    const isLast = !this.#request.complete || this.#endsConnection()
    const all = [...headers, ...this.#caller.headers()]
    this.#reply.instead(ending.status, text, isLast ? [...all, 'Connection', 'close'] : all)
  }

  #settle(ending: Ending): void {
    this.#log(ending)
    this.#over = true
    this.#stopWaiting()
    this.#watch?.end()
    this.#forget()
    this.#asking.release()
  }

  #log({ end, status = 0, because }: Ending): void {
    const { log } = this.#around.manners()
    if (!log || this.#over) return
    const { instance, release } = this.#outcome.last ?? {}
    const { method = '', url = '', headers } = this.#request
    log.add({
      ...{ end, because, instance, release, method, url, bytes: this.#reply.bytes },
      at: this.#around.now(),
      client: this.#caller.origin.hops[0] ?? '',
      status: this.#status || status,
      durationMs: this.#sinceMs(this.#startedMs),
      upstreamMs: this.#status ? this.#headAtMs - this.#asking.askedMs : undefined,
      requestId: this.#caller.requestId?.value,
      traceId: traceIdIn(headers.traceparent),
    })
  }
}
