import { type Answer, RequestFailed, type RequestOptions } from '../scenario.ts'
import { decodeBody, encodeBody } from './body.ts'
import type { Client, RawAnswer } from './client.ts'
import { CookieJar } from './cookies.ts'
import type { Origin } from './origin.ts'
import { headOf } from './request-bytes.ts'
import type { Tally } from './tally.ts'

const mostRedirects = 10
const redirects = new Set([301, 302, 303, 307, 308])

/** The path without its query, with what differs from request to request left out: under this they are counted. */
const plainPath = (path: string): string => path.replace(/[?#].*$/, '').replace(/\/[^/]*\d[^/]*/g, '/:id')

class ReadAnswer implements Answer {
  readonly status: number
  readonly headers: ReadonlyMap<string, string>
  readonly body: Buffer
  readonly responseMs: number

  constructor({ status, headers, body, responseMs }: RawAnswer) {
    this.status = status
    this.headers = headers
    this.body = decodeBody(body, headers.get('content-encoding'))
    this.responseMs = responseMs
  }

  text(): string {
    return this.body.toString('utf8')
  }

  json<T>(): T {
    return JSON.parse(this.text()) as T
  }
}

/** Where a request goes. */
type Place = {
  readonly origin: Origin
  readonly path: string
  readonly secure: boolean
  readonly href: string
}

/** What one user sends: its cookies, redirects, names. */
export class Session {
  readonly #client: Client
  readonly #tally: Tally
  readonly #base: URL | undefined
  readonly #keepAlive: boolean
  readonly #cookies = new CookieJar()
  /** Of the next request, when it was not asked for just now. */
  intended: number | undefined
  /** Before the names of requests. */
  prefix = ''

  constructor(client: Client, tally: Tally, base: URL | undefined, keepAlive: boolean) {
    this.#client = client
    this.#tally = tally
    this.#base = base
    this.#keepAlive = keepAlive
  }

  async request(method: string, url: string, options: RequestOptions = {}): Promise<Answer> {
    const intended = this.intended ?? performance.now()
    this.intended = undefined
    const name = this.prefix + (options.name ?? `${method} ${plainPath(this.#pathOf(url))}`)
    const body = await encodeBody(options.body)
    let place = await this.#place(url)
    let [verb, payload, at] = [method, body, intended]
    for (let hops = 0; ; hops++) {
      const answer = await this.#send(verb, place, payload, options, name, at)
      const location = answer.headers.get('location')
      if (options.follow === false || location === undefined || !redirects.has(answer.status))
        return new ReadAnswer(answer)
      if (hops === mostRedirects) throw new RequestFailed(`more than ${mostRedirects} redirects`)
      place = await this.#place(new URL(location, place.href).href)
      if (answer.status === 303 || (answer.status < 303 && verb === 'POST'))
        [verb, payload] = [verb === 'HEAD' ? 'HEAD' : 'GET', undefined]
      at = performance.now()
    }
  }

  #pathOf = (url: string): string => (url.startsWith('/') ? url : new URL(url, this.#base).pathname)

  async #place(url: string): Promise<Place> {
    const whole = this.#base ? new URL(url, this.#base) : new URL(url)
    const origin = await this.#client.origin(whole)
    return { origin, path: whole.pathname + whole.search, secure: origin.secure, href: whole.href }
  }

  async #send(
    method: string,
    { origin, path, secure }: Place,
    body: Awaited<ReturnType<typeof encodeBody>>,
    options: RequestOptions,
    name: string,
    intended: number,
  ): Promise<RawAnswer> {
    const cookie = this.#cookies.of(origin.host, path, secure)
    const headers: [string, string][] = [
      ...Object.entries(options.headers ?? {}),
      ...(cookie === undefined ? [] : [['cookie', cookie] as [string, string]]),
    ]
    const saysType = headers.some(([header]) => header.toLowerCase() === 'content-type')
    if (body?.type && !saysType) headers.push(['content-type', body.type])
    const head = headOf(method, origin.authority, path, headers, body?.bytes.length, this.#keepAlive)
    const bytes = body ? Buffer.concat([head, body.bytes]) : head
    const answer = await this.#client.ask(
      origin,
      bytes,
      method === 'HEAD',
      intended,
      this.#tally.of(name),
      options.expect,
    )
    if (answer.setCookies.length > 0) this.#cookies.take(origin.host, answer.setCookies)
    return answer
  }
}
