import { request } from 'node:http'
import type { Upstream, Watcher } from './routes.ts'

const everyHealthyMs = 1_000
const everyOtherMs = 100
const timeoutMs = 1_000
const failuresAllowed = 2

type Looked =
  | { readonly ok: true }
  | { readonly ok: false; readonly because: string; readonly refused: boolean }

/** Asks for the health path on a connection of its own; any 2xx is well. */
function look({ host, port, healthPath: path }: Upstream): Promise<Looked> {
  return new Promise((resolve) => {
    const asked = request({ host, port, path, agent: false }, (answer) => {
      clearTimeout(timer)
      answer.resume()
      answer.on('error', () => undefined)
      const status = answer.statusCode ?? 0
      const ok = status >= 200 && status < 300
      resolve(ok ? { ok } : { ok, because: `${path} answered ${status}`, refused: false })
    })
    const timer = setTimeout(() => asked.destroy(new Error(`${path} did not answer in time`)), timeoutMs)
    asked.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer)
      resolve({ ok: false, because: error.code ?? error.message, refused: error.code === 'ECONNREFUSED' })
    })
    asked.end()
  })
}

/** Takes in what a check found. Healthy after one success; not healthy after two failures, or when nobody listens. */
export function takeIn(upstream: Pick<Upstream, 'standing' | 'because' | 'failures'>, looked: Looked): void {
  if (looked.ok) {
    Object.assign(upstream, { standing: 'healthy', because: undefined, failures: 0 })
    return
  }
  upstream.failures++
  if (upstream.failures < failuresAllowed && upstream.standing !== 'unknown') return
  upstream.standing = looked.refused ? 'unreachable' : 'failing'
  upstream.because = looked.because
}

/** Checks upstreams as long as they are in the table. */
export interface HealthWatch extends Watcher {
  /** A request found nobody listening: no more requests until a check succeeds, which is tried soon. */
  unreachable(upstream: Upstream, because: string): void
}

/** @param becameHealthy called each time an upstream can take requests again */
export function createHealthWatch(becameHealthy: () => void): HealthWatch {
  const timers = new Map<Upstream, NodeJS.Timeout>()

  async function check(upstream: Upstream): Promise<void> {
    const before = upstream.standing
    takeIn(upstream, await look(upstream))
    if (upstream.standing === 'unreachable') upstream.connections.closeIdle()
    if (!timers.has(upstream)) return
    plan(upstream)
    if (before !== 'healthy' && upstream.standing === 'healthy') becameHealthy()
  }

  function plan(upstream: Upstream): void {
    clearTimeout(timers.get(upstream))
    const everyMs = upstream.standing === 'healthy' && upstream.failures === 0 ? everyHealthyMs : everyOtherMs
    timers.set(
      upstream,
      setTimeout(() => void check(upstream), everyMs),
    )
  }

  return {
    came(upstream) {
      timers.set(
        upstream,
        setTimeout(() => void check(upstream), 0),
      )
    },
    went(upstream) {
      clearTimeout(timers.get(upstream))
      timers.delete(upstream)
    },
    unreachable(upstream, because) {
      Object.assign(upstream, { standing: 'unreachable', because, failures: failuresAllowed })
      upstream.connections.closeIdle()
      if (timers.has(upstream)) plan(upstream)
    },
  }
}
