import type { Head } from '../../wire/index.ts'
import { RequestFailed } from '../scenario.ts'
import { afterReading } from './after-reading.ts'
import type { Connection, ConnectionOwner } from './connection.ts'
import type { EnginePlan, Failure } from './engine-plan.ts'
import { type Lane, Lanes } from './lanes.ts'
import { findOrigin, type Origin, originKey } from './origin.ts'
import { ReceivedAnswer } from './received-answer.ts'
import { shareOf } from './share.ts'
import type { NameTally, Tally } from './tally.ts'

/** One request of a user. */
export type Question = {
  readonly origin: Origin
  readonly bytes: Buffer
  readonly isHead: boolean
  readonly intended: number
  readonly name: NameTally
  /** Statuses that are right; those below 400, when it says none. */
  readonly expect: readonly number[] | undefined
}

/** A request with what it needs until it has its end. */
type Asked = {
  readonly question: Question
  readonly intended: number
  readonly lane: Lane<Asked>
  readonly resolve: (answer: ReceivedAnswer) => void
  readonly reject: (error: RequestFailed | Stopped) => void
}

/** The load is over: whoever still asks is told so, and it is counted nowhere. */
export class Stopped extends Error {}

const isExpected = (status: number, expect: readonly number[] | undefined): boolean =>
  expect ? expect.includes(status) : status < 400

/** Sends the requests of one worker's users, and counts what becomes of each. */
export class Client implements ConnectionOwner {
  readonly #plan: EnginePlan
  readonly #tally: Tally
  readonly #measuredFrom: number
  readonly #origins = new Map<string, Promise<Origin>>()
  readonly #lanes: Lanes<Asked>
  readonly #timeouts: { stop(): void }
  #inFlight = 0
  #over = false
  /** What waits for the end of a pause; undefined: there is none. */
  #held: Asked[] | undefined
  /** Milliseconds at work so far. */
  busyMs = 0

  constructor(plan: EnginePlan, index: number, measuredFrom: number, tally: Tally) {
    this.#plan = plan
    this.#tally = tally
    this.#measuredFrom = measuredFrom
    const limit = shareOf(plan.connections, index, plan.workers)
    this.#lanes = new Lanes(limit, plan.insecure, this)
    this.#timeouts = afterReading(limit > 1_000 ? 100 : 10, () => this.#giveUpLate())
  }

  get inFlight(): number {
    return this.#inFlight
  }

  mostConnections = (): number => this.#lanes.mostConnections

  /** Where requests to a URL go; its name is looked up once. */
  origin(url: URL): Promise<Origin> {
    const key = originKey(url)
    const known = this.#origins.get(key) ?? findOrigin(url)
    this.#origins.set(key, known)
    return known
  }

  /** @throws RequestFailed when there is no complete answer, Stopped when the load is over */
  ask(question: Question, now: number): Promise<ReceivedAnswer> {
    return new Promise((resolve, reject) => {
      if (this.#over) return reject(new Stopped())
      const lane = this.#lanes.of(question.origin)
      const asked: Asked = { question, intended: question.intended, lane, resolve, reject }
      if (this.#held) this.#held.push(asked)
      else this.#begin(asked, now)
    })
  }

  /** Whoever asks from now on waits until `resume`; what is in flight goes on. */
  pause(): void {
    this.#held ??= []
  }

  /** Whoever waits asks now: the pause is no part of how long its answer takes. */
  resume(): void {
    const held = this.#held ?? []
    this.#held = undefined
    const now = performance.now()
    for (const asked of held) this.#begin({ ...asked, intended: now }, now)
  }

  #begin(asked: Asked, now: number): void {
    const { question, intended, lane } = asked
    if (intended >= this.#measuredFrom) this.#tally.scheduled(question.name)
    const connection = this.#lanes.take(lane)
    if (connection) this.#send(connection, asked, now)
    else lane.waiting.push(asked)
  }

  answered(connection: Connection, now: number): void {
    const { question, intended, lane, resolve } = connection.payload as Asked
    const { scanner, sentAt } = connection
    const { status, bodyBytes } = scanner
    this.#inFlight--
    if (intended >= this.#measuredFrom) {
      const { name, expect } = question
      this.#tally.answered(name, status, now - intended, now - sentAt, isExpected(status, expect))
      this.#tally.bytes.received += bodyBytes
    } else this.#tally.warmUp.answered++
    resolve(new ReceivedAnswer(scanner.head as Head, scanner.body(), now - intended))
    lane.pool.release(connection, this.#plan.requestsPerConnection, now)
    this.#sendWaiting(now)
    this.busyMs += performance.now() - now
  }

  broke(connection: Connection, failure: Failure, because: string): void {
    const { question, intended, reject } = connection.payload as Asked
    this.#inFlight--
    if (intended >= this.#measuredFrom) this.#tally.broke(question.name, failure, because)
    reject(new RequestFailed(because))
  }

  closed(connection: Connection): void {
    this.#lanes.of(connection.origin).pool.remove(connection)
    this.#sendWaiting(performance.now())
  }

  /** No more is sent; what is in flight may still be answered. */
  stop(): void {
    this.#over = true
    for (const { reject } of this.#held ?? []) reject(new Stopped())
    this.#held = undefined
    this.#lanes.giveUpWaiting(({ intended, question, reject }) => {
      if (intended >= this.#measuredFrom) this.#tally.unsent(question.name, 'no connection was free')
      reject(new Stopped())
    })
  }

  /** What is still in flight has its end now: every request is counted. */
  close(): void {
    this.#timeouts.stop()
    this.#lanes.giveUpBefore(Number.POSITIVE_INFINITY, performance.now())
    this.#lanes.closeAll()
  }

  #send = (connection: Connection, asked: Asked, now: number): void => {
    const { question, intended } = asked
    connection.payload = asked
    this.#inFlight++
    if (intended >= this.#measuredFrom) {
      this.#tally.sent(question.name, now - intended)
      this.#tally.bytes.sent += question.bytes.length
    } else this.#tally.warmUp.sent++
    connection.send(question.bytes, question.isHead, true, intended, now)
  }

  #sendWaiting(now: number): void {
    if (!this.#over) this.#lanes.serve(this.#send, now)
  }

  #giveUpLate(): void {
    const now = performance.now()
    this.#lanes.giveUpBefore(now - this.#plan.timeoutMs, now)
    if (this.#plan.idleMs !== undefined) this.#lanes.closeIdleBefore(now - this.#plan.idleMs)
  }
}
