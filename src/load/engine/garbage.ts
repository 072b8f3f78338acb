import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

let isCollected = false

/**
 * Collects, once, the garbage of what was read and compiled at the start: this thread does little while a load goes on, and
 * would keep that room, some 12 MB, to the end.
 */
export function collectOnce(): void {
  if (isCollected) return
  isCollected = true
  collect()
}

let known: unknown

/** Frees at once, in this thread, what nobody uses any more; takes about a millisecond for each megabyte that is used. */
export function collect(): void {
  if (known === undefined) {
    setFlagsFromString('--expose-gc')
    // Only a context that is made now has what the flag brings.
    known = runInNewContext('gc')
  }
  if (typeof known === 'function') known()
}
