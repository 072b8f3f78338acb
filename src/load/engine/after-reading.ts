/**
 * Calls every so often, each time after what has come over the network was read: a thread that was held up finds its
 * timers first and its connections next, and would take an answer that waits to be read for one that never came.
 */
export function afterReading(everyMs: number, call: () => void): { stop(): void } {
  let soon: NodeJS.Immediate | undefined
  const timer = setInterval(() => {
    soon = setImmediate(call)
  }, everyMs)
  return {
    stop() {
      clearInterval(timer)
      if (soon) clearImmediate(soon)
    },
  }
}
