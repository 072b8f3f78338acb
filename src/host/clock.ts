import type { Clock } from '../kernel/index.ts'

/** Longest delay that a timer of Node's can hold. */
const longestTimerMs = 2 ** 31 - 1

/** The machine's clock. */
export const realClock: Clock = {
  now: () => Date.now(),
  elapsedMs: () => performance.now(),
  until: (at, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve()
      const done = () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', done)
        resolve()
      }
      const timer = setTimeout(done, Math.min(longestTimerMs, Math.max(0, at - Date.now())))
      signal?.addEventListener('abort', done, { once: true })
    }),
}
