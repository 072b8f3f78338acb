import type { Answer, RequestOptions } from '../scenario.ts'
import { encodeBody } from './body.ts'
import type { Client } from './client.ts'
import { CookieJar } from './cookies.ts'
import type { KnownRequests } from './known-requests.ts'
import type { ReceivedAnswer } from './received-answer.ts'
import { follow, locationOf, Misdirected, type Place, redirected, type Sent } from './redirect.ts'
import { headOf } from './request-bytes.ts'
import type { NameTally, Tally } from './tally.ts'

const mostRedirects = 10
const noOptions: RequestOptions = {}

/** What one user sends: its cookies, redirects, names. */
export class Session {
  readonly #client: Client
  readonly #tally: Tally
  readonly #known: KnownRequests
  /** Most users are never told any. */
  #cookies: CookieJar | undefined
  /** Of the next request, when it was not asked for just now. */
  intended: number | undefined
  /** Before the names of requests. */
  prefix = ''
  /** So many answers has this user had. */
  answers = 0

  constructor(client: Client, tally: Tally, known: KnownRequests) {
    this.#client = client
    this.#tally = tally
    this.#known = known
  }

  /** The common case needs one promise beside its own, and no bytes that were not there before. */
  async request(method: string, url: string, options = noOptions): Promise<Answer> {
    const now = performance.now()
    const { prefix, intended = now } = this
    this.intended = undefined
    const known = this.#known.find(method, url)
    if (!known || !this.#isPlain(options))
      return await this.#requestInFull(method, url, options, prefix, intended)
    const { place, bytes } = known
    const name = this.#tally.of(prefix + (options.name ?? known.name))
    const isHead = method === 'HEAD'
    const question = { origin: place.origin, bytes, isHead, intended, name, expect: options.expect }
    const answer = await this.#client.ask(question, now)
    this.#hear(answer, place)
    if (locationOf(answer, options) === undefined) return answer
    return await this.#follow({ method, place, body: undefined, options }, answer, name)
  }

  /** Whether nothing is said with the request beside its method and address. */
  #isPlain({ body, headers }: RequestOptions): boolean {
    return (body === undefined || body === null) && headers === undefined && this.#cookies === undefined
  }

  async #requestInFull(
    method: string,
    url: string,
    options: RequestOptions,
    prefix: string,
    intended: number,
  ): Promise<Answer> {
    const body = await encodeBody(options.body)
    const known = this.#known.find(method, url) ?? (await this.#known.learn(method, url))
    const name = this.#tally.of(prefix + (options.name ?? known.name))
    const sent: Sent = { method, place: known.place, body, options }
    return await this.#follow(sent, await this.#send(sent, name, intended), name)
  }

  /** Goes where the answer leads to, and so on. @returns the first that leads nowhere */
  async #follow(first: Sent, firstAnswer: ReceivedAnswer, name: NameTally): Promise<Answer> {
    let [sent, answer] = [first, firstAnswer]
    for (let hops = 0; ; hops++) {
      const location = locationOf(answer, sent.options)
      if (location === undefined) return answer
      if (hops === mostRedirects) throw new Misdirected(`more than ${mostRedirects} redirects`)
      const place = await this.#known.place(follow(location, sent.place.href))
      sent = redirected(sent, answer.status, place)
      answer = await this.#send(sent, name, performance.now())
    }
  }

  async #send(sent: Sent, name: NameTally, intended: number): Promise<ReceivedAnswer> {
    const { method, place, options } = sent
    const bytes = this.#bytesOf(sent)
    const isHead = method === 'HEAD'
    const question = { origin: place.origin, bytes, isHead, intended, name, expect: options.expect }
    const answer = await this.#client.ask(question, performance.now())
    this.#hear(answer, place)
    return answer
  }

  #bytesOf({ method, place, body, options }: Sent): Buffer {
    const { origin, path, secure } = place
    const headers = Object.entries(options.headers ?? {})
    const cookie = this.#cookies?.of(origin.host, path, secure)
    if (cookie !== undefined) headers.push(['cookie', cookie])
    const saysType = headers.some(([header]) => header.toLowerCase() === 'content-type')
    if (body?.type && !saysType) headers.push(['content-type', body.type])
    const head = headOf(method, origin.authority, path, headers, body?.bytes.length, this.#known.keepAlive)
    return body ? Buffer.concat([head, body.bytes]) : head
  }

  #hear(answer: ReceivedAnswer, { origin, path }: Place): void {
    this.answers++
    const { setCookies } = answer
    if (setCookies.length === 0) return
    this.#cookies ??= new CookieJar()
    this.#cookies.take(origin.host, path, setCookies)
  }
}
