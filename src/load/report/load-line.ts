/** What a load test at one offered rate found, from the intended time. Null: nothing was answered. */
export type LoadLinePoint = {
  readonly ratePerSecond: number
  readonly p50Ms: number | null
  readonly p95Ms: number | null
  readonly p99Ms: number | null
  /** Share of the scheduled requests, 0 … 1, that were errors. */
  readonly badShare: number
}

/** The load line with its 95 % interval, all in requests per second. */
export type LoadLineFound = { readonly ratePerSecond: number; readonly low: number; readonly high: number }

/** As much of a release's load line as is shown. */
export type LoadLineCurve = {
  readonly points: readonly LoadLinePoint[]
  readonly line: LoadLineFound
}

/** A load line to be shown, with the objective that it was searched for and the version before, to be drawn behind it. */
export type LoadLineView = LoadLineCurve & {
  /** `{ quantile: 0.99, belowMs: 250 }`: p99 below 250 ms. */
  readonly goal: { readonly quantile: number; readonly belowMs: number }
  readonly before?: LoadLineCurve
}
