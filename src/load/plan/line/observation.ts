/** One second of a step. Scheduled and bad count by the intended time, answered by the end. */
export type LineSecond = {
  readonly scheduled: number
  readonly bad: number
  readonly answered: number
  readonly cpuMicrosPerRequest?: number
  /** At the end of the second. */
  readonly inFlight: number
  /** Natural logarithm of the median response time in milliseconds. */
  readonly logP50: number
}

/** What others did to the machine during a step. */
export type MachineNoise = {
  /** Of the time of all cores, 0 … 1, what other virtual machines took. */
  readonly stealShare: number
  /**
   * Of the time, 0 … 1, something waited for a core (Linux's pressure stall information); null where that is not known.
   * The test itself makes it, so that it voids nothing.
   */
  readonly cpuPressureShare: number | null
  /** By so much the clock of the wall went ahead of the one that only goes on: it was set, or the machine stood still. */
  readonly clockStepMs: number
}

/** What came of one step; what was sent while it settled is in none of it but `tookMs`. */
export type LineObservation = {
  readonly scheduled: number
  /** Over the goal from the intended time, failed, timed out, or unsent. */
  readonly bad: number
  /** Of the bad ones: failed, timed out or unsent, not merely slow. */
  readonly errors: number
  readonly answered: number
  readonly answeredPerSecond: number
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
  /** The goal's quantile of all that was scheduled, from the intended time; null when more than that were errors. */
  readonly atGoalMs: number | null
  readonly seconds: readonly LineSecond[]
  readonly generator:
    | { readonly is: 'sound' }
    | { readonly is: 'saturated'; readonly reasons: readonly string[] }
  readonly noise: MachineNoise
  /** What the service used, when known. */
  readonly service?: {
    /** What its processes run. */
    readonly program?: string
    /** Of the cores that it may use. */
    readonly cpuShare?: number
    /** Of one core, by the busiest of its threads. */
    readonly busiestThreadShare?: number
    /** Of the memory that it may use, the most that it had. */
    readonly memoryShare?: number
  }
  /** From the order to the answer, settling and whatever lay between included. */
  readonly tookMs: number
}

/** What the runner is asked for. */
export type LineStep =
  | { readonly is: 'warmUp'; readonly ratePerSecond: number; readonly durationMs: number }
  | { readonly is: 'closed'; readonly users: number; readonly durationMs: number }
  | {
      readonly is: 'open' | 'confirm'
      readonly ratePerSecond: number
      readonly settleMs: number
      readonly durationMs: number
    }
