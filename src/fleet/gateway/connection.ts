import { connect, type Socket } from 'node:net'
import { type Head, ResponseScanner } from '../../wire/index.ts'

/** What is heard of the request on a connection. */
export interface Listener {
  /** There is a connection: the request may be sent. */
  connected(): void
  /** What was written has been taken; more may be. */
  drained(): void
  /**
   * A read has brought more of the answer: bytes of its body, none perhaps, which are good until this returns.
   * @returns whether more may follow at once; otherwise it waits for `resume`
   */
  heard(head: Head, piece: Buffer, isLast: boolean): boolean
  /** The upstream left HTTP as it was asked to; `rest`: what it sent behind its answer. */
  switched(head: Head, socket: Socket, rest: Buffer): void
  /** There will be no answer, or no more of it. `silent`: nothing at all was heard. */
  failed(because: string, silent: boolean): void
}

/** Keeps connections that can be used again. */
export interface Keeper {
  /** An answer is complete, and nothing speaks against another request. */
  free(connection: Connection): void
  closed(connection: Connection): void
}

const nothing = Buffer.alloc(0)
/** One for all: what is read is passed on, as a copy, before the next is read. */
const shared = Buffer.allocUnsafeSlow(1 << 16)

/** How Node names a connection that was closed in the middle. */
const cutOff = 'ECONNRESET'

/**
 * One connection to an upstream, with at most one request on it. Answers are read by the strict scanner; after anything
 * that was not expected of the upstream the connection is closed, so that nobody gets what was meant for another.
 */
export class Connection {
  /** While it is kept: when it is too old for another request. */
  goodUntilMs = 0
  /** What the upstream said of keeping it, with its last answer. */
  keepAliveHint: string | undefined
  readonly #socket: Socket
  readonly #keeper: Keeper
  readonly #scanner = new ResponseScanner((bytes, from, to) => {
    this.#parts.push(bytes.subarray(from, to))
  })
  #listener: Listener | undefined
  #parts: Buffer[] = []
  #isSilent = true
  #isEnded = false
  #because = cutOff

  /** @param maySwitch it serves one request, which asks to leave HTTP */
  constructor(at: { host: string; port: number }, keeper: Keeper, maySwitch: boolean) {
    this.#keeper = keeper
    this.#scanner.maySwitch = maySwitch
    this.#socket = maySwitch ? connect({ ...at, noDelay: true }) : this.#connectToRead(at)
    if (maySwitch) this.#socket.on('data', this.#onData)
    this.#socket.on('connect', () => this.#listener?.connected())
    this.#socket.on('drain', () => this.#listener?.drained())
    this.#socket.on('end', this.#onEnd)
    this.#socket.on('error', ({ code, message }: NodeJS.ErrnoException) => {
      this.#because = code ?? message
    })
    this.#socket.on('close', this.#onClose)
  }

  /** Whether the upstream was sent all of the request. */
  get isSent(): boolean {
    return this.#isEnded && this.#socket.writableLength === 0
  }

  /** Whether it waits for the upstream to read. */
  get isHeldBack(): boolean {
    return this.#socket.writableNeedDrain
  }

  /** Takes it for one request; `connected` is told at once if it is. */
  begin(listener: Listener, isHead: boolean): void {
    this.#listener = listener
    this.#scanner.begin(isHead, false)
    this.#isSilent = true
    this.#isEnded = false
    if (!this.#socket.connecting) listener.connected()
  }

  /** @returns false when the upstream does not take it as fast; `drained` is told when it has */
  write(bytes: string | Buffer): boolean {
    return typeof bytes === 'string' ? this.#socket.write(bytes, 'latin1') : this.#socket.write(bytes)
  }

  /** What is written in this turn goes in one packet. */
  together(): void {
    this.#socket.cork()
    process.nextTick(() => this.#socket.uncork())
  }

  /** Nothing more is sent of this request. */
  endRequest(): void {
    this.#isEnded = true
  }

  resume(): void {
    this.#socket.resume()
  }

  /** Nothing is heard of it any more. */
  close(): void {
    this.#listener = undefined
    this.#socket.destroy()
  }

  #connectToRead(at: { host: string; port: number }): Socket {
    const callback = (length: number): boolean => this.#read(shared, length)
    return connect({ ...at, noDelay: true, onread: { buffer: shared, callback } })
  }

  /** What the read has brought of the body: mostly it is one part. */
  #piece(): Buffer {
    const parts = this.#parts
    if (parts.length === 0) return nothing
    this.#parts = []
    return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts)
  }

  /** @returns whether to go on reading */
  #read(bytes: Buffer, length: number): boolean {
    const listener = this.#listener
    // An answer that nobody asked for.
    if (!listener) return this.#refuse()
    this.#isSilent = false
    const result = this.#scanner.push(bytes, length)
    const piece = this.#piece()
    const { head } = this.#scanner
    if (result === 'failed' && !this.#scanner.isComplete) return this.#fail(this.#scanner.error)
    if (!head) return true
    if (result === 'more') return listener.heard(head, piece, false)
    if (result === 'switched') this.#switch(listener, head, bytes.subarray(this.#scanner.restFrom, length))
    else this.#complete(listener, head, piece, result === 'done')
    return true
  }

  /** Bytes behind an answer speak against the upstream: it may have answered twice. */
  #complete(listener: Listener, head: Head, piece: Buffer, isSound: boolean): void {
    this.#listener = undefined
    if (isSound && this.isSent && this.#scanner.keepAlive && !this.#scanner.maySwitch) {
      this.keepAliveHint = head.headers.get('keep-alive')
      this.#keeper.free(this)
    } else this.close()
    listener.heard(head, piece, true)
  }

  #switch(listener: Listener, head: Head, rest: Buffer): void {
    this.#listener = undefined
    this.#socket.pause().off('data', this.#onData).off('end', this.#onEnd).off('close', this.#onClose)
    listener.switched(head, this.#socket, rest)
  }

  readonly #onData = (bytes: Buffer): void => {
    this.#read(bytes, bytes.length)
  }

  /** The upstream sends no more. */
  readonly #onEnd = (): void => {
    const [listener, { head }] = [this.#listener, this.#scanner]
    if (!listener) this.close()
    else if (this.#scanner.end() !== 'done' || !head) this.#fail(cutOff)
    else this.#complete(listener, head, nothing, false)
  }

  readonly #onClose = (): void => {
    this.#keeper.closed(this)
    this.#fail(this.#because)
  }

  #refuse(): false {
    this.close()
    return false
  }

  #fail(because: string): false {
    const [listener, isSilent] = [this.#listener, this.#isSilent]
    this.close()
    listener?.failed(because, isSilent)
    return false
  }
}
