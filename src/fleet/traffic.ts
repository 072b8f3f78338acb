import type { Desired, Instant } from '../kernel/index.ts'
import type { FleetId } from './fleet.ts'

/** How requests are to be split. A fleet that is not named gets none and its connections are let go in order. */
export type Weights = {
  readonly environment: string
  /** Gateway's public port. */
  readonly port: number
  /** From the oldest to the newest. */
  readonly fleets: readonly FleetWeight[]
  /**
   * What is split: `request`: each request by chance (the default); `cookie`: clients, by a pin in a cookie, so that
   * each stays with one version. When the newest fleet's share rises, clients only ever move to it.
   */
  readonly split?: Split
  /** One instance gets more, or less, than the others of its fleet. */
  readonly squeeze?: SqueezeWanted
}

/** `FLEET/INDEX` takes a share of its fleet's requests, at most until then: whoever wants it longer says so again. */
export type SqueezeWanted = { readonly instance: string; readonly share: number; readonly until: Instant }

export type Split = 'request' | 'cookie'

export type FleetWeight = {
  readonly fleet: FleetId
  /** Share of requests relative to the others; 0: watched, but sent nothing. */
  readonly weight: number
  /** Instances 0 … serving−1 take requests; the others are watched and let go in order. */
  readonly serving: number
}

/**
 * Latency in a log-linear histogram: bucket i counts answers of at most `upperMs[i]` milliseconds, and above the end of
 * the bucket below it. Buckets are 1 µs wide up to 256 µs; from there, each doubling is cut into 128, so that a bucket
 * is 0.4 to 0.8 % of its values wide, up to 71 minutes. Empty ones are left out; ends are the same for all fleets, so
 * counts of two can be compared edge by edge, and their differences taken.
 */
export type LatencyCounts = { readonly upperMs: readonly number[]; readonly counts: readonly number[] }

/**
 * The ledger of one fleet at its gateway. Every accepted request ends in exactly one of
 * answered, lost or abandoned; `inFlight` are those that have not ended.
 */
export type Counts = {
  readonly accepted: number
  /** Completely answered by the service, whatever the status. */
  readonly answered: number
  /** Of the answered: by hundreds, `2` → 2xx. */
  readonly byClass: Readonly<Record<'1' | '2' | '3' | '4' | '5', number>>
  /** Accepted, and not completely answered by the service (the gateway's 502 and 504, and broken answers). */
  readonly lost: number
  /** The client went away before the answer was complete. */
  readonly abandoned: number
  readonly retried: number
  /**
   * Clients that this fleet failed: answered 5xx, lost, or would have been lost, had another instance not answered in
   * its place. A client counts once in 10 seconds, so that one that tries again and again counts as one. It is known by
   * its pin, else by its address. What was in flight in a gateway that was killed is nobody's failure here.
   */
  readonly failedClients: number
  readonly inFlight: number
  /** From the arrival of a request to the end of its answer. Begins anew with each gateway process. */
  readonly latency: LatencyCounts
}

/** What became of the requests of one route; begins anew with each gateway process, and when the routes change. */
export type RouteCounts = Pick<Counts, 'byClass' | 'lost' | 'abandoned'> & {
  /** Its template as it was configured, or `other`: never a path. */
  readonly route: string
  /** At a few edges; one count more than there are edges, for what took longer. */
  readonly latency: LatencyCounts
  readonly sumMs: number
}

/** What became of the requests of one side while an instance is squeezed; begins anew with each table of another revision. */
export type SideCounts = Pick<Counts, 'accepted' | 'answered' | 'lost' | 'abandoned' | 'byClass' | 'latency'>

/** An instance that takes another share than the others of its fleet, beside all of these. */
export type SqueezeSeen = {
  readonly instance: string
  readonly share: number
  /** Of the table that says so. */
  readonly revision: number
  /** False once its time is over and nobody has said so again: requests are split evenly then. */
  readonly inForce: boolean
  readonly squeezed: SideCounts
  readonly others: SideCounts
}

/** A request that was lost: enough to look for it, no bodies, no query strings. */
export type LostRequest = {
  readonly at: number
  readonly fleet: FleetId
  readonly instance: string
  readonly method: string
  readonly path: string
  readonly because: string
}

export type UpstreamSeen = {
  readonly instance: string
  readonly fleet: FleetId
  readonly healthy: boolean
  readonly serving: boolean
  /** Requests claimed for it that have not ended. */
  readonly inFlight: number
  readonly because?: string
  /** How often it was left alone since it kept failing, since the gateway's process began. */
  readonly ejections?: number
  /** It is, for so much longer. */
  readonly ejectedForMs?: number
}

/** How the access log goes, since the gateway's process began. */
export type AccessLogSeen = {
  /** Lines. */
  readonly written: number
  /** Lines that could not be written, or not fast enough. */
  readonly dropped: number
  /** Why the last ones could not. */
  readonly because?: string
}

/** What the gateway says of itself. `revision` is that of the table which it serves now. */
export type TrafficSeen = {
  readonly reachable: boolean
  readonly revision: number
  /** The start of the gateway process that answers; a new one starts counting at zero. */
  readonly generation: string
  /** When the process began that answers: its latencies count from then on. Gateways of earlier versions do not say. */
  readonly latencySince?: number
  readonly upstreams: readonly UpstreamSeen[]
  readonly counts: Readonly<Record<FleetId, Counts>>
  /** Where routes are configured. */
  readonly routes?: Readonly<Record<FleetId, readonly RouteCounts[]>>
  /** Where it is written. */
  readonly accessLog?: AccessLogSeen
  /** While a table says so. */
  readonly squeeze?: SqueezeSeen
  /** Accepted when no fleet could take them: answered 503 by the gateway, and counted as lost. */
  readonly refused: number
  readonly lost: readonly LostRequest[]
}

/** How requests are split, and what became of them. */
export type Traffic = Desired<Weights, TrafficSeen>
