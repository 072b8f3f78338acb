import { randomBytes } from 'node:crypto'
import { seededRandom } from '../../kernel/random.ts'

/** How a gateway tells clients apart. */
export type Pins = {
  /** Of the cookie. */
  readonly name: string
  /** Whether clients are pinned now; if not, pins of an earlier time are only taken out of requests. */
  readonly given: boolean
}

/**
 * Cookies know no ports: environments and services on one host share a jar, so the name holds the whole name of the
 * environment. What a cookie's name may not hold is written as its code, and so is the sign that says so: two
 * environments never have the same name.
 */
export const pinName = (environment: string): string =>
  `plimsoll-pin-${environment.replace(/[^A-Za-z0-9_.-]/gu, (char) => `~${char.codePointAt(0)?.toString(16)}~`)}`

const form = /^[\w-]{12}$/

/** 72 bits of chance in 12 characters. */
export const newPin = (): string => randomBytes(9).toString('base64url')

const isPin = (cookie: string, name: string): boolean =>
  cookie.startsWith(name) && (cookie.length === name.length || cookie[name.length] === '=')

/** @returns undefined when there is none that is well formed; of several the first counts, as with most services */
export function pinIn(cookies: string | undefined, name: string): string | undefined {
  if (!cookies?.includes(name)) return undefined
  for (const part of cookies.split(';')) {
    const cookie = part.trim()
    const value = cookie.slice(name.length + 1)
    if (isPin(cookie, name) && form.test(value)) return value
  }
  return undefined
}

/** The value of a Cookie header without our own, well formed or not; the others stay as they were, byte by byte. */
export function withoutPin(cookies: string, name: string): string {
  if (!cookies.includes(name)) return cookies
  return cookies
    .split(';')
    .filter((part) => !isPin(part.trim(), name))
    .join(';')
    .trimStart()
}

/**
 * Where a client stands in [0, 1): the same for the same pin as long as `newest` is the newest fleet, and another with
 * the next one, or the same clients would always be the first to meet what is new.
 */
export function placeOf(pin: string, newest: string): number {
  return seededRandom(0).fork(`${pin} ${newest}`).next()
}

/** Headers of an answer that tell caches what to do. */
type Caching = { readonly 'cache-control'?: string | undefined; readonly expires?: string | undefined }

/** What an answer says of caches: `none` may keep it, only the client's (`private`), all (`shared`); else `unsaid`. */
function keptBy(headers: Caching): 'none' | 'private' | 'shared' | 'unsaid' {
  const said = (headers['cache-control'] ?? '').toLowerCase()
  if (/(?:^|[\s,])no-store(?:$|[\s,])/.test(said)) return 'none'
  if (/(?:^|[\s,])private(?:$|[\s,])/.test(said)) return 'private'
  if (/public|s-maxage|max-age=["']?0*[1-9]/.test(said) || headers.expires !== undefined) return 'shared'
  return 'unsaid'
}

/**
 * Headers, names and values in turn, that give a client its pin with this answer. A cache must never hand one client's
 * pin to others: what is meant for shared caches carries none (its client gets it with another answer), and what says
 * nothing of caches is made private.
 */
export function pinHeaders(name: string, pin: string, answer: Caching, isSecure: boolean): string[] {
  const kept = keptBy(answer)
  if (kept === 'shared') return []
  // Of this session only: it tells nobody apart beyond it, and a client that comes anew may be split anew.
  const cookie = `${name}=${pin}; Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`
  return ['Set-Cookie', cookie, ...(kept === 'unsaid' ? ['Cache-Control', 'private'] : [])]
}
