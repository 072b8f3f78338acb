import type { IncomingMessage } from 'node:http'
import type { Caller } from './caller.ts'
import type { Entry } from './ledger.ts'
import type { Upstream } from './routes.ts'
import type { SideEntry } from './squeeze.ts'
import type { Surroundings } from './surroundings.ts'

/** What proxies say, and services that have nobody who answers: not their own errors. */
const isUnanswered = (status: number): boolean => status >= 502 && status <= 504

/** What becomes of one request, told to the ledger. */
export class Outcome {
  readonly #around: Surroundings
  readonly #request: IncomingMessage
  readonly #caller: Caller
  #entry: Entry | undefined
  #side: SideEntry | undefined
  #last: Upstream | undefined
  #blamed: Upstream | undefined
  /** Whose the request is: the fleet that was asked first. */
  #fleet = ''
  #isOver = false

  constructor(around: Surroundings, request: IncomingMessage, caller: Caller) {
    this.#around = around
    this.#request = request
    this.#caller = caller
  }

  get isAccepted(): boolean {
    return this.#entry !== undefined
  }

  /** The last that was asked. */
  get last(): Upstream | undefined {
    return this.#last
  }

  /** An upstream is asked: the first one's fleet has accepted the request. */
  asked(upstream: Upstream): void {
    if (this.#entry) this.#entry.retried()
    else {
      this.#entry = this.#around.ledger.accept(upstream.fleet)
      this.#fleet = upstream.fleet
      this.#side = this.#around.squeeze.accept(upstream)
    }
    this.#last = upstream
  }

  answered(status: number, durationMs: number): void {
    if (this.#ends()) {
      this.#around.routeBook.answered(this.#fleet, this.#url, status, durationMs)
      this.#side?.answered(status, durationMs)
    }
    this.#entry?.answered(status, durationMs)
    if (status >= 500) this.blame(isUnanswered(status))
    else if (this.#last) this.#around.routes.praise(this.#last)
  }

  /** The client went away. */
  abandoned(): void {
    if (this.#ends()) {
      this.#around.routeBook.abandoned(this.#fleet, this.#url)
      this.#side?.ended('abandoned')
    }
    if (this.#entry) this.#entry.abandoned()
    else this.refused()
  }

  lost(because: string): void {
    const [path = ''] = this.#url.split('?')
    const [method, instance] = [this.#request.method ?? '', this.#last?.instance ?? '']
    this.blame()
    if (this.#ends()) {
      this.#around.routeBook.lost(this.#fleet, this.#url)
      this.#side?.ended('lost')
    }
    this.#entry?.lost({ at: this.#around.now(), instance, method, path, because })
  }

  refused(): void {
    this.#around.ledger.refuse()
  }

  get #url(): string {
    return this.#request.url ?? ''
  }

  /** @returns whether this is the first end of an accepted request */
  #ends(): boolean {
    const isFirst = this.#entry !== undefined && !this.#isOver
    this.#isOver = true
    return isFirst
  }

  /** The client met a failure of the fleet that was asked last, whether another one makes up for it or not. */
  blame(unanswered = true): void {
    const { ledger, routes, elapsedMs } = this.#around
    if (!this.#last) return
    ledger.failed(this.#last.fleet, this.#caller.name(), elapsedMs())
    if (this.#blamed !== this.#last) routes.blame(this.#last, unanswered)
    this.#blamed = this.#last
  }
}
