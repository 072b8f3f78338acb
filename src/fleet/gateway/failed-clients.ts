import type { Origin } from './forwarding.ts'
import { pinIn } from './pins.ts'

/** In which a client's failures count once. */
export const windowMs = 10_000
/** Clients that are told apart in one window; of those beyond them nothing is counted, so that memory is bounded. */
const clientsKept = 10_000

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

/**
 * Who asked, as far as failures are counted: by its pin when it brought one, else by its address, as far as that is
 * believed. This tells retries from clients, not honest clients from others: whoever would seem to be many could as well
 * drop its cookies.
 * @param pin name of the gateway's cookie
 */
export const clientOf = (cookies: string | undefined, pin: string, { hops }: Origin): string =>
  pinIn(cookies, pin) ?? hops[0] ?? ''
