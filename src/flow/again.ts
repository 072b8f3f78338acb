import type { Clock } from '../kernel/index.ts'

/** What goes on again and again until it is stopped. */
export type Again = { stop(): Promise<void> }

/** Whoever is stopped waits for the round it is in, but not for a store that does not answer. */
const stopsWithinMs = 2_000

/**
 * Does something now, and again so long after each end of it.
 * @param round fails without harm to the next one; stops early when the signal says so
 */
export function again(
  clock: Clock,
  everyMs: number,
  round: (stopped: AbortSignal) => Promise<void>,
  onTrouble: (error: unknown) => void,
): Again {
  const stopped = new AbortController()
  async function loop(): Promise<void> {
    while (!stopped.signal.aborted) {
      await round(stopped.signal).catch(onTrouble)
      await clock.until(clock.now() + everyMs, stopped.signal)
    }
  }
  const running = loop()
  return {
    async stop() {
      stopped.abort()
      await Promise.race([running, clock.until(clock.now() + stopsWithinMs)])
    },
  }
}
