import { isIP } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { Problem } from '../../kernel/index.ts'

/** The page is anybody's; what it shows, and what monitoring systems read, is not. */
const isGuarded = (route: string): boolean => route.startsWith('/api/') || route === '/metrics'

const reads = new Set(['GET', 'HEAD', 'OPTIONS'])

/** What of a request decides whether it needs a token. */
export type Asked = {
  readonly method: string
  /** The address as sent, which spells a route in many ways: `/%61pi/`, `http://any/api/`. */
  readonly url: string
  /** The route that was found for it; undefined when there is none. */
  readonly route: string | undefined
  /** The `Host` header. */
  readonly host: string | undefined
}

/**
 * Whether it goes to this machine by the loopback's own name or number. A page of anybody's whose name was made to lead
 * here (DNS rebinding) calls us by that name, and so does a proxy that brings strangers.
 */
export function namesLoopback(host: string | undefined): boolean {
  if (host === undefined) return true // HTTP/1.0: no browser
  const name = host.replace(/:\d*$/, '').toLowerCase()
  if (name === 'localhost' || name.endsWith('.localhost') || name === '[::1]') return true
  return isIP(name) === 4 && name.startsWith('127.')
}

/** Everything guarded needs a token, but reads on loopback: those are free for whoever calls us by its name. */
export function needsToken({ method, url, route, host }: Asked, onLoopback: boolean): boolean {
  if (!isGuarded(route ?? url)) return false
  return !(onLoopback && reads.has(method) && namesLoopback(host))
}

/** What whoever calls us by another name has to know; nothing where a token is needed anyway. */
export const whyNotFree = (host: string | undefined, onLoopback: boolean): Problem[] =>
  onLoopback && !namesLoopback(host)
    ? [{ text: `reads are free only as 127.0.0.1 or localhost; this was asked as ${host}` }]
    : []

/** Nobody puts the page into a frame and has it pressed; nothing but its own files runs in it. */
const headers = {
  'content-security-policy':
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}

/** Says with every answer what a browser may do with it. */
export function guardBrowsers(app: FastifyInstance): void {
  app.addHook('onRequest', async (_request, reply) => void reply.headers(headers))
}
