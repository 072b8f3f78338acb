import { createHistogram, type HistogramCounts } from '../../kernel/histogram.ts'
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

/**
 * Durations in milliseconds. Response: from the intended time to the last byte; service: from the real send; send lag:
 * real send − intended.
 */
export type Timings = {
  readonly response: HistogramCounts
  readonly service: HistogramCounts
  readonly sendLag: HistogramCounts
}

/** What was counted under one name, in one second or in the whole run. */
export type Counted = { readonly counts: Counts } & Timings

/** A second of one worker, number 0 being the first after the warm-up; earlier ones have negative numbers. */
export type SecondTally = {
  readonly second: number
  /** How much of it belongs to the load; 0: only answers that came in after it. */
  readonly lengthMs: number
  readonly names: readonly (readonly [string, Counted])[]
  readonly checks: readonly (readonly [string, Check])[]
}

/** All that one worker counted. */
export type WorkerTally = {
  readonly names: readonly (readonly [string, Counted])[]
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

const createTimings = (precision: 'fine' | 'coarse') => ({
  response: createHistogram(precision),
  service: createHistogram(precision),
  sendLag: createHistogram(precision),
})

/** What is counted under one name: exactly for the whole run, roughly for the second that goes on. */
class NameTally {
  readonly counts = noCounts()
  readonly timings = createTimings('fine')
  now = noCounts()
  readonly nowTimings = createTimings('coarse')

  whole(): Counted {
    const { response, service, sendLag } = this.timings
    return {
      counts: this.counts,
      response: response.counts(),
      service: service.counts(),
      sendLag: sendLag.counts(),
    }
  }

  takeSecond(): Counted {
    const { response, service, sendLag } = this.nowTimings
    const counts = this.now
    this.now = noCounts()
    return { counts, response: response.take(), service: service.take(), sendLag: sendLag.take() }
  }
}

/** A check in the whole run, and in the second that goes on. */
type CheckTally = { readonly whole: Check; now: Check }

const noChecks = (): Check => ({ passed: 0, failed: 0 })

/** So many names, checks and errors are told apart; scenarios that make up ever new ones are not to use up the memory. */
const mostNames = 200
const others = 'others'

/** The key itself, as long as there is room for it. */
const within = (known: ReadonlyMap<string, unknown>, key: string): string =>
  known.size < mostNames || known.has(key) ? key : others

const add = (counts: Map<string, number>, key: string): void => {
  const at = within(counts, key)
  counts.set(at, (counts.get(at) ?? 0) + 1)
}

/** Counts what one worker sends and receives. Nothing of it is from the warm-up. */
export class Tally {
  readonly #names = new Map<string, NameTally>()
  readonly #statuses = new Array<number>(1_000).fill(0)
  readonly #failures = new Map<string, number>()
  readonly #checks = new Map<string, CheckTally>()
  readonly #scenarioErrors = new Map<string, number>()
  readonly users: UserCounts = { passed: 0, failed: 0, unfinished: 0 }
  readonly warmUp = { sent: 0, answered: 0 }
  readonly bytes = { sent: 0, received: 0 }

  /** The counters of a name; to be kept by whoever counts often. */
  of(name: string): NameTally {
    const known = this.#names.get(name)
    if (known) return known
    const at = within(this.#names, name)
    const tally = this.#names.get(at) ?? new NameTally()
    this.#names.set(at, tally)
    return tally
  }

  scheduled(name: NameTally): void {
    name.counts.scheduled++
    name.now.scheduled++
  }

  sent(name: NameTally, lagMs: number): void {
    name.counts.sent++
    name.now.sent++
    name.timings.sendLag.record(lagMs)
    name.nowTimings.sendLag.record(lagMs)
  }

  answered(name: NameTally, status: number, responseMs: number, serviceMs: number, expected: boolean): void {
    name.counts.answered++
    name.now.answered++
    name.timings.response.record(responseMs)
    name.nowTimings.response.record(responseMs)
    name.timings.service.record(serviceMs)
    name.nowTimings.service.record(serviceMs)
    this.#statuses[status] = (this.#statuses[status] ?? 0) + 1
    if (!expected) this.#error(name)
  }

  broke(name: NameTally, failure: Failure, because: string): void {
    name.counts[failure]++
    name.now[failure]++
    add(this.#failures, because)
    this.#error(name)
  }

  unsent(name: NameTally, because: string): void {
    name.counts.unsent++
    name.now.unsent++
    add(this.#failures, because)
    this.#error(name)
  }

  check(name: string, passed: boolean): void {
    const check = this.#checks.get(name) ?? this.#checkOf(name)
    const is = passed ? 'passed' : 'failed'
    check.whole[is]++
    check.now[is]++
  }

  /** A scenario threw. */
  scenarioError(because: string): void {
    add(this.#scenarioErrors, because)
  }

  takeSecond(second: number, lengthMs: number): SecondTally {
    const checks = [...this.#checks].flatMap(([name, check]) => {
      const { now } = check
      if (now.passed + now.failed === 0) return []
      check.now = noChecks()
      return [[name, now] as const]
    })
    const names = [...this.#names].map(([name, tally]) => [name, tally.takeSecond()] as const)
    return { second, lengthMs, names, checks }
  }

  whole(): WorkerTally {
    return {
      names: [...this.#names].map(([name, tally]) => [name, tally.whole()]),
      statuses: this.#statuses.flatMap((count, status) =>
        count > 0 ? [[String(status), count] as const] : [],
      ),
      failures: [...this.#failures],
      checks: [...this.#checks].map(([name, { whole }]) => [name, whole]),
      users: this.users,
      scenarioErrors: [...this.#scenarioErrors],
      warmUp: this.warmUp,
      bytes: this.bytes,
    }
  }

  #checkOf(name: string): CheckTally {
    const at = within(this.#checks, name)
    const check = this.#checks.get(at) ?? { whole: noChecks(), now: noChecks() }
    this.#checks.set(at, check)
    return check
  }

  #error(name: NameTally): void {
    name.counts.errors++
    name.now.errors++
  }
}

export type { NameTally }
