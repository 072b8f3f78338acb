import type { Clock, Instant } from '../../src/kernel/index.ts'

export type VirtualClock = Clock & {
  /** Runs timers in order until `done`, or none is left, or the limit is reached. Time passes only here. */
  runUntil(done: () => boolean, limit: Instant): Promise<'done' | 'idle' | 'late'>
  /** Calls back once at that time. */
  at(when: Instant, call: () => void): void
}

/** Lets everything that waits for promises alone go on until it waits for time. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Time that passes when everybody waits for it: a simulated day takes milliseconds, and always the same way. */
export function createVirtualClock(start: Instant = Date.UTC(2026, 0, 1)): VirtualClock {
  let now = start
  let order = 0
  const timers: { at: Instant; order: number; call: () => void }[] = []
  const at = (when: Instant, call: () => void) => {
    timers.push({ at: when, order: order++, call })
    timers.sort((a, b) => a.at - b.at || a.order - b.order)
  }
  return {
    now: () => now,
    elapsedMs: () => now - start,
    at,
    until(when, signal) {
      return new Promise((resolve) => {
        if (signal?.aborted) return resolve()
        signal?.addEventListener('abort', () => resolve(), { once: true })
        at(when, resolve)
      })
    },
    async runUntil(done, limit) {
      for (;;) {
        await settle()
        if (done()) return 'done'
        const next = timers.shift()
        if (!next) return 'idle'
        if (next.at > limit) return 'late'
        now = Math.max(now, next.at)
        next.call()
      }
    },
  }
}
