/** At most so many sends a turn, so that reading what came back is not kept waiting. */
const mostSends = 64
/** A gap longer than this is slept through; timers are late by up to a millisecond. */
const sleepOverMs = 2

/**
 * Calls `fire` for each time of a schedule as it comes due: sleeps through long gaps, spins through short ones.
 * @param next the times, in milliseconds of `performance.now()`, ascending; Infinity once there are no more
 * @param busy told how long each turn was at work
 * @param over called once, after the last
 */
export function keepTime(
  next: () => number,
  fire: (intended: number, now: number) => void,
  busy: (ms: number) => void,
  over: () => void,
): { stop(): void } {
  let due = next()
  let stopped = false
  let ended = false

  function turn(): void {
    if (stopped) return
    const now = performance.now()
    let sends = 0
    for (; due <= now && sends < mostSends; sends++) {
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
