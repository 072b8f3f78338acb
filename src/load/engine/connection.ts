import type { Socket } from 'node:net'
import { ResponseScanner } from '../../wire/index.ts'
import type { Failure } from './engine-plan.ts'
import { type Origin, openSocket, whyOf } from './origin.ts'

/** Who is told what becomes of the requests on a connection. Times are in milliseconds of `performance.now()`. */
export interface ConnectionOwner {
  answered(connection: Connection, now: number): void
  broke(connection: Connection, failure: Failure, because: string, now: number): void
  /** It was idle, or has told already what became of its request. */
  closed(connection: Connection): void
}

/** One buffer for all: what is read is scanned before the next is read. */
const buffer = Buffer.allocUnsafeSlow(1 << 16)

/** One connection with at most one request on it. */
export class Connection {
  readonly scanner = new ResponseScanner()
  readonly origin: Origin
  /** Of the request on it. */
  intended = 0
  sentAt = 0
  /** What its owner knows the request by. */
  tag = 0
  /** Its owner's own. */
  payload: unknown
  busy = false
  idleSince = 0
  uses = 0
  open = true
  readonly #socket: Socket
  readonly #owner: ConnectionOwner

  constructor(origin: Origin, insecure: boolean, owner: ConnectionOwner) {
    this.origin = origin
    this.#owner = owner
    this.#socket = openSocket(origin, insecure, buffer, (length, bytes) => this.#read(length, bytes))
    this.#socket.on('error', (error: NodeJS.ErrnoException) => {
      // Told at once: until the socket has closed, too, its request might be taken for one that took too long.
      this.#fail('failed', whyOf(error), performance.now())
    })
    this.#socket.on('end', () => this.#end())
    this.#socket.on('close', () => this.#close())
  }

  /** Sends one request; it must not be busy. */
  send(bytes: Buffer, isHead: boolean, keep: boolean, intended: number, now: number): void {
    this.intended = intended
    this.sentAt = now
    this.busy = true
    this.uses++
    this.scanner.begin(isHead, keep)
    this.#socket.write(bytes)
  }

  /** The request on it took too long: the connection cannot be used again. */
  giveUp(now: number): void {
    this.#fail('timedOut', this.#socket.connecting ? 'no connection in time' : 'no answer in time', now)
  }

  close(): void {
    this.open = false
    this.#socket.destroy()
  }

  #read(length: number, bytes: Buffer): void {
    const now = performance.now()
    if (!this.busy) {
      // An answer that nobody asked for.
      this.close()
      return
    }
    const result = this.scanner.push(bytes, length)
    if (result === 'more') return
    if (result === 'failed') this.#fail('failed', this.scanner.error, now)
    else this.#answered(now)
  }

  #answered(now: number): void {
    this.busy = false
    if (!this.scanner.keepAlive) this.close()
    this.#owner.answered(this, now)
  }

  #end(): void {
    if (!this.busy) return
    if (this.scanner.end() === 'done') this.#answered(performance.now())
    else this.#fail('failed', this.scanner.error, performance.now())
  }

  #fail(failure: Failure, because: string, now: number): void {
    if (!this.busy) return
    this.busy = false
    this.close()
    this.#owner.broke(this, failure, because, now)
  }

  #close(): void {
    this.open = false
    if (this.busy) this.#fail('failed', 'connection closed', performance.now())
    this.#owner.closed(this)
  }
}
