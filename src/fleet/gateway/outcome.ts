import type { IncomingMessage } from 'node:http'
import type { Caller } from './caller.ts'
import type { Entry } from './ledger.ts'
import type { Upstream } from './routes.ts'
import type { Surroundings } from './surroundings.ts'

/** What becomes of one request, told to the ledger. */
export class Outcome {
  readonly #around: Surroundings
  readonly #request: IncomingMessage
  readonly #caller: Caller
  #entry: Entry | undefined
  #last: Upstream | undefined

  constructor(around: Surroundings, request: IncomingMessage, caller: Caller) {
    this.#around = around
    this.#request = request
    this.#caller = caller
  }

  get isAccepted(): boolean {
    return this.#entry !== undefined
  }

  /** An upstream is asked: the first one's fleet has accepted the request. */
  asked(upstream: Upstream): void {
    if (this.#entry) this.#entry.retried()
    else this.#entry = this.#around.ledger.accept(upstream.fleet)
    this.#last = upstream
  }

  answered(status: number, durationMs: number): void {
    this.#entry?.answered(status, durationMs)
    if (status >= 500) this.blame()
  }

  /** The client went away. */
  abandoned(): void {
    if (this.#entry) this.#entry.abandoned()
    else this.refused()
  }

  lost(because: string): void {
    const [path = ''] = (this.#request.url ?? '').split('?')
    const [method, instance] = [this.#request.method ?? '', this.#last?.instance ?? '']
    this.blame()
    this.#entry?.lost({ at: this.#around.now(), instance, method, path, because })
  }

  refused(): void {
    this.#around.ledger.refuse()
  }

  /** The client met a failure of the fleet that was asked last, whether another one makes up for it or not. */
  blame(): void {
    const { ledger, elapsedMs } = this.#around
    if (this.#last) ledger.failed(this.#last.fleet, this.#caller.name(), elapsedMs())
  }
}
