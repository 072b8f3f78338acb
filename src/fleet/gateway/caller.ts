import type { IncomingMessage } from 'node:http'
import type { Head } from '../../wire/index.ts'
import { clientOf } from './failed-clients.ts'
import { isSecure } from './headers.ts'
import { newPin, type Pins, pinHeaders, pinIn } from './pins.ts'

const none: readonly string[] = []

/** Whoever sent a request. */
export class Caller {
  /** Its place in the split; undefined when requests are split, not clients. */
  readonly pin: string | undefined
  /** Of the gateway's cookie. */
  readonly pinName: string
  readonly #request: IncomingMessage
  /** It brought none. */
  readonly #isNew: boolean

  constructor(request: IncomingMessage, pins: Pins | undefined) {
    this.#request = request
    this.pinName = pins?.name ?? ''
    const brought = pins?.given ? pinIn(request.headers.cookie, pins.name) : undefined
    this.#isNew = pins?.given === true && brought === undefined
    this.pin = this.#isNew ? newPin() : brought
  }

  /** What an answer needs besides its own headers: names and values in turn. */
  pinning({ headers }: Head): readonly string[] {
    if (!this.#isNew || this.pin === undefined) return none
    const caching = { 'cache-control': headers.get('cache-control'), expires: headers.get('expires') }
    return pinHeaders(this.pinName, this.pin, caching, isSecure(this.#request))
  }

  /** As whom its failures are counted. */
  name(): string {
    return clientOf(this.#request, this.pinName)
  }
}
