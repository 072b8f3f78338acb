import type { Desired, Digest, InstanceSize, Instant, Key } from '../kernel/index.ts'
import type { GivenLimits } from './containers.ts'

/** Names the instances of one release in one environment: `payments.production.3f2a…` . */
export type FleetId = string

/** What runs in a fleet and how many of it. Secrets are named here, never spelled out. */
export type FleetSpec = {
  readonly fleet: FleetId
  readonly service: string
  readonly environment: string
  readonly release: Digest
  /** How many instances, numbered 0 … size−1; the highest are stopped first. 0 ends the fleet. */
  readonly size: number
  readonly start: StartSpec
}

/** What runs instances: processes of this machine, or containers of its engine. */
export type TargetName = 'process' | 'docker'

/** How one instance of a service is started and checked. What its containers are, the release says. */
export type StartSpec = {
  /** Processes when not given. */
  readonly target?: TargetName
  /** Shell command, run in the unpacked release; '' where only containers are started. */
  readonly command: string
  /** Name of the environment variable that carries the port. */
  readonly portVariable: string
  /** Path that answers 2xx when the instance can take requests. */
  readonly healthPath: string
  /** It takes no requests: ready once it has made the file READY_FILE, or has run for so many milliseconds. */
  readonly worker?: { readonly ready: 'file' | number }
  /** Path of its counters, in Prometheus' text format; it tells none when not given. */
  readonly metricsPath?: string
  /** Longest time from start to first healthy answer. */
  readonly readyWithinMs: number
  /** From TERM to KILL; longer than the longest request. */
  readonly graceMs: number
  readonly env: Readonly<Record<string, string | { readonly secret: string }>>
  /** What its containers may use there, instead of what the release says. */
  readonly limits?: GivenLimits
  /** Absolute folder that outlives releases, given as DATA_DIR. */
  readonly dataFolder?: string
}

export type InstancePhase = 'starting' | 'ready' | 'unhealthy' | 'backingOff' | 'stopping' | 'stopped'

export type InstanceSeen = {
  /** `FLEET/INDEX`. */
  readonly id: string
  readonly index: number
  /** Number of its process: another number is another process. */
  readonly attempt: number
  readonly phase: InstancePhase
  readonly port: number | undefined
  readonly since: Instant
  /** Ended by itself so many times since it was last ready. */
  readonly crashes: number
  /** Why it is not ready, for people. */
  readonly because?: string
  /** How it last ended by itself. */
  readonly lastCrash?: string
  /** Digest of the files, and the images, that it really runs, once verified. */
  readonly runs?: Digest
  /** What it may use, as it was really made; unknown of one that was ready before anybody asked. */
  readonly size?: InstanceSize
}

export type FleetSeen = { readonly spec: FleetSpec | undefined; readonly instances: readonly InstanceSeen[] }

/** What runs. */
export type Fleets = Desired<FleetSpec, FleetSeen>
export type FleetKey = Key
