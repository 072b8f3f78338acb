import { createQueue } from './queue.ts'

/** Users who think, each for the same time, before they ask again. */
export type Thinkers = {
  /** One more begins to think. @param now milliseconds of `performance.now()` */
  think(now: number): void
  /** Nobody thinks any more. */
  stop(): void
}

/**
 * Who thinks for as long as the others is done in the order of coming: one timer is enough for all, where one for each
 * would live just long enough to be costly garbage.
 * @param done called for each that has thought, never before its time
 */
export function thinkers(thinkMs: number, done: () => void): Thinkers {
  const until = createQueue<number>()
  let timer: NodeJS.Timeout | undefined

  function wake(): void {
    timer = undefined
    const now = performance.now()
    // Those who begin to think meanwhile are done later: the loop comes to its end.
    for (let at = until.first(); at !== undefined && at <= now; at = until.first()) {
      until.shift()
      done()
    }
    arm()
  }

  function arm(): void {
    const at = until.first()
    if (timer === undefined && at !== undefined) timer = setTimeout(wake, Math.ceil(at - performance.now()))
  }

  return {
    think(now) {
      until.push(now + thinkMs)
      arm()
    },
    stop() {
      clearTimeout(timer)
      while (until.size > 0) until.shift()
    },
  }
}
