import type { IncomingMessage } from 'node:http'
import type { Connection } from './connection.ts'

/** The body of a request on its way to an upstream: passed on as it comes, no faster than it is taken. */
export class Upload {
  readonly #from: IncomingMessage
  readonly #to: Connection
  readonly #isChunked: boolean

  constructor(from: IncomingMessage, to: Connection) {
    this.#from = from
    this.#to = to
    this.#isChunked = from.headers['transfer-encoding'] !== undefined
    from.on('data', this.#pass)
    from.on('end', this.#finish)
  }

  /** The upstream has taken what it was sent. */
  resume(): void {
    this.#from.resume()
  }

  /** What is still to come is read and dropped. */
  stop(): void {
    this.#from.off('data', this.#pass)
    this.#from.off('end', this.#finish)
    this.#from.resume()
  }

  readonly #pass = (part: Buffer): void => {
    if (!this.#send(part)) this.#from.pause()
  }

  #send(part: Buffer): boolean {
    if (!this.#isChunked) return this.#to.write(part)
    this.#to.together()
    this.#to.write(`${part.length.toString(16)}\r\n`)
    this.#to.write(part)
    return this.#to.write('\r\n')
  }

  /** Told only of a body that came whole. */
  readonly #finish = (): void => {
    if (this.#isChunked) this.#to.write('0\r\n\r\n')
    this.#to.endRequest()
  }
}
