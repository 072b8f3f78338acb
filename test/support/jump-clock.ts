import type { Instant } from '../../src/kernel/index.ts'
import type { VirtualClock } from '../sim/virtual-clock.ts'

const lookMs = 5

/** The time of this machine, moved to another day, which can be moved on: for what waits for hours beside real sockets. */
export function createJumpClock(start: Instant): VirtualClock & { jump(ms: number): void } {
  const began = Date.now()
  let jumped = 0
  const waiting = new Set<() => void>()
  const now = (): Instant => start + Date.now() - began + jumped
  const until: VirtualClock['until'] = (when, signal) =>
    new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer)
        waiting.delete(look)
        signal?.removeEventListener('abort', end)
        resolve()
      }
      let timer: NodeJS.Timeout | undefined
      const look = () => {
        clearTimeout(timer)
        const left = when - now()
        if (left <= 0 || signal?.aborted) return end()
        timer = setTimeout(look, Math.min(left, 2 ** 30))
      }
      waiting.add(look)
      signal?.addEventListener('abort', end, { once: true })
      look()
    })
  return {
    now,
    elapsedMs: () => now() - start,
    until,
    at: (when, call) => void until(when).then(call),
    jump(ms) {
      jumped += ms
      for (const look of [...waiting]) look()
    },
    async runUntil(done, limit) {
      while (!done()) {
        if (now() > limit) return 'late'
        await new Promise((resolve) => setTimeout(resolve, lookMs))
      }
      return 'done'
    },
  }
}
