import { createHistogram, type HistogramCounts } from '../../kernel/index.ts'
import type { Failure } from './engine-plan.ts'

/** Requests by what became of them. */
export type Counts = {
  scheduled: number
  sent: number
  answered: number
  failed: number
  timedOut: number
  unsent: number
  errors: number
}

/** Iterations of scenarios: gone through, ended by an error, not ended in time. */
export type UserCounts = { passed: number; failed: number; unfinished: number }

export type Check = { passed: number; failed: number }

/** What was counted under one name, in one second or in the whole run. */
export type Counted = { readonly counts: Counts; readonly response: HistogramCounts }

/** A second of one worker, number 0 being the first after the warm-up; earlier ones have negative numbers. */
export type SecondTally = {
  readonly second: number
  readonly names: readonly (readonly [string, Counted & { readonly checks: Check }])[]
}

/** All that one worker counted. */
export type WorkerTally = {
  readonly names: readonly (readonly [string, Counted])[]
  readonly service: HistogramCounts
  readonly sendLag: HistogramCounts
  readonly statuses: readonly (readonly [string, number])[]
  readonly failures: readonly (readonly [string, number])[]
  readonly checks: readonly (readonly [string, Check])[]
  /** Iterations of scenarios. */
  readonly users: UserCounts
  /** What scenarios threw, with its place. */
  readonly scenarioErrors: readonly (readonly [string, number])[]
  readonly warmUp: { readonly sent: number; readonly answered: number }
  readonly bytes: { readonly sent: number; readonly received: number }
}

export const noCounts = (): Counts => ({
  scheduled: 0,
  sent: 0,
  answered: 0,
  failed: 0,
  timedOut: 0,
  unsent: 0,
  errors: 0,
})

/** What is counted under one name: exactly for the whole run, roughly for the second that goes on. */
class NameTally {
  readonly whole = noCounts()
  readonly response = createHistogram('fine')
  now = noCounts()
  nowResponse = createHistogram('coarse')
  nowChecks: Check = { passed: 0, failed: 0 }

  takeSecond(): Counted & { readonly checks: Check } {
    const taken = { counts: this.now, response: this.nowResponse.take(), checks: this.nowChecks }
    this.now = noCounts()
    this.nowChecks = { passed: 0, failed: 0 }
    return taken
  }
}

const add = (counts: Map<string, number>, key: string): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

/** Counts what one worker sends and receives. Nothing of it is from the warm-up. */
export class Tally {
  readonly #names = new Map<string, NameTally>()
  readonly #service = createHistogram('fine')
  readonly #sendLag = createHistogram('fine')
  readonly #statuses = new Array<number>(1_000).fill(0)
  readonly #failures = new Map<string, number>()
  readonly #checks = new Map<string, Check>()
  readonly #scenarioErrors = new Map<string, number>()
  readonly users: UserCounts = { passed: 0, failed: 0, unfinished: 0 }
  readonly warmUp = { sent: 0, answered: 0 }
  readonly bytes = { sent: 0, received: 0 }

  /** The counters of a name; to be kept by whoever counts often. */
  of(name: string): NameTally {
    const known = this.#names.get(name)
    if (known) return known
    const tally = new NameTally()
    this.#names.set(name, tally)
    return tally
  }

  scheduled(name: NameTally): void {
    name.whole.scheduled++
    name.now.scheduled++
  }

  sent(name: NameTally, lagMs: number): void {
    name.whole.sent++
    name.now.sent++
    this.#sendLag.record(lagMs)
  }

  answered(name: NameTally, status: number, responseMs: number, serviceMs: number, expected: boolean): void {
    name.whole.answered++
    name.now.answered++
    name.response.record(responseMs)
    name.nowResponse.record(responseMs)
    this.#service.record(serviceMs)
    this.#statuses[status] = (this.#statuses[status] ?? 0) + 1
    if (!expected) this.#error(name)
  }

  broke(name: NameTally, failure: Failure, because: string): void {
    name.whole[failure]++
    name.now[failure]++
    add(this.#failures, because)
    this.#error(name)
  }

  unsent(name: NameTally, because: string): void {
    name.whole.unsent++
    name.now.unsent++
    add(this.#failures, because)
    this.#error(name)
  }

  check(name: NameTally, what: string, passed: boolean): void {
    const check = this.#checks.get(what) ?? { passed: 0, failed: 0 }
    this.#checks.set(what, check)
    for (const one of [check, name.nowChecks]) one[passed ? 'passed' : 'failed']++
  }

  /** A scenario threw. */
  scenarioError(because: string): void {
    add(this.#scenarioErrors, because)
  }

  takeSecond(second: number): SecondTally {
    return { second, names: [...this.#names].map(([name, tally]) => [name, tally.takeSecond()] as const) }
  }

  whole(): WorkerTally {
    return {
      names: [...this.#names].map(([name, { whole, response }]) => [
        name,
        { counts: whole, response: response.counts() },
      ]),
      service: this.#service.counts(),
      sendLag: this.#sendLag.counts(),
      statuses: this.#statuses.flatMap((count, status) =>
        count > 0 ? [[String(status), count] as const] : [],
      ),
      failures: [...this.#failures],
      checks: [...this.#checks],
      users: this.users,
      scenarioErrors: [...this.#scenarioErrors],
      warmUp: this.warmUp,
      bytes: this.bytes,
    }
  }

  #error(name: NameTally): void {
    name.whole.errors++
    name.now.errors++
  }
}

export type { NameTally }
