import { RequestFailed, type RequestOptions } from '../scenario.ts'
import type { Encoded } from './body.ts'
import type { Origin } from './origin.ts'
import type { ReceivedAnswer } from './received-answer.ts'

/** Where a request goes. */
export type Place = {
  readonly origin: Origin
  readonly path: string
  readonly secure: boolean
  readonly href: string
}

/** A request, as it is sent to one place. */
export type Sent = {
  readonly method: string
  readonly place: Place
  readonly body: Encoded | undefined
  readonly options: RequestOptions
}

const redirects = new Set([301, 302, 303, 307, 308])

/** The answers were complete, and led nowhere: it is told as an error of the scenario, since no request failed. */
export class Misdirected extends RequestFailed {}

/** What is for one host is not told to another that it redirects to. */
const secret = new Set(['authorization', 'cookie', 'proxy-authorization'])
/** Says what the body is. */
const ofBody = new Set(['content-type', 'content-encoding', 'content-language'])

const without = (options: RequestOptions, left: ReadonlySet<string>): RequestOptions => ({
  ...options,
  headers: Object.fromEntries(
    Object.entries(options.headers ?? {}).filter(([name]) => !left.has(name.toLowerCase())),
  ),
})

/** Where a redirect leads to. @throws Misdirected when that is no address of HTTP */
export function follow(location: string, from: string): string {
  const to = URL.canParse(location, from) ? new URL(location, from) : undefined
  if (to?.protocol === 'http:' || to?.protocol === 'https:') return to.href
  throw new Misdirected(`a redirect to ${location}, which is no address of HTTP`)
}

/** Undefined: the answer is no redirect, or it is not to be followed. */
export const locationOf = (answer: ReceivedAnswer, { follow }: RequestOptions): string | undefined =>
  redirects.has(answer.status) && follow !== false ? answer.headers.get('location') : undefined

/** The request that follows a redirect: 303 asks for something else, and so do 301 and 302 after a POST. */
export function redirected({ method, place, body, options }: Sent, status: number, to: Place): Sent {
  const kept = to.origin === place.origin ? options : without(options, secret)
  const isOther = status === 303 || (status < 303 && method === 'POST')
  if (!isOther) return { method, place: to, body, options: kept }
  const other = method === 'HEAD' ? 'HEAD' : 'GET'
  return { method: other, place: to, body: undefined, options: without(kept, ofBody) }
}
