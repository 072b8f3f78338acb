import { Connection, type ConnectionOwner } from './connection.ts'
import type { Origin } from './origin.ts'

/** The connections of one worker to one origin: the one that was used last is used next, at most so many at a time. */
export class Pool {
  readonly #idle: Connection[] = []
  readonly #all = new Set<Connection>()
  readonly #origin: Origin
  readonly #limit: number
  readonly #insecure: boolean
  readonly #owner: ConnectionOwner
  most = 0

  constructor(origin: Origin, limit: number, insecure: boolean, owner: ConnectionOwner) {
    this.#origin = origin
    this.#limit = limit
    this.#insecure = insecure
    this.#owner = owner
  }

  /** A connection for one request; undefined when all that may be open are in use. */
  take(): Connection | undefined {
    for (let idle = this.#idle.pop(); idle; idle = this.#idle.pop()) if (idle.open) return idle
    return this.#all.size < this.#limit ? this.#add() : undefined
  }

  /** Gives a connection back after its request. */
  release(connection: Connection, requestsPerConnection: number): void {
    if (!connection.open) return
    if (connection.uses >= requestsPerConnection) connection.close()
    else this.#idle.push(connection)
  }

  /** A connection is gone: another may take its place. */
  remove(connection: Connection): void {
    this.#all.delete(connection)
  }

  /** Ends the requests that were sent before a moment. */
  giveUpBefore(sentBefore: number, now: number): void {
    for (const one of this.#all) if (one.busy && one.sentAt < sentBefore) one.giveUp(now)
  }

  closeAll(): void {
    for (const one of [...this.#all]) one.close()
  }

  #add(): Connection {
    const connection = new Connection(this.#origin, this.#insecure, this.#owner)
    this.#all.add(connection)
    this.most = Math.max(this.most, this.#all.size)
    return connection
  }
}
