import { constants } from 'node:os'

/** Somebody wants this process to end. */
export class Interrupted extends Error {
  /** As a shell says it: 128 and the number of the signal. */
  readonly exit: number

  constructor(signal: 'SIGINT' | 'SIGTERM') {
    super(`interrupted by ${signal}`)
    this.exit = 128 + constants.signals[signal]
  }
}

/**
 * Rejects with `Interrupted` at the first SIGINT or SIGTERM, so that what was made can be taken away; the second one ends
 * this process at once.
 */
export function interruption(): Promise<never> {
  const interrupted = new Promise<never>((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => reject(new Interrupted(signal)))
  })
  // It may come while nobody waits for it.
  interrupted.catch(() => {})
  return interrupted
}
