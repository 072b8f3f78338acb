import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Head } from '../../wire/index.ts'
import { Attempt, type Heard, type Reach } from './attempt.ts'
import type { Caller } from './caller.ts'
import { hasBody } from './headers.ts'
import type { Outcome } from './outcome.ts'
import type { Asked, Upstream } from './routes.ts'
import type { Surroundings } from './surroundings.ts'
import { patienceMs } from './waiting-room.ts'

/** Asking these twice is the same as asking once (RFC 9110, 9.2.2). */
const idempotent = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE'])
const mostAttempts = 5
const none: ReadonlySet<Upstream> = new Set()

/** How asking ends: an answer comes, a tunnel begins, or nobody is left to be asked. */
export interface Found extends Pick<Heard, 'heard' | 'switched'> {
  lost(because: string): void
  /** No upstream took it at all. */
  refused(): void
}

/** What is asked, by whom, since when, and what for besides an answer. */
export type Question = {
  readonly request: IncomingMessage
  readonly caller: Caller
  readonly startedMs: number
  readonly protocol: string | undefined
}

/** Asks one upstream after the other for an answer to one request. */
export class Asking implements Heard, Asked {
  readonly #around: Surroundings
  readonly #question: Question
  readonly #outcome: Outcome
  readonly #found: Found
  /** Upstreams that were sent this request and gave no answer. */
  #tried: Set<Upstream> | undefined
  #upstream: Upstream | undefined
  #attempt: Attempt | undefined
  #attempts = 0
  /** When the last one was asked. */
  askedMs = 0
  #answering = false
  #why = 'no upstream could be reached'
  #giveUp: (() => void) | undefined

  constructor(around: Surroundings, question: Question, outcome: Outcome, found: Found) {
    this.#around = around
    this.#question = question
    this.#outcome = outcome
    this.#found = found
  }

  get except(): ReadonlySet<Upstream> {
    return this.#tried ?? none
  }

  get pin(): string | undefined {
    return this.#question.caller.pin
  }

  /** That is claimed now. */
  get upstream(): Upstream | undefined {
    return this.#upstream
  }

  /** Whether the request waits for the upstream to read. */
  get isHeldBack(): boolean {
    return this.#attempt?.isHeldBack === true
  }

  begin(): void {
    const { routes, room } = this.#around
    const upstream = routes.claim(this, false)
    if (upstream) this.#ask(upstream)
    else if (this.#isFull()) this.#waited(undefined)
    else this.#giveUp = room.wait(this.#question.startedMs, this, (found) => this.#waited(found))
  }

  /** Nobody waits for a place where enough do already. */
  #isFull(): boolean {
    const { perInstance } = this.#around.manners()
    return perInstance !== undefined && this.#around.room.size() >= perInstance.waiting
  }

  #waited(upstream: Upstream | undefined): void {
    if (upstream) this.#ask(upstream)
    else if (this.#outcome.isAccepted) this.#found.lost(this.#why)
    else this.#found.refused()
  }

  /** The upstream is not needed any more. */
  release(): void {
    this.#giveUp?.()
    const upstream = this.#upstream
    if (!upstream) return
    this.#upstream = undefined
    const { routes, room, manners } = this.#around
    routes.release(upstream)
    if (manners().perInstance && room.size() > 0) setImmediate(room.lookFirst)
  }

  /** The client has taken what it was sent. */
  resume(): void {
    this.#attempt?.resume()
  }

  /** Nothing is heard any more. */
  cancel(): void {
    this.#attempt?.cancel()
  }

  #ask(upstream: Upstream): void {
    this.#outcome.asked(upstream)
    this.#attempts++
    this.#upstream = upstream
    this.askedMs = this.#around.elapsedMs()
    const { request, caller, protocol } = this.#question
    try {
      this.#attempt = new Attempt(upstream, request, { caller, protocol }, this)
      this.#attempt.begin()
    } catch (error) {
      this.#found.lost(`the request cannot be passed on: ${String(error)}`)
    }
  }

  heard(head: Head, piece: Buffer, isLast: boolean): boolean {
    this.#answering = true
    try {
      return this.#found.heard(head, piece, isLast)
    } catch (error) {
      this.#refuse(error)
      return false
    }
  }

  switched(head: Head, socket: Socket, rest: Buffer): void {
    this.#answering = true
    try {
      this.#found.switched(head, socket, rest)
    } catch (error) {
      this.#refuse(error)
    }
  }

  /** What Node refuses to send (a status of 42) is lost; it must not end the gateway. */
  #refuse(error: unknown): void {
    this.#found.lost(`the answer cannot be passed on: ${String(error)}`)
  }

  failed(because: string, { connected, silent }: Reach): void {
    const upstream = this.#upstream
    if (this.#answering || !upstream) return void this.#found.lost('the answer broke off')
    this.release()
    if (connected) this.#brokeOff(upstream, because, silent)
    else this.#notConnected(upstream, because)
  }

  /** It may have been worked on: only what can be asked twice is asked of another one. */
  #brokeOff(upstream: Upstream, because: string, silent: boolean): void {
    this.#why = `${because} before an answer`
    this.#outcome.blame()
    this.#tried ??= new Set()
    this.#tried.add(upstream)
    const other = silent && this.#mayAskTwice() ? this.#another() : undefined
    if (other) this.#ask(other)
    else this.#found.lost(this.#why)
  }

  /** Nothing was sent: another upstream may have it, whatever it is, and it may wait for one. */
  #notConnected(upstream: Upstream, because: string): void {
    this.#why = `${because} while connecting`
    this.#around.unreachable(upstream, because)
    this.#around.routes.blame(upstream, true)
    const isPatient = this.#around.elapsedMs() - this.#question.startedMs < patienceMs
    if (isPatient && this.#attempts < mostAttempts) this.begin()
    else this.#found.lost(this.#why)
  }

  #mayAskTwice(): boolean {
    const { request } = this.#question
    return !hasBody(request) && idempotent.has(request.method ?? '')
  }

  #another(): Upstream | undefined {
    if (this.#attempts >= mostAttempts) return undefined
    return this.#around.routes.claim(this, false)
  }
}
