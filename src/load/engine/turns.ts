/** At most so many sends a turn, so that reading what came back is not kept waiting. */
const mostSends = 64
/** A gap longer than this is slept through; timers are late by up to a millisecond. */
const sleepOverMs = 2
/** A generator that is so late when its time is over has no hope of sending the rest. */
export const latestMs = 5_000

/** What becomes of a schedule; times are in milliseconds of `performance.now()`. */
export type TimeKeeper = {
  /** The times, ascending; Infinity once there are no more. */
  readonly next: () => number
  readonly fire: (intended: number, now: number) => void
  /** From here on nothing is fired any more: what is left was never sent. */
  readonly until: number
  readonly drop: (intended: number) => void
  /** Told how long each turn was at work. */
  readonly busy: (ms: number) => void
  /** Called once, after the last. */
  readonly over: () => void
}

/** Calls `fire` for each time of a schedule as it comes due: sleeps through long gaps, spins through short ones. */
export function keepTime({ next, fire, until, drop, busy, over }: TimeKeeper): { stop(): void } {
  let due = next()
  let stopped = false
  let ended = false

  function turn(): void {
    if (stopped) return
    const now = performance.now()
    for (; now > until && due < Number.POSITIVE_INFINITY; due = next()) drop(due)
    let sends = 0
    for (; due <= now && sends < mostSends && !stopped; sends++) {
      fire(due, now)
      due = next()
    }
    if (sends > 0) busy(performance.now() - now)
    if (due === Number.POSITIVE_INFINITY) {
      ended = true
      over()
      return
    }
    const gapMs = due - now
    if (gapMs > sleepOverMs) setTimeout(turn, Math.floor(gapMs - 1))
    else setImmediate(turn)
  }
  turn()
  return {
    stop() {
      stopped = true
      if (!ended) over()
      ended = true
    },
  }
}

/** Calls `work` at a moment of `performance.now()`, never before it: a timer may be early by a millisecond and more. */
export function runAt(moment: number, work: () => void): void {
  const leftMs = moment - performance.now()
  if (leftMs <= 0) work()
  else setTimeout(() => runAt(moment, work), Math.ceil(leftMs))
}
