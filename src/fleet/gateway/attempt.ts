import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Head } from '../../wire/index.ts'
import type { Caller } from './caller.ts'
import type { Connection, Listener } from './connection.ts'
import { hasBody, requestHead } from './headers.ts'
import type { Upstream } from './routes.ts'
import { Upload } from './upload.ts'

/** How far a request came: `connected` to the upstream; `silent`: no byte of an answer arrived. */
export type Reach = { readonly connected: boolean; readonly silent: boolean }

/** What is heard of an attempt; nothing any more once it was cancelled. */
export type Heard = Pick<Listener, 'heard' | 'switched'> & {
  readonly failed: (because: string, how: Reach) => void
}

export type How = {
  readonly caller: Caller
  /** That the upstream is asked to switch to: on a connection of its own, which nobody uses again. */
  readonly protocol: string | undefined
}

/**
 * Asks one upstream. The body is touched only once there is a connection, so that when there is none, another
 * upstream can have the request.
 */
export class Attempt implements Listener {
  readonly #connection: Connection
  readonly #incoming: IncomingMessage
  readonly #how: How
  readonly #told: Heard
  #upload: Upload | undefined
  #isConnected = false
  /** The connection may be another's from here on. */
  #isOver = false

  constructor({ connections }: Upstream, incoming: IncomingMessage, how: How, told: Heard) {
    this.#incoming = incoming
    this.#how = how
    this.#told = told
    this.#connection = how.protocol === undefined ? connections.take() : connections.takeToSwitch()
  }

  /** Whether it waits for the upstream to read. */
  get isHeldBack(): boolean {
    return !this.#isOver && this.#connection.isHeldBack
  }

  begin(): void {
    this.#connection.begin(this, this.#incoming.method === 'HEAD')
  }

  /** The client has taken what it was sent. */
  resume(): void {
    if (!this.#isOver) this.#connection.resume()
  }

  cancel(): void {
    if (this.#isOver) return
    this.#end()
    this.#connection.close()
  }

  connected(): void {
    this.#isConnected = true
    const isBody = hasBody(this.#incoming)
    if (isBody) this.#connection.together()
    this.#connection.write(requestHead(this.#incoming, this.#how))
    if (isBody) this.#upload = new Upload(this.#incoming, this.#connection)
    else this.#connection.endRequest()
  }

  drained(): void {
    this.#upload?.resume()
  }

  heard(head: Head, piece: Buffer, isLast: boolean): boolean {
    if (isLast) this.#end()
    return this.#told.heard(head, piece, isLast)
  }

  switched(head: Head, socket: Socket, rest: Buffer): void {
    this.#end()
    this.#told.switched(head, socket, rest)
  }

  failed(because: string, silent: boolean): void {
    this.#end()
    this.#told.failed(because, { connected: this.#isConnected, silent })
  }

  #end(): void {
    this.#isOver = true
    this.#upload?.stop()
  }
}
