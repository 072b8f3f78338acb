import type { IncomingMessage } from 'node:http'
import type { Head } from '../../wire/index.ts'
import { clientOf } from './failed-clients.ts'
import type { Origin, Proxies, Said } from './forwarding.ts'
import type { Manners } from './manners.ts'
import { newPin, type Pins, pinHeaders, pinIn } from './pins.ts'
import { type IdHeader, requestIdOf } from './request-id.ts'

const none: readonly string[] = []

/** Whoever sent a request. */
export class Caller {
  /** Its place in the split; undefined when requests are split, not clients. */
  readonly pin: string | undefined
  /** Of the gateway's cookie. */
  readonly pinName: string
  /** What its request is called, where requests are called anything. */
  readonly requestId: { readonly header: IdHeader; readonly value: string } | undefined
  readonly #proxies: Proxies
  readonly #request: IncomingMessage
  #origin: Origin | undefined
  /** It brought none. */
  readonly #isNew: boolean

  constructor(request: IncomingMessage, pins: Pins | undefined, { id, proxies }: Manners) {
    this.#request = request
    this.#proxies = proxies
    this.requestId = id && { header: id, value: requestIdOf(request, id) }
    this.pinName = pins?.name ?? ''
    const brought = pins?.given ? pinIn(request.headers.cookie, pins.name) : undefined
    this.#isNew = pins?.given === true && brought === undefined
    this.pin = this.#isNew ? newPin() : brought
  }

  get clientHeader(): Proxies['by'] {
    return this.#proxies.by
  }

  /** For whom it asks, as far as that is believed. */
  get origin(): Origin {
    // Node puts what was sent more than once into one text, with commas.
    this.#origin ??= this.#proxies.origin(this.#request.headers as Said, this.#request.socket.remoteAddress)
    return this.#origin
  }

  /** What an answer needs besides its own headers, if it is a service's: names and values in turn. */
  headers(answer?: Head): readonly string[] {
    const { requestId: id } = this
    const pinning = answer ? this.#pinning(answer) : none
    if (!id) return pinning
    const own = [id.header.name, id.value]
    return pinning.length === 0 ? own : own.concat(pinning)
  }

  #pinning({ headers }: Head): readonly string[] {
    if (!this.#isNew || this.pin === undefined) return none
    const caching = { 'cache-control': headers.get('cache-control'), expires: headers.get('expires') }
    return pinHeaders(this.pinName, this.pin, caching, this.origin.proto === 'https')
  }

  /** As whom its failures are counted. */
  name(): string {
    return clientOf(this.#request.headers.cookie, this.pinName, this.origin)
  }
}
