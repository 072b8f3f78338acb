import { PerformanceObserver } from 'node:perf_hooks'
import { type MessagePort, parentPort } from 'node:worker_threads'
// A thread imports the kernel's files one by one: the index brings a validator, a third of the time in which it begins.
import { PlimsollError } from '../../kernel/errors.ts'
import type { Told, ToThread } from './thread.ts'

/** The thread's side of what it tells and hears. */
export const port = parentPort as MessagePort

/** Resolves with the first message of a kind, whenever that comes. */
export const heard = <K extends ToThread['is']>(is: K): Promise<ToThread & { is: K }> =>
  new Promise((resolve) => {
    const listener = (message: ToThread) => {
      if (message.is !== is) return
      port.off('message', listener)
      resolve(message as ToThread & { is: K })
    }
    port.on('message', listener)
  })

/** Tells an error of the table, with its code, and ends the thread. Any other is thrown on: it is a fault of our own. */
export function tellFailure(error: unknown): never {
  if (!(error instanceof PlimsollError)) throw error
  port.postMessage({ is: 'failed', code: error.code, problems: error.problems } satisfies Told)
  process.exit()
}

/** How much of this thread's time garbage collection takes from now on. */
export function watchGc(): { readonly gcMs: () => number; readonly longestGcMs: () => number } {
  let [all, longest] = [0, 0]
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      all += duration
      longest = Math.max(longest, duration)
    }
  })
  observer.observe({ entryTypes: ['gc'] })
  return { gcMs: () => all, longestGcMs: () => longest }
}
