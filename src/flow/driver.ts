import type { Clock, Effect, Instant, Key, Move, Ref } from '../kernel/index.ts'
import { PlimsollError, refText } from '../kernel/index.ts'
import type { Journal, Lease, StoredRecord } from '../store/index.ts'
import { createBell } from './bell.ts'
import type { AnyStory, Doer, Trouble } from './story.ts'

export type DriverDeps = {
  readonly journal: Journal
  readonly clock: Clock
  readonly owner: string
  readonly doers: Readonly<Record<string, Doer>>
  readonly onTrouble: (trouble: Trouble) => void
}

type Told = { readonly command: unknown; resolve(moved: boolean): void; reject(error: unknown): void }

/**
 * How long a lease is claimed for. A server that dies holds its records for so long at the most (not at all in the
 * embedded store, which forgets leases when it is opened): shorter than what deployments allow beyond their own limits.
 */
const leaseMs = 10_000
const firstRetryMs = 100
const lastRetryMs = 10_000

/**
 * Drives one record: does what is pending, looks, decides, commits, and again, until the story has ended.
 * Everything about one record happens here, one thing after the other.
 */
export class Driver {
  readonly #deps: DriverDeps
  readonly #story: AnyStory
  readonly #of: Ref
  readonly #bell = createBell()
  readonly #told: Told[] = []
  #pending: Effect[] = []
  #done: Key[] = []
  #failures = 0
  #retryAt: Instant = 0
  #lease: Lease | undefined
  /** As last read or written: nobody else writes it while the lease is ours. */
  #record: StoredRecord | undefined
  #stopped = false
  /** Why it waits, for people. */
  because = ''
  /** Set the moment that it will take no more commands: whoever comes later needs a new driver. */
  finished = false

  constructor(deps: DriverDeps, story: AnyStory, of: Ref) {
    this.#deps = deps
    this.#story = story
    this.#of = of
  }

  wake(): void {
    this.#bell.ring()
  }

  stop(): void {
    this.#stopped = true
    this.#bell.ring()
  }

  /** Hands a command to the machine; resolves when what follows from it is durable. */
  tell(command: unknown): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.#told.push({ command, resolve, reject })
      this.#bell.ring()
    })
  }

  /** Resolves when the story has ended or the driver was stopped. */
  async run(): Promise<void> {
    this.#pending = await this.#deps.journal.pending(this.#of)
    while (!this.#stopped) {
      try {
        if (await this.#turn()) return
      } catch (error) {
        await this.#pauseAfter(error)
      }
    }
    for (const told of this.#told.splice(0))
      told.reject(new PlimsollError('PLM_STALE', 'the server is stopping'))
  }

  /** @returns true when there is nothing left to drive */
  async #turn(): Promise<boolean> {
    await this.#perform()
    const record = await this.#read()
    const told = this.#told.shift()
    if (told) {
      await this.#take(told, record)
      return false
    }
    if (record.ended) return this.#rest()
    const seen = await this.#story.see(record.state, this.#of)
    if (this.#told.length > 0) return false
    const decision = this.#story.machine.decide(record.state, seen, this.#deps.clock.now())
    if (decision.is === 'move') {
      await this.#commit(decision, record)
      return false
    }
    this.because = decision.because
    await this.#bell.heard(this.#deps.clock, this.#soonest(decision.until))
    return false
  }

  async #read(): Promise<StoredRecord> {
    this.#record ??= await this.#deps.journal.read(this.#of)
    if (!this.#record) throw new Error(`${refText(this.#of)} is not in the journal`)
    return this.#record
  }

  /** The story has ended: only effects that failed so far may be left. */
  async #rest(): Promise<boolean> {
    this.finished = this.#pending.length === 0
    if (!this.finished) await this.#bell.heard(this.#deps.clock, this.#retryAt)
    return this.finished
  }

  async #take(told: Told, record: StoredRecord): Promise<void> {
    try {
      const decision = this.#story.machine.accept(record.state, told.command, this.#deps.clock.now())
      if (decision.is === 'move') await this.#commit(decision, record)
      told.resolve(decision.is === 'move')
    } catch (error) {
      told.reject(error)
    }
  }

  /** Renewed well before it ends, so that most commits need no claim of their own. */
  async #hold(): Promise<Lease> {
    const { clock } = this.#deps
    if (this.#lease && this.#lease.until - clock.now() > leaseMs / 2) return this.#lease
    this.#lease = await this.#claim()
    return this.#lease
  }

  /** A lease that another server holds is waited for: it ends by itself when that server is gone. */
  async #claim(): Promise<Lease> {
    const { clock, journal, owner } = this.#deps
    for (;;) {
      const lease = await journal.claim(this.#of, owner, leaseMs, clock.now())
      if (!('heldBy' in lease)) return lease
      this.because = `held by ${lease.heldBy}`
      if (this.#stopped)
        throw new PlimsollError('PLM_STALE', `${refText(this.#of)} is held by ${lease.heldBy}`)
      await clock.until(Math.min(lease.until, clock.now() + 1_000))
    }
  }

  async #commit(move: Move<unknown>, record: StoredRecord): Promise<void> {
    const lease = await this.#hold()
    // Until the answer is there nobody knows which of the two it is.
    this.#record = undefined
    const done = [...this.#done]
    const answer = await this.#deps.journal.commit(
      {
        of: this.#of,
        from: record.version,
        state: move.state as StoredRecord['state'],
        events: move.events,
        effects: move.effects,
        done,
        ended: move.ended,
        at: this.#deps.clock.now(),
      },
      lease,
    )
    if (answer === 'stale') {
      this.#lease = undefined
      throw new PlimsollError('PLM_STALE', `${refText(this.#of)} was changed by somebody else`)
    }
    const { state, ended } = move as Move<StoredRecord['state']>
    this.#record = { ...record, version: record.version + 1, state, ended }
    this.#done = this.#done.filter((key) => !done.includes(key))
    this.#pending.push(...move.effects)
  }

  /** Does what is pending, in order; stops at the first that fails and comes back to it after a pause. */
  async #perform(): Promise<void> {
    if (this.#deps.clock.now() < this.#retryAt) return
    while (this.#pending.length > 0) {
      const effect = this.#pending[0] as Effect
      try {
        await this.#do(effect)
      } catch (error) {
        this.#failed(`${effect.kind} ${effect.key}`, error)
        return
      }
      this.#pending.shift()
      this.#done.push(effect.key)
      this.#failures = 0
    }
    await this.#settleIfEnded()
  }

  async #do(effect: Effect): Promise<void> {
    const doer = this.#deps.doers[effect.kind]
    if (!doer) throw new Error(`nobody does effects of kind ${effect.kind}`)
    const lease = await this.#hold()
    await doer(effect, { of: this.#of, fence: lease.fence })
  }

  /** After the last move no other commit will say what was done. */
  async #settleIfEnded(): Promise<void> {
    if (this.#done.length === 0) return
    if (!(await this.#read()).ended) return
    await this.#deps.journal.settle(this.#of, this.#done)
    this.#done = []
  }

  #failed(what: string, error: unknown): void {
    this.#failures++
    const pauseMs = Math.min(lastRetryMs, firstRetryMs * 2 ** Math.min(this.#failures - 1, 10))
    this.#retryAt = this.#deps.clock.now() + pauseMs
    this.#deps.onTrouble({ of: this.#of, what, error, times: this.#failures })
  }

  async #pauseAfter(error: unknown): Promise<void> {
    this.#failed('deciding', error)
    await this.#bell.heard(this.#deps.clock, this.#retryAt)
  }

  #soonest(until: Instant | undefined): Instant | undefined {
    if (this.#pending.length === 0) return until
    return until === undefined ? this.#retryAt : Math.min(until, this.#retryAt)
  }
}
