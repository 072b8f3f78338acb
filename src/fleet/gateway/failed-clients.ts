import type { IncomingMessage } from 'node:http'
import { pinIn } from './pins.ts'

/** In which a client's failures count once. */
export const windowMs = 10_000
/** Clients that are told apart in one window; of those beyond them nothing is counted, so that memory is bounded. */
const clientsKept = 10_000
const longestName = 64

/** Counts clients that met a failure: each once in a window, however often it tries again. */
export interface FailedClients {
  /** @returns whether it is the client's first failure in the window that goes on */
  first(client: string, nowMs: number): boolean
}

export function createFailedClients(): FailedClients {
  const known = new Set<string>()
  let current = -1
  return {
    first(client, nowMs) {
      const window = Math.floor(nowMs / windowMs)
      if (window !== current) known.clear()
      current = window
      if (known.has(client) || known.size >= clientsKept) return false
      known.add(client)
      return true
    },
  }
}

/** Loopback, and networks that no client comes from over the internet (RFC 1918, 4193, 6598), in IPv6's clothes too. */
const near =
  /^(?:::ffff:)?(?:127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)|^::1$|^f[cd]/

/**
 * Who asked, as far as failures are counted: by its pin when it brought one, else by its address. Where that is near,
 * it may be a load balancer's, which says at the end of X-Forwarded-For whom it speaks for; what stands before that,
 * anybody may have written. This tells retries from clients, not honest clients from others: whoever would forge the
 * address could as well drop its cookies.
 * @param pin name of the gateway's cookie
 */
export function clientOf({ headers, socket }: IncomingMessage, pin: string): string {
  const brought = pinIn(headers.cookie, pin)
  if (brought !== undefined) return brought
  const address = socket.remoteAddress ?? ''
  if (!near.test(address)) return address
  const chain = String(headers['x-forwarded-for'] ?? '')
  const last = chain.slice(chain.lastIndexOf(',') + 1).trim()
  return (last || address).slice(0, longestName)
}
