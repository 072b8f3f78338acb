import type { Key } from './ids.ts'
import type { Json } from './json.ts'

/** Grows each time a lease changes hands; whoever comes with an older one is refused. */
export type Fence = number

/**
 * Something to be done in the world, decided and stored together with the state that wants it.
 * It is done at least once and may be done again after a crash: whatever does it must be idempotent by `key`.
 */
export type Effect = { readonly kind: string; readonly key: Key; readonly spec: Json }

/** What became of a job. `lost`: it began, but nobody can say how it ended. */
export type Found<R> = 'absent' | 'running' | 'lost' | { readonly ended: R }

/** Effects that end: a step, a task. */
export interface Job<S, R> {
  /** Starts it, or does nothing when `key` was started before. Returns once the start is durable. */
  start(key: Key, spec: S): Promise<void>
  find(key: Key): Promise<Found<R>>
  /** Asks it to end, and ends it by force after the grace. Nothing when it is absent or has ended. */
  cancel(key: Key, graceMs: number): Promise<void>
}

/** Effects that hold: a fleet of instances, the weights of a gateway. The last one applied is the one wanted. */
export interface Desired<W, O> {
  apply(key: Key, want: W, fence: Fence): Promise<void>
  observe(key: Key): Promise<O>
}
