import { Connection, type ConnectionOwner } from './connection.ts'
import type { Origin } from './origin.ts'

/** How many connections one worker may have open, whatever they lead to, how many are, and were at the most. */
export type Room = { readonly limit: number; open: number; most: number }

/** The connections of one worker to one origin: the one that was used last is used next. */
export class Pool {
  /** In the order in which they became idle. */
  readonly #idle: Connection[] = []
  readonly #all = new Set<Connection>()
  readonly #origin: Origin
  readonly #room: Room
  readonly #insecure: boolean
  readonly #owner: ConnectionOwner

  constructor(origin: Origin, room: Room, insecure: boolean, owner: ConnectionOwner) {
    this.#origin = origin
    this.#room = room
    this.#insecure = insecure
    this.#owner = owner
  }

  /** A connection for one request; undefined when all that may be open are. */
  take(): Connection | undefined {
    for (let idle = this.#idle.pop(); idle; idle = this.#idle.pop()) if (idle.open) return idle
    return this.#room.open < this.#room.limit ? this.#add() : undefined
  }

  /** Gives a connection back after its request. */
  release(connection: Connection, requestsPerConnection: number, now: number): void {
    if (!connection.open) return
    if (connection.uses >= requestsPerConnection) connection.close()
    else {
      connection.idleSince = now
      this.#idle.push(connection)
    }
  }

  /** A connection is gone: another may take its place. */
  remove(connection: Connection): void {
    if (this.#all.delete(connection)) this.#room.open--
  }

  /** Ends the requests that were sent before a moment. */
  giveUpBefore(sentBefore: number, now: number): void {
    for (const one of this.#all) if (one.busy && one.sentAt < sentBefore) one.giveUp(now)
  }

  /** Closes what has been idle since before a moment. */
  closeIdleBefore(moment: number): void {
    const kept = this.#idle.findIndex(({ idleSince }) => idleSince >= moment)
    for (const one of this.#idle.splice(0, kept < 0 ? this.#idle.length : kept)) one.close()
  }

  /** Closes the connection that has been idle for the longest. @returns whether there was one */
  closeOneIdle(): boolean {
    for (let idle = this.#idle.shift(); idle; idle = this.#idle.shift()) {
      if (!idle.open) continue
      idle.close()
      return true
    }
    return false
  }

  closeAll(): void {
    for (const one of [...this.#all]) one.close()
  }

  #add(): Connection {
    const connection = new Connection(this.#origin, this.#insecure, this.#owner)
    this.#all.add(connection)
    this.#room.open++
    this.#room.most = Math.max(this.#room.most, this.#room.open)
    return connection
  }
}
