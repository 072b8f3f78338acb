import type { CommandEnd } from '../../host/index.ts'
import type { Digest, Fence, Found, InstanceSize, Instant, Key } from '../../kernel/index.ts'
import type { FleetSpec, InstancePhase } from '../fleet.ts'

/** One place in the fleet, whoever runs in it at the moment. */
export type InstanceState = {
  readonly index: number
  /** Number of its process in the fleet; 0 before the first. */
  readonly attempt: number
  readonly phase: Exclude<InstancePhase, 'stopped'>
  /** Kept over restarts once it was ready, so that the gateway's table stays true. */
  readonly port: number | undefined
  readonly since: Instant
  /** When the process began; undefined until it was seen. */
  readonly startedAt?: Instant
  /** So many times a process had to take the place of another; none when not given. */
  readonly restarts?: number
  /** In the processes before this one: how often the kernel ended any for want of memory, by container. */
  readonly kills?: Readonly<Record<string, number>>
  /** Ended by itself so often since it was last steady. */
  readonly crashes: number
  /** Ready, and so many looks one after the other found it ill; none when not given. */
  readonly missed?: number
  readonly everReady: boolean
  /** Not started again before this time. */
  readonly notBefore: Instant
  readonly because?: string
  /** How it last ended by itself. */
  readonly lastCrash?: string
  /** Being ended because it is of no use; counts as a crash when it has ended. */
  readonly ending?: boolean
  readonly runs?: Digest
  readonly size?: InstanceSize
}

/** The journal's state of a fleet, whatever runs its instances. */
export type FleetState = {
  readonly want: FleetSpec
  readonly fence: Fence
  /** Processes started so far: no two of a fleet have the same number, also when a place is given up and taken again. */
  readonly starts: number
  readonly instances: readonly InstanceState[]
  /** The unpacking of the release has been asked for. */
  readonly unpacking: boolean
  /** Where the release lies ready. */
  readonly folder: string | undefined
}

/** What is seen of one instance; `health` is undefined when nobody asked. */
export type InstanceSight = {
  readonly command: Found<CommandEnd>
  /** Why it cannot be started, when that is known. */
  readonly problem?: string
  /** When the process really began, which may be long after it was decided. */
  readonly startedAt?: Instant
  readonly health?: { readonly ok: boolean; readonly because?: string }
  /** Digest of the files, and the images, that it runs from. */
  readonly runs?: Digest
  /** What it may use, as it was really made. */
  readonly size?: InstanceSize
}

export type FleetSight = {
  /** Since when this server looks at instances: what happened while nobody looked is not held against them. */
  readonly watchedSince: Instant
  /** Where the release lies ready to be started, once it does: a folder, or an engine that has its images. */
  readonly folder: string | undefined
  readonly unpackProblem?: string
  /** Ports that nobody uses at this moment, as many as could be needed. */
  readonly freePorts: readonly number[]
  readonly instances: Readonly<Record<number, InstanceSight>>
}

export type FleetCommand = { readonly is: 'want'; readonly want: FleetSpec; readonly fence: Fence }

/** Key of the process in a place: `fleet/ID/INDEX/ATTEMPT`. */
export const instanceKey = (fleet: string, index: number, attempt: number): Key =>
  `fleet/${fleet}/${index}/${attempt}`
