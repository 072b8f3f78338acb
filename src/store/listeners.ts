import type { Cursor } from './journal.ts'

type Listener = (newest: Cursor) => void

/** Those who want to hear of new events. */
export interface Listeners {
  watch(listener: Listener): () => void
  tell(newest: Cursor): void
}

/**
 * What is told is durable already, so a listener that throws must not make a write look as if it had failed: its
 * error is reported as nobody's, as an event target does.
 */
export function createListeners(): Listeners {
  const listeners = new Set<{ readonly hear: Listener }>()
  return {
    watch(hear) {
      const listener = { hear }
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    tell(newest) {
      for (const { hear } of [...listeners]) {
        try {
          hear(newest)
        } catch (error) {
          queueMicrotask(() => {
            throw error
          })
        }
      }
    },
  }
}
