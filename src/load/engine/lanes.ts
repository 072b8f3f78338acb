import type { Connection, ConnectionOwner } from './connection.ts'
import type { Origin } from './origin.ts'
import { Pool, type Room } from './pool.ts'
import { createQueue, type Queue } from './queue.ts'

/** The connections to one origin, and the requests that wait for one. */
export type Lane<T> = { readonly pool: Pool; readonly waiting: Queue<T> }

/** All origins of one worker. Their connections have one room together; whoever waits longest is served first. */
export class Lanes<T extends { readonly intended: number }> {
  readonly #lanes: Lane<T>[] = []
  readonly #byOrigin = new Map<Origin, Lane<T>>()
  readonly #room: Room
  readonly #insecure: boolean
  readonly #owner: ConnectionOwner

  constructor(limit: number, insecure: boolean, owner: ConnectionOwner) {
    this.#room = { limit, open: 0, most: 0 }
    this.#insecure = insecure
    this.#owner = owner
  }

  get mostConnections(): number {
    return this.#room.most
  }

  of(origin: Origin): Lane<T> {
    const known = this.#byOrigin.get(origin)
    if (known) return known
    const pool = new Pool(origin, this.#room, this.#insecure, this.#owner)
    const lane: Lane<T> = { pool, waiting: createQueue<T>() }
    this.#byOrigin.set(origin, lane)
    this.#lanes.push(lane)
    return lane
  }

  /** A connection of a lane; undefined when all that may be open are. One that is idle elsewhere is closed for it. */
  take(lane: Lane<T>): Connection | undefined {
    const connection = lane.pool.take()
    if (connection || this.#lanes.length === 1) return connection
    this.#lanes.some(({ pool }) => pool.closeOneIdle())
    return undefined
  }

  /** Sends what waits, as long as there are connections for it. */
  serve(send: (connection: Connection, item: T, now: number) => void, now: number): void {
    for (let lane = this.#longestWaiting(); lane; lane = this.#longestWaiting()) {
      const connection = this.take(lane)
      if (!connection) return
      send(connection, lane.waiting.shift() as T, now)
    }
  }

  /** Empties all queues. */
  giveUpWaiting(tell: (item: T) => void): void {
    for (const { waiting } of this.#lanes)
      for (let item = waiting.shift(); item; item = waiting.shift()) tell(item)
  }

  /** Ends the requests that were sent before a moment. */
  giveUpBefore(sentBefore: number, now: number): void {
    for (const { pool } of this.#lanes) pool.giveUpBefore(sentBefore, now)
  }

  /** Closes what has been idle since before a moment. */
  closeIdleBefore(moment: number): void {
    for (const { pool } of this.#lanes) pool.closeIdleBefore(moment)
  }

  closeAll(): void {
    for (const { pool } of this.#lanes) pool.closeAll()
  }

  #longestWaiting(): Lane<T> | undefined {
    let found: Lane<T> | undefined
    let since = Number.POSITIVE_INFINITY
    for (let i = 0; i < this.#lanes.length; i++) {
      const lane = this.#lanes[i] as Lane<T>
      const intended = lane.waiting.first()?.intended ?? Number.POSITIVE_INFINITY
      if (intended < since) {
        found = lane
        since = intended
      }
    }
    return found
  }
}
