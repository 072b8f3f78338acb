import type { Client } from './client.ts'
import type { Place } from './redirect.ts'
import { headOf } from './request-bytes.ts'

/** So many addresses are remembered; scenarios that make up ever new ones are not to use up the memory. */
const mostAddresses = 1_000

/** The path without its query, with what differs from request to request left out: under this they are counted. */
export const plainPath = (path: string): string =>
  path.replace(/[?#].*$/, '').replace(/\/[^/]*\d[^/]*/g, '/:id')

/** A method and an address, understood once and asked for often. */
export class KnownRequest {
  readonly method: string
  readonly place: Place
  /** Under this it is counted, when nothing else is said. */
  readonly name: string
  readonly #keepAlive: boolean
  #bytes: Buffer | undefined

  constructor(method: string, place: Place, name: string, keepAlive: boolean) {
    this.method = method
    this.place = place
    this.name = name
    this.#keepAlive = keepAlive
  }

  /** Of a request that has no headers and no body of its own. @throws PLM_LOAD_REQUEST when it would not be one */
  get bytes(): Buffer {
    const { origin, path } = this.place
    this.#bytes ??= headOf(this.method, origin.authority, path, [], undefined, this.#keepAlive)
    return this.#bytes
  }
}

/** The requests of all users of a worker, by method and address as scenarios write them. */
export class KnownRequests {
  readonly #client: Client
  readonly #base: URL | undefined
  readonly keepAlive: boolean
  readonly #byMethod = new Map<string, Map<string, KnownRequest>>()
  #size = 0

  constructor(client: Client, base: URL | undefined, keepAlive: boolean) {
    this.#client = client
    this.#base = base
    this.keepAlive = keepAlive
  }

  find(method: string, url: string): KnownRequest | undefined {
    return this.#byMethod.get(method)?.get(url)
  }

  /** @throws TypeError when the URL is none, PLM_LOAD_TARGET when its name has no address */
  async learn(method: string, url: string): Promise<KnownRequest> {
    const path = url.startsWith('/') ? url : new URL(url, this.#base).pathname
    const place = await this.place(url)
    const request = new KnownRequest(method, place, `${method} ${plainPath(path)}`, this.keepAlive)
    this.#keep(url, request)
    return request
  }

  async place(url: string): Promise<Place> {
    const whole = this.#base ? new URL(url, this.#base) : new URL(url)
    const origin = await this.#client.origin(whole)
    return { origin, path: whole.pathname + whole.search, secure: origin.secure, href: whole.href }
  }

  #keep(url: string, request: KnownRequest): void {
    // Whatever is asked for often will soon be known again.
    if (this.#size >= mostAddresses) {
      this.#byMethod.clear()
      this.#size = 0
    }
    const byUrl = this.#byMethod.get(request.method) ?? new Map<string, KnownRequest>()
    this.#byMethod.set(request.method, byUrl)
    if (!byUrl.has(url)) this.#size++
    byUrl.set(url, request)
  }
}
