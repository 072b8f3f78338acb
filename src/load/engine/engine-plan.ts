import type { ArrivalKind, Stage } from '../plan/profile.ts'

/** One request, as it is sent again and again. */
export type RequestSpec = {
  /** Under this name it is counted. */
  readonly name: string
  readonly method: string
  /** Absolute. */
  readonly url: string
  readonly headers: readonly (readonly [string, string])[]
  /** Base64, so that any bytes can be told to a worker. */
  readonly body?: string
}

/** How much load. Open: requests come by a schedule, whatever becomes of them. Closed: each user waits for its answer. */
export type Load =
  | { readonly model: 'open'; readonly stages: readonly Stage[]; readonly arrivals: ArrivalKind }
  | {
      readonly model: 'closed'
      readonly users: number
      readonly thinkMs: number
      readonly durationMs: number
    }

/** What is to be sent: requests in turn, or the users of scenarios in a file. */
export type Script =
  | { readonly is: 'requests'; readonly requests: readonly RequestSpec[] }
  | { readonly is: 'scenarios'; readonly file: string; readonly baseUrl?: string; readonly data?: unknown }

/** All that a worker must know; plain data. */
export type EnginePlan = {
  readonly script: Script
  readonly load: Load
  /** Before the load, at its first rate; in no result. */
  readonly warmUpMs: number
  /** Open at the same time at most, in all workers together. */
  readonly connections: number
  /** So many requests on one connection; 1 closes it after each. */
  readonly requestsPerConnection: number
  /** A connection that was idle for so long is closed, and not used again; undefined: as long as the service keeps it. */
  readonly idleMs?: number
  readonly timeoutMs: number
  /** After all of it is over a machine that is busy may need so much longer; 10 s when not given. */
  readonly patienceMs?: number
  readonly workers: number
  readonly seed: number
  /** Certificates are not checked. */
  readonly insecure: boolean
}

/** Why a request has no complete answer. */
export type Failure = 'failed' | 'timedOut'
