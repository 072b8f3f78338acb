import type { CommandEnd, CommandSpec } from '../host/index.ts'
import type { Digest } from '../kernel/index.ts'

/** A folder or file of this machine inside a container. */
export type Mount = { readonly from: string; readonly to: string; readonly writable: boolean }

/** One container of a group. */
export type ContainerSpec = {
  /** Within the group: `app`. */
  readonly name: string
  readonly image: Digest
  /** Instead of the image's command. */
  readonly argv?: readonly string[]
  /** Instead of the image's entrypoint. */
  readonly entrypoint?: readonly string[]
  /** Anybody who may ask the engine can read these: no secrets. */
  readonly env: Readonly<Record<string, string>>
  /** Values by name, each a file /run/secrets/NAME. */
  readonly secrets: Readonly<Record<string, string>>
  readonly mounts: readonly Mount[]
  readonly workFolder?: string
  /** `uid:gid`, instead of the image's user. */
  readonly user?: string
  /** Share of the processor's cores: 0.5 is half a core. */
  readonly cpus?: number
  readonly memoryBytes?: number
  /** Its root file system may be written to; otherwise only /tmp, which is memory. */
  readonly writable: boolean
  /** Rights of root that it keeps, by the kernel's names without CAP_. */
  readonly capabilities: readonly string[]
  /** Its end is the end of the group. */
  readonly essential: boolean
}

/**
 * Containers that live and end together and speak to each other over localhost, as those of a task on Fargate do. The
 * first one holds the network of all; `port` is the port inside and that of 127.0.0.1 which leads there.
 */
export type GroupSpec = Pick<CommandSpec, 'secrets' | 'timeoutMs' | 'graceMs' | 'log'> & {
  readonly containers: readonly [ContainerSpec, ...ContainerSpec[]]
  readonly port?: { readonly inside: number; readonly outside: number }
  /** The machine's own network instead of one for the group: what listens on its loopback can be asked. */
  readonly network?: 'host'
}

/** What is remembered of a group: enough to know what became of it when its containers are gone. */
export type Kept = {
  readonly containers: readonly Pick<ContainerSpec, 'name' | 'essential' | 'memoryBytes'>[]
  readonly graceMs: number
  /** From when all of it was started. */
  readonly timeoutMs?: number
  readonly log: CommandSpec['log']
  /** All of it was started; undefined while that goes on, or was cut short. */
  readonly begunAt?: number
  readonly stop?: { readonly why: 'cancelled' | 'timedOut'; readonly at: number; readonly forceAt: number }
  readonly over?: CommandEnd | 'lost'
  /** When the kernel ended processes in its containers for want of memory, the latest. */
  readonly kills?: readonly KillSeen[]
}

/** `at`: milliseconds since 1970 by the engine's clock. */
export type KillSeen = { readonly container: string; readonly at: number }

/** So many times, by container. */
export const killsByContainer = (kills: readonly KillSeen[] = []): Readonly<Record<string, number>> =>
  Object.fromEntries(
    [...Map.groupBy(kills, ({ container }) => container)].map(([name, all]) => [name, all.length]),
  )

/** What is to be remembered of a group that begins now. */
export const keptOf = (spec: GroupSpec): Kept => ({
  containers: spec.containers.map(({ name, essential, memoryBytes }) => ({
    name,
    essential,
    ...(memoryBytes === undefined ? {} : { memoryBytes }),
  })),
  graceMs: spec.graceMs,
  ...(spec.timeoutMs === undefined ? {} : { timeoutMs: spec.timeoutMs }),
  log: spec.log,
})

export const isGroup = (spec: CommandSpec | GroupSpec): spec is GroupSpec => 'containers' in spec
