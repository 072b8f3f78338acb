import { afterReading } from './after-reading.ts'
import type { Connection, ConnectionOwner } from './connection.ts'
import type { EnginePlan, Failure, RequestSpec } from './engine-plan.ts'
import { type Lane, Lanes } from './lanes.ts'
import { type Origin, originKey } from './origin.ts'
import { requestBytes } from './request-bytes.ts'
import { comesAfterMs, scheduleOf } from './schedule.ts'
import { shareOf } from './share.ts'
import type { NameTally, Tally } from './tally.ts'
import { type Thinkers, thinkers } from './thinkers.ts'
import { keepTime, latestMs, runAt } from './turns.ts'

/** What one worker is told beside the plan. */
export type WorkerPlace = {
  readonly index: number
  /** Milliseconds of `performance.now()` at which the warm-up begins. */
  readonly startAt: number
}

/** Makes load until it has ended or is stopped. */
export interface Driver {
  /** Resolves when every request has an end. */
  readonly ended: Promise<void>
  /** Sends no more; what was scheduled and not sent is unsent. */
  stop(): void
  /** When it ended before its time, in milliseconds of `performance.now()`, and whether for want of rows of a feeder. */
  early(): { readonly at: number; readonly usedUp: boolean } | undefined
  /** Milliseconds at work so far. */
  busyMs(): number
  mostConnections(): number
  /** Requests that were sent and have no end yet. */
  inFlight(): number
  /** Whoever would ask now waits until `resume`; what is in flight goes on. For closed loads. */
  pause(): void
  resume(): void
}

type Prepared = {
  readonly bytes: Buffer
  readonly isHead: boolean
  readonly lane: Lane<Waiting>
  readonly name: NameTally
}

type Waiting = { readonly intended: number; readonly request: number }

/** Statuses that are an answer as expected. */
const expected = (status: number): boolean => status < 400

/**
 * Sends prepared requests: in turn, by a schedule or for users that wait for their answers. No promise, closure or
 * timer is made for a request.
 */
export class RequestDriver implements Driver, ConnectionOwner {
  readonly ended: Promise<void>
  readonly #plan: EnginePlan
  readonly #tally: Tally
  readonly #requests: readonly Prepared[]
  readonly #lanes: Lanes<Waiting>
  readonly #measuredFrom: number
  readonly #users: number
  #turn: number
  #inFlight = 0
  #busy = 0
  #over = false
  /** Users who wait for the end of a pause; undefined: there is none. */
  #held: number | undefined
  #stoppedAt: number | undefined
  #end!: () => void
  readonly #timeouts: { stop(): void }
  #time: { stop(): void } | undefined
  #closing: NodeJS.Timeout | undefined
  readonly #thinkers: Thinkers

  constructor(
    plan: EnginePlan,
    specs: readonly RequestSpec[],
    origins: ReadonlyMap<string, Origin>,
    place: WorkerPlace,
    tally: Tally,
  ) {
    this.#plan = plan
    this.#tally = tally
    this.#measuredFrom = place.startAt + plan.warmUpMs
    const limit = shareOf(plan.connections, place.index, plan.workers)
    this.#lanes = new Lanes(limit, plan.insecure, this)
    this.#requests = specs.map((spec) => ({
      ...requestBytes(spec, plan.requestsPerConnection > 1),
      lane: this.#lanes.of(origins.get(originKey(new URL(spec.url))) as Origin),
      name: tally.of(spec.name),
    }))
    // Not all workers begin with the same one.
    this.#turn = place.index % specs.length
    this.ended = new Promise((resolve) => {
      this.#end = resolve
    })
    this.#users = plan.load.model === 'closed' ? shareOf(plan.load.users, place.index, plan.workers) : 0
    const checkMs = limit > 1_000 ? 100 : 10
    this.#timeouts = afterReading(checkMs, () => this.#giveUpLate())
    this.#thinkers = thinkers(plan.load.model === 'closed' ? plan.load.thinkMs : 0, () => this.#ask())
    if (plan.load.model === 'open') this.#beginOpen(place)
    else this.#beginClosed(place)
  }

  busyMs = (): number => this.#busy
  mostConnections = (): number => this.#lanes.mostConnections
  inFlight = (): number => this.#inFlight
  early = () => (this.#stoppedAt === undefined ? undefined : { at: this.#stoppedAt, usedUp: false })

  stop(): void {
    if (!this.#over) this.#stoppedAt = performance.now()
    this.#time?.stop()
    clearTimeout(this.#closing)
    this.#finish()
  }

  pause(): void {
    this.#held ??= 0
  }

  resume(): void {
    const held = this.#held ?? 0
    this.#held = undefined
    for (let user = 0; user < held; user++) this.#ask()
  }

  #beginOpen({ index, startAt }: WorkerPlace): void {
    const { load } = this.#plan
    if (load.model !== 'open') return
    const { next, lengthMs } = scheduleOf(load, this.#plan, index)
    this.#time = keepTime({
      next: () => startAt + next(),
      fire: (intended, now) => this.#fire(intended, now),
      until: startAt + lengthMs + latestMs,
      drop: (intended) => this.#drop(intended),
      busy: (ms) => {
        this.#busy += ms
      },
      over: () => {
        // Up to the end of the last stage what waits may still be sent.
        const leftMs = startAt + lengthMs - performance.now()
        this.#closing = setTimeout(() => this.#finish(), Math.max(0, leftMs))
      },
    })
  }

  #beginClosed({ startAt }: WorkerPlace): void {
    const { load, warmUpMs } = this.#plan
    if (load.model !== 'closed') return
    runAt(startAt, () => {
      for (let user = 0; user < this.#users; user++) {
        const waitMs = comesAfterMs(this.#plan, user, this.#users)
        if (waitMs > 0) setTimeout(() => this.#ask(), waitMs)
        else this.#ask()
      }
    })
    const lengthMs = Math.max(0, startAt - performance.now()) + warmUpMs + load.durationMs
    this.#closing = setTimeout(() => this.#finish(), lengthMs)
  }

  /** Which request is next: they go in turn. */
  #takeTurn(): number {
    const request = this.#turn
    this.#turn = (request + 1) % this.#requests.length
    return request
  }

  /** A request for which it is far too late. */
  #drop(intended: number): void {
    const { name } = this.#requests[this.#takeTurn()] as Prepared
    if (intended < this.#measuredFrom) return
    this.#tally.scheduled(name)
    this.#tally.unsent(name, 'the generator was too late')
  }

  /** A request is due: it is sent, or waits for a connection. */
  #fire(intended: number, now: number): void {
    const request = this.#takeTurn()
    const prepared = this.#requests[request] as Prepared
    if (intended >= this.#measuredFrom) this.#tally.scheduled(prepared.name)
    const connection = this.#lanes.take(prepared.lane)
    if (connection) this.#send(connection, prepared, request, intended, now)
    else prepared.lane.waiting.push({ intended, request })
  }

  #send(connection: Connection, prepared: Prepared, request: number, intended: number, now: number): void {
    connection.tag = request
    this.#inFlight++
    if (intended >= this.#measuredFrom) {
      this.#tally.sent(prepared.name, now - intended)
      this.#tally.bytes.sent += prepared.bytes.length
    } else this.#tally.warmUp.sent++
    connection.send(prepared.bytes, prepared.isHead, false, intended, now)
  }

  answered(connection: Connection, now: number): void {
    const { name, lane } = this.#requests[connection.tag] as Prepared
    const { intended, sentAt, scanner } = connection
    this.#inFlight--
    if (intended >= this.#measuredFrom) {
      this.#tally.answered(name, scanner.status, now - intended, now - sentAt, expected(scanner.status))
      this.#tally.bytes.received += scanner.bodyBytes
    } else this.#tally.warmUp.answered++
    lane.pool.release(connection, this.#plan.requestsPerConnection, now)
    this.#next(now)
    this.#busy += performance.now() - now
  }

  broke(connection: Connection, failure: Failure, because: string): void {
    const { name } = this.#requests[connection.tag] as Prepared
    this.#inFlight--
    if (connection.intended >= this.#measuredFrom) this.#tally.broke(name, failure, because)
    // Not at once: a target that refuses every connection would never let anything else happen.
    setImmediate(() => this.#next(performance.now()))
  }

  closed(connection: Connection): void {
    this.#lanes.of(connection.origin).pool.remove(connection)
    if (!this.#over) this.#sendWaiting(performance.now())
  }

  /** A request has ended: who waits is sent; then a user thinks and asks again. */
  #next(now: number): void {
    if (this.#over) {
      this.#endIfIdle()
      return
    }
    this.#sendWaiting(now)
    const { load } = this.#plan
    if (load.model === 'open') return
    if (load.thinkMs === 0) this.#askAt(now)
    else this.#thinkers.think(now)
  }

  #ask(): void {
    if (!this.#over) this.#askAt(performance.now())
  }

  #askAt(now: number): void {
    if (this.#held === undefined) this.#fire(now, now)
    else this.#held++
  }

  #sendWaiting(now: number): void {
    this.#lanes.serve(this.#sendOne, now)
  }

  #sendOne = (connection: Connection, { intended, request }: Waiting, now: number): void =>
    this.#send(connection, this.#requests[request] as Prepared, request, intended, now)

  /** The time is up: what was not sent never will be; what is in flight may still be answered. */
  #finish(): void {
    if (this.#over) return
    this.#over = true
    this.#lanes.giveUpWaiting(({ intended, request }) => {
      const { name } = this.#requests[request] as Prepared
      if (intended >= this.#measuredFrom) this.#tally.unsent(name, 'no connection was free')
    })
    this.#endIfIdle()
  }

  #endIfIdle(): void {
    if (this.#inFlight > 0) return
    this.#timeouts.stop()
    this.#thinkers.stop()
    this.#lanes.closeAll()
    this.#end()
  }

  #giveUpLate(): void {
    const now = performance.now()
    this.#lanes.giveUpBefore(now - this.#plan.timeoutMs, now)
    if (this.#plan.idleMs !== undefined) this.#lanes.closeIdleBefore(now - this.#plan.idleMs)
  }
}
