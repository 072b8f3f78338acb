import type { Clock, Instant } from '../kernel/index.ts'

/** Wakes one waiter: rung before the wait, it does not wait at all. */
export type Bell = {
  ring(): void
  /** Resolves when rung or at `until`; never, when neither comes. */
  heard(clock: Clock, until: Instant | undefined): Promise<void>
}

export function createBell(): Bell {
  let rung = false
  let wakeUp: (() => void) | undefined
  return {
    ring() {
      rung = true
      wakeUp?.()
    },
    async heard(clock, until) {
      if (!rung) {
        const quiet = new AbortController()
        const rings = new Promise<void>((resolve) => {
          wakeUp = resolve
        })
        await (until === undefined ? rings : Promise.race([rings, clock.until(until, quiet.signal)]))
        // A reason of one's own: the usual one is an error, with a stack that nobody reads.
        quiet.abort('heard')
        wakeUp = undefined
      }
      rung = false
    },
  }
}
