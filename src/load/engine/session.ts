import type { Answer, RequestOptions } from '../scenario.ts'
import { decodeBody, encodeBody } from './body.ts'
import type { Client, RawAnswer } from './client.ts'
import { CookieJar } from './cookies.ts'
import { follow, locationOf, Misdirected, type Place, redirected, type Sent } from './redirect.ts'
import { headOf } from './request-bytes.ts'
import type { Tally } from './tally.ts'

const mostRedirects = 10

/** The path without its query, with what differs from request to request left out: under this they are counted. */
const plainPath = (path: string): string => path.replace(/[?#].*$/, '').replace(/\/[^/]*\d[^/]*/g, '/:id')

class ReadAnswer implements Answer {
  readonly status: number
  readonly headers: ReadonlyMap<string, string>
  readonly responseMs: number
  readonly #raw: Buffer
  #body: Buffer | undefined

  constructor({ status, headers, body, responseMs }: RawAnswer) {
    this.status = status
    this.headers = headers
    this.responseMs = responseMs
    this.#raw = body
  }

  /** Decoded when it is asked for: most bodies never are. */
  get body(): Buffer {
    this.#body ??= decodeBody(this.#raw, this.headers.get('content-encoding'))
    return this.#body
  }

  text(): string {
    return this.body.toString('utf8')
  }

  json<T>(): T {
    return JSON.parse(this.text()) as T
  }
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
    let intended = this.intended ?? performance.now()
    this.intended = undefined
    const name = this.prefix + (options.name ?? `${method} ${plainPath(this.#pathOf(url))}`)
    const body = await encodeBody(options.body)
    let sent: Sent = { method, place: await this.#place(url), body, options }
    for (let hops = 0; ; hops++) {
      const answer = await this.#send(sent, name, intended)
      const location = locationOf(answer, options)
      if (location === undefined) return new ReadAnswer(answer)
      if (hops === mostRedirects) throw new Misdirected(`more than ${mostRedirects} redirects`)
      sent = redirected(sent, answer.status, await this.#place(follow(location, sent.place.href)))
      intended = performance.now()
    }
  }

  #pathOf = (url: string): string => (url.startsWith('/') ? url : new URL(url, this.#base).pathname)

  async #place(url: string): Promise<Place> {
    const whole = this.#base ? new URL(url, this.#base) : new URL(url)
    const origin = await this.#client.origin(whole)
    return { origin, path: whole.pathname + whole.search, secure: origin.secure, href: whole.href }
  }

  async #send({ method, place, body, options }: Sent, name: string, intended: number): Promise<RawAnswer> {
    const { origin, path, secure } = place
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
    if (answer.setCookies.length > 0) this.#cookies.take(origin.host, path, answer.setCookies)
    return answer
  }
}
