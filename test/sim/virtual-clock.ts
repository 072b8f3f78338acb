import type { Clock, Instant } from '../../src/kernel/index.ts'

export type VirtualClock = Clock & {
  /** Runs timers in order until `done`, or none is left, or the limit is reached. Time passes only here. */
  runUntil(done: () => boolean, limit: Instant): Promise<'done' | 'idle' | 'late'>
  /** Calls back once at that time. */
  at(when: Instant, call: () => void): void
}

type Timer = { readonly at: Instant; readonly call: () => void }

/** Lets everything that waits for promises alone go on until it waits for time. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Time that passes when everybody waits for it: a simulated day takes milliseconds, and always the same way. */
export function createVirtualClock(start: Instant = Date.UTC(2026, 0, 1)): VirtualClock {
  let now = start
  const timers: Timer[] = []
  /** Behind all that are due before or with it. */
  function at(when: Instant, call: () => void): Timer {
    const timer = { at: when, call }
    let [from, to] = [0, timers.length]
    while (from < to) {
      const middle = (from + to) >> 1
      if ((timers[middle] as Timer).at <= when) from = middle + 1
      else to = middle
    }
    timers.splice(from, 0, timer)
    return timer
  }
  /** Nobody waits for it any more: time need not pass for it. */
  function drop(timer: Timer): void {
    const place = timers.indexOf(timer)
    if (place >= 0) timers.splice(place, 1)
  }
  return {
    now: () => now,
    elapsedMs: () => now - start,
    at: (when, call) => void at(when, call),
    until(when, signal) {
      return new Promise((resolve) => {
        if (signal?.aborted) return resolve()
        const timer = at(when, resolve)
        signal?.addEventListener(
          'abort',
          () => {
            drop(timer)
            resolve()
          },
          { once: true },
        )
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
