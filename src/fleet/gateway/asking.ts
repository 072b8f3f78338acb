import type { IncomingMessage } from 'node:http'
import { type Attempt, attempt, type Heard, type Reach } from './attempt.ts'
import type { Caller } from './caller.ts'
import { hasBody } from './headers.ts'
import type { Outcome } from './outcome.ts'
import type { Asked, Upstream } from './routes.ts'
import type { Surroundings } from './surroundings.ts'
import { patienceMs } from './waiting-room.ts'

/** Asking these twice is the same as asking once (RFC 9110, 9.2.2). */
const idempotent = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE'])
const mostAttempts = 5

/** How asking ends: an answer begins, a tunnel does, or nobody is left to be asked. */
export type Found = Pick<Heard, 'answer' | 'switched'> & {
  readonly lost: (because: string) => void
  /** No upstream took it at all. */
  readonly refused: () => void
}

/** What is asked, by whom, since when, and what for besides an answer. */
export type Question = {
  readonly request: IncomingMessage
  readonly caller: Caller
  readonly startedMs: number
  readonly protocol: string | undefined
}

/** Asks one upstream after the other for an answer to one request. */
export class Asking {
  readonly #around: Surroundings
  readonly #question: Question
  readonly #outcome: Outcome
  readonly #found: Found
  /** Upstreams that were sent this request and gave no answer. */
  readonly #tried = new Set<Upstream>()
  readonly #asked: Asked
  #upstream: Upstream | undefined
  #attempt: Attempt | undefined
  #attempts = 0
  #answering = false
  #why = 'no upstream could be reached'
  #giveUp: () => void = () => undefined

  constructor(around: Surroundings, question: Question, outcome: Outcome, found: Found) {
    this.#around = around
    this.#question = question
    this.#outcome = outcome
    this.#found = found
    this.#asked = { except: this.#tried, pin: question.caller.pin }
  }

  /** That is claimed now. */
  get upstream(): Upstream | undefined {
    return this.#upstream
  }

  /** Whether the upstream was sent all of the request. */
  get isSent(): boolean {
    return this.#attempt?.isSent() === true
  }

  /** Whether the request waits for the upstream to read. */
  get isHeldBack(): boolean {
    return this.#attempt?.isHeldBack() === true
  }

  begin(): void {
    this.#giveUp = this.#around.room.claim(this.#question.startedMs, this.#asked, (upstream) => {
      if (upstream) this.#ask(upstream)
      else if (this.#outcome.isAccepted) this.#found.lost(this.#why)
      else this.#found.refused()
    })
  }

  /** The upstream is not needed any more. */
  release(): void {
    this.#giveUp()
    if (this.#upstream) this.#around.routes.release(this.#upstream)
    this.#upstream = undefined
  }

  /** Nothing is heard any more. */
  cancel(): void {
    this.#attempt?.cancel()
  }

  #ask(upstream: Upstream): void {
    this.#outcome.asked(upstream)
    this.#attempts++
    this.#upstream = upstream
    const { request, caller, protocol } = this.#question
    this.#guarded('the request cannot be passed on', () => {
      const how = { pin: caller.pinName, protocol }
      this.#attempt = attempt(upstream, request, how, {
        answer: (answer) => this.#answered(() => this.#found.answer(answer)),
        switched: (...what) => this.#answered(() => this.#found.switched(...what)),
        failed: (because, reach) => this.#failed(upstream, because, reach),
      })
    })
  }

  #answered(take: () => void): void {
    this.#answering = true
    this.#guarded('the answer cannot be passed on', take)
  }

  /** What Node refuses to send (a status of 42) is lost; it must not end the gateway. */
  #guarded(what: string, act: () => void): void {
    try {
      act()
    } catch (error) {
      this.#found.lost(`${what}: ${String(error)}`)
    }
  }

  /** After the head of an answer, that answer itself tells how it ended. */
  #failed(upstream: Upstream, because: string, { connected, silent }: Reach): void {
    if (this.#answering) return
    this.release()
    if (connected) this.#brokeOff(upstream, because, silent)
    else this.#notConnected(upstream, because)
  }

  /** It may have been worked on: only what can be asked twice is asked of another one. */
  #brokeOff(upstream: Upstream, because: string, silent: boolean): void {
    this.#why = `${because} before an answer`
    this.#outcome.blame()
    this.#tried.add(upstream)
    const other = silent && this.#mayAskTwice() ? this.#another() : undefined
    if (other) this.#ask(other)
    else this.#found.lost(this.#why)
  }

  /** Nothing was sent: another upstream may have it, whatever it is, and it may wait for one. */
  #notConnected(upstream: Upstream, because: string): void {
    this.#why = `${because} while connecting`
    this.#around.unreachable(upstream, because)
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
    return this.#around.routes.claim({ ...this.#asked, anyStanding: false })
  }
}
