import type { Instant } from '../../../kernel/index.ts'

/** `waiting`: it was never heard of and is not due yet; `unknown`: it may have told while nobody listened. */
export const heartbeatStandings = ['waiting', 'ok', 'running', 'failed', 'late', 'stuck', 'unknown'] as const
export type HeartbeatStanding = (typeof heartbeatStandings)[number]

/** A run of a job that has ended. */
export type EndedRun = {
  readonly is: 'success' | 'failure'
  readonly endedAt: Instant
  readonly run?: string
  /** Undefined: it did not tell that it began. */
  readonly startedAt?: Instant
  readonly exitCode?: number
  readonly message?: string
}

export type RunningRun = { readonly startedAt: Instant; readonly run?: string }

/** The journal's state of a job that tells when it runs. */
export type HeartbeatState = {
  readonly service: string
  readonly environment: string
  readonly name: string
  /** When it is expected, in words; undefined while nothing is configured. */
  readonly schedule?: string
  /** Since when it is expected so. */
  readonly since: Instant
  readonly running?: RunningRun
  readonly last?: EndedRun
  readonly succeededAt?: Instant
  /** The latest runs whose end was told, newest first. */
  readonly ended?: readonly string[]
  /** Runs that ended so far. */
  readonly runs: { readonly success: number; readonly failure: number }
  readonly standing: HeartbeatStanding
  readonly because: string
  /** Since when it stands so. */
  readonly changedAt: Instant
}

/** A time in which nobody listened. */
export type Absence = { readonly from: Instant; readonly to: Instant }

export type HeartbeatSettings = {
  readonly schedule: { readonly text: string; readonly next: (after: Instant) => Instant }
  readonly graceMs: number
  readonly longestMs?: number | undefined
  /** Whose clocks tell the times in what is said of it. */
  readonly timeZone: string
}

export type HeartbeatSeen = {
  /** Undefined: the configuration has no such job any more. */
  readonly settings: HeartbeatSettings | undefined
  /** Of the last weeks, from the oldest to the newest. */
  readonly absences: readonly Absence[]
}

/** What a job says; the same twice is said once. */
export type HeartbeatCommand = {
  readonly is: 'start' | 'success' | 'failure'
  readonly at: Instant
  /** Tells runs apart that go on at the same time. */
  readonly run?: string | undefined
  readonly exitCode?: number | undefined
  readonly message?: string | undefined
}

export const newHeartbeat = (
  service: string,
  environment: string,
  name: string,
  now: Instant,
): HeartbeatState => ({
  ...{ service, environment, name, since: now },
  runs: { success: 0, failure: 0 },
  standing: 'waiting',
  because: 'it was never heard of',
  changedAt: now,
})
