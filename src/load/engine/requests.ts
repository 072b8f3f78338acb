import { seededRandom } from '../../kernel/index.ts'
import { arrivals, constant, durationOf, phase } from '../plan/profile.ts'
import type { Connection, ConnectionOwner } from './connection.ts'
import type { EnginePlan, Failure, RequestSpec } from './engine-plan.ts'
import { type Origin, originKey } from './origin.ts'
import { Pool } from './pool.ts'
import { createQueue, type Queue } from './queue.ts'
import { requestBytes } from './request-bytes.ts'
import { shareOf } from './share.ts'
import type { NameTally, Tally } from './tally.ts'
import { keepTime, runAt } from './turns.ts'

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
  /** Milliseconds at work so far. */
  busyMs(): number
  mostConnections(): number
}

type Prepared = {
  readonly bytes: Buffer
  readonly isHead: boolean
  readonly pool: Pool
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
  readonly #pools: ReadonlyMap<Origin, Pool>
  /** Requests that wait for a connection of their pool. */
  readonly #waiting: ReadonlyMap<Pool, Queue<Waiting>>
  readonly #measuredFrom: number
  readonly #users: number
  #turn = 0
  #inFlight = 0
  #busy = 0
  #over = false
  #end!: () => void
  readonly #timeouts: NodeJS.Timeout
  #time: { stop(): void } | undefined
  #closing: NodeJS.Timeout | undefined

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
    this.#pools = new Map(
      [...origins.values()].map((origin) => [origin, new Pool(origin, limit, plan.insecure, this)]),
    )
    this.#waiting = new Map([...this.#pools.values()].map((pool) => [pool, createQueue<Waiting>()]))
    this.#requests = specs.map((spec) => ({
      ...requestBytes(spec, plan.requestsPerConnection > 1),
      pool: this.#pools.get(origins.get(originKey(new URL(spec.url))) as Origin) as Pool,
      name: tally.of(spec.name),
    }))
    this.ended = new Promise((resolve) => {
      this.#end = resolve
    })
    this.#users = plan.load.model === 'closed' ? shareOf(plan.load.users, place.index, plan.workers) : 0
    const checkMs = limit > 1_000 ? 100 : 10
    this.#timeouts = setInterval(() => this.#giveUpLate(), checkMs)
    if (plan.load.model === 'open') this.#beginOpen(place)
    else this.#beginClosed(place)
  }

  busyMs = (): number => this.#busy
  mostConnections = (): number => [...this.#pools.values()].reduce((sum, { most }) => sum + most, 0)

  stop(): void {
    this.#time?.stop()
    clearTimeout(this.#closing)
    this.#finish()
  }

  #beginOpen({ index, startAt }: WorkerPlace): void {
    const { load, warmUpMs, workers, seed } = this.#plan
    if (load.model !== 'open') return
    const first = load.stages[0]
    const warmUp = warmUpMs > 0 ? constant(first?.fromPerSecond || first?.toPerSecond || 1, warmUpMs) : []
    const random = seededRandom(seed)
    const times = phase(
      arrivals([...warmUp, ...load.stages], load.arrivals, () => random.next()),
      index,
      workers,
    )
    this.#time = keepTime(
      () => startAt + times.next(),
      (intended, now) => this.#fire(intended, now),
      (ms) => {
        this.#busy += ms
      },
      () => {
        // Up to the end of the last stage what waits may still be sent.
        const leftMs = startAt + warmUpMs + durationOf(load.stages) - performance.now()
        this.#closing = setTimeout(() => this.#finish(), Math.max(0, leftMs))
      },
    )
  }

  #beginClosed({ startAt }: WorkerPlace): void {
    const { load, warmUpMs } = this.#plan
    if (load.model !== 'closed') return
    runAt(startAt, () => {
      for (let user = 0; user < this.#users; user++) this.#fire(performance.now(), performance.now())
    })
    const lengthMs = Math.max(0, startAt - performance.now()) + warmUpMs + load.durationMs
    this.#closing = setTimeout(() => this.#finish(), lengthMs)
  }

  /** A request is due: it is sent, or waits for a connection. */
  #fire(intended: number, now: number): void {
    const request = this.#turn
    this.#turn = (request + 1) % this.#requests.length
    const prepared = this.#requests[request] as Prepared
    if (intended >= this.#measuredFrom) this.#tally.scheduled(prepared.name)
    const connection = prepared.pool.take()
    if (connection) this.#send(connection, prepared, request, intended, now)
    else this.#waiting.get(prepared.pool)?.push({ intended, request })
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
    const { name, pool } = this.#requests[connection.tag] as Prepared
    const { intended, sentAt, scanner } = connection
    this.#inFlight--
    if (intended >= this.#measuredFrom) {
      this.#tally.answered(name, scanner.status, now - intended, now - sentAt, expected(scanner.status))
      this.#tally.bytes.received += scanner.bodyBytes
    } else this.#tally.warmUp.answered++
    pool.release(connection, this.#plan.requestsPerConnection)
    this.#next(pool, now)
    this.#busy += performance.now() - now
  }

  broke(connection: Connection, failure: Failure, because: string): void {
    const { name, pool } = this.#requests[connection.tag] as Prepared
    this.#inFlight--
    if (connection.intended >= this.#measuredFrom) this.#tally.broke(name, failure, because)
    // Not at once: a target that refuses every connection would never let anything else happen.
    setImmediate(() => this.#next(pool, performance.now()))
  }

  closed(connection: Connection): void {
    const pool = this.#pools.get(connection.origin) as Pool
    pool.remove(connection)
    if (!this.#over) this.#sendWaiting(pool, performance.now())
  }

  /** A request has ended: who waits is sent; a user thinks and asks again. */
  #next(pool: Pool, now: number): void {
    if (this.#over) {
      this.#endIfIdle()
      return
    }
    const { load } = this.#plan
    if (load.model === 'open') this.#sendWaiting(pool, now)
    else if (load.thinkMs === 0) this.#fire(now, now)
    else setTimeout(() => this.#ask(), load.thinkMs)
  }

  #ask(): void {
    const now = performance.now()
    if (!this.#over) this.#fire(now, now)
  }

  #sendWaiting(pool: Pool, now: number): void {
    const waiting = this.#waiting.get(pool)
    while (waiting && waiting.size > 0) {
      const connection = pool.take()
      if (!connection) return
      const { intended, request } = waiting.shift() as Waiting
      this.#send(connection, this.#requests[request] as Prepared, request, intended, now)
    }
  }

  /** The time is up: what was not sent never will be; what is in flight may still be answered. */
  #finish(): void {
    if (this.#over) return
    this.#over = true
    for (const waiting of this.#waiting.values())
      for (let left = waiting.shift(); left; left = waiting.shift()) this.#giveUpUnsent(left)
    this.#endIfIdle()
  }

  #giveUpUnsent({ intended, request }: Waiting): void {
    const { name } = this.#requests[request] as Prepared
    if (intended >= this.#measuredFrom) this.#tally.unsent(name, 'no connection was free')
  }

  #endIfIdle(): void {
    if (this.#inFlight > 0) return
    clearInterval(this.#timeouts)
    for (const pool of this.#pools.values()) pool.closeAll()
    this.#end()
  }

  #giveUpLate(): void {
    const now = performance.now()
    for (const pool of this.#pools.values()) pool.giveUpBefore(now - this.#plan.timeoutMs, now)
  }
}
