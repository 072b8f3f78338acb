import type { Server as HttpServer } from 'node:http'
import { Server } from 'node:net'

/** How long an unused connection may wait for its next request, which then is answered with `Connection: close`. */
const idlePatienceMs = 60_000
const lookEveryMs = 20

/**
 * Stops accepting and nothing else. Node's `server.close()` would also close the idle connections, on one of which a
 * request may be on its way. Calls `ended` when no connection is left.
 */
export const stopAccepting = (front: HttpServer, ended: () => void): void => {
  Server.prototype.close.call(front, ended)
}

/** Another gateway took over: each connection ends with its next answer, unused ones after a minute. */
export function handOver(front: HttpServer): void {
  setTimeout(() => front.closeIdleConnections(), idlePatienceMs)
}

/** Nobody takes over: what is in flight is answered, then all connections end. */
export function windUp(front: HttpServer, inFlight: () => number, ended: () => void): void {
  const look = () => {
    if (inFlight() > 0) return
    clearInterval(timer)
    front.closeIdleConnections()
    setTimeout(ended, lookEveryMs)
  }
  const timer = setInterval(look, lookEveryMs)
}
