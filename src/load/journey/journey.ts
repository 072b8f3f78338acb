/** A request of a journey; the checks that come after it belong to it. Times in milliseconds. */
export type JourneyStep = {
  readonly name: string
  readonly durationMs?: number
  /** What was not as it should be: of the request, and of its checks. */
  readonly problems: readonly string[]
}

/** What one user met on one pass. */
export type JourneyResult = {
  readonly steps: readonly JourneyStep[]
  /** Of what the user does; what sets it up is not counted. */
  readonly durationMs: number
  /** What ended it before its end, or that no step can be blamed for. */
  readonly problem?: string
  /** It came to its end, whatever it found on its way. */
  readonly isWhole: boolean
}

/** What the process of a journey is told. */
export type JourneySpec = {
  /** Scenario file; absolute. */
  readonly file: string
  /** Name of the scenario, where the file has several. */
  readonly scenario?: string | undefined
  /** For paths; that of the file when not given. */
  readonly baseUrl?: string | undefined
  readonly withinMs: number
}
