/** A point in time: milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number

/**
 * The only way to know or wait for the time. Deciding code never sees a clock: it takes `now` as an argument.
 */
export interface Clock {
  /** Wall time, in milliseconds since the epoch. May jump. */
  now(): Instant
  /** Monotonic time in milliseconds from an arbitrary start; for durations. */
  elapsedMs(): number
  /** Resolves at `at`, or as soon as `signal` aborts (never rejects). */
  until(at: Instant, signal?: AbortSignal): Promise<void>
}
