import { z } from 'zod'
import type { Digest, Limits } from '../kernel/index.ts'

/** What of the engine's answers is read; the rest may be as it likes. */
const digest = z.templateLiteral(['sha256:', z.string()])

export const listed = z.array(
  z.object({
    Id: z.string(),
    ImageID: digest,
    State: z.string(),
    Status: z.string().default(''),
    Labels: z.record(z.string(), z.string()).nullish(),
  }),
)

export const inspected = z.object({
  Id: z.string(),
  State: z.object({
    Status: z.string(),
    ExitCode: z.number(),
    OOMKilled: z.boolean().default(false),
    Error: z.string().default(''),
    StartedAt: z.string(),
    FinishedAt: z.string(),
  }),
})

/** What a container was really given; 0: no limit. */
export const limited = z.object({
  HostConfig: z.object({
    NanoCpus: z.number().default(0),
    CpuQuota: z.number().default(0),
    CpuPeriod: z.number().default(0),
    Memory: z.number().default(0),
  }),
})

/** The process that a container was started with, as the machine numbers it; 0 when it does not run. */
export const started = z.object({ State: z.object({ Pid: z.number().default(0) }) })

/** Of one that does not run, figures are left out. */
export const stats = z.object({
  cpu_stats: z.object({ cpu_usage: z.object({ total_usage: z.number().optional() }).optional() }).optional(),
  memory_stats: z
    .object({ usage: z.number().optional(), stats: z.record(z.string(), z.number()).nullish() })
    .optional(),
})

export const image = z.object({
  Id: digest,
  Size: z.number().default(0),
  Config: z
    .object({ ExposedPorts: z.record(z.string(), z.unknown()).nullish(), User: z.string().nullish() })
    .nullish(),
})

export const created = z.object({ Id: z.string() })

/** One line of what a build or a pull tells. */
export const progress = z.object({
  stream: z.string().optional(),
  status: z.string().optional(),
  error: z.string().optional(),
  aux: z.object({ ID: digest.optional() }).optional(),
})

/** What happened to containers, a line each; the engine remembers the last few hundred. */
export const happened = z.object({
  Actor: z.object({ Attributes: z.record(z.string(), z.string()).default({}) }),
  timeNano: z.number(),
})

/** The kernel ended a process in a container for want of memory; the container itself may live on. */
export type Kill = { readonly labels: Readonly<Record<string, string>>; readonly at: number }

export const killOf = ({ Actor, timeNano }: z.output<typeof happened>): Kill => ({
  labels: Actor.Attributes,
  at: timeNano / 1e6,
})

export type ContainerPhase = 'created' | 'running' | 'ended'

/** A container as the list shows it. */
export type ContainerSeen = {
  readonly id: string
  /** Image that it really runs. */
  readonly image: Digest
  readonly phase: ContainerPhase
  /** Its image's HEALTHCHECK says so. */
  readonly unwell: boolean
  readonly labels: Readonly<Record<string, string>>
}

/** How a container ended. */
export type ContainerEnd = {
  readonly exit: number
  readonly outOfMemory: boolean
  /** Why it could not be started; '' when it was. */
  readonly error: string
  readonly startedAt: number
  readonly endedAt: number
}

/** What a container uses: processor time so far, and memory that could not be taken from it without harm. */
export type ContainerUse = { readonly cpuMs: number; readonly memoryBytes: number }

export function containerUseOf({
  cpu_stats: cpu,
  memory_stats: memory,
}: z.output<typeof stats>): ContainerUse | undefined {
  const nanoseconds = cpu?.cpu_usage?.total_usage
  if (nanoseconds === undefined || memory?.usage === undefined) return undefined
  // What was read from files and may be read again is no use of its own (cgroup v2; v1 has another name for it).
  const cache = memory.stats?.inactive_file ?? memory.stats?.total_inactive_file ?? 0
  return { cpuMs: nanoseconds / 1e6, memoryBytes: Math.max(0, memory.usage - cache) }
}

/** Half of the kernel's share of 100 ms is half a core, where nobody says it in cores. */
const usualPeriod = 100_000

export function limitsOf({ HostConfig }: z.output<typeof limited>): Limits {
  const { NanoCpus, CpuQuota, CpuPeriod, Memory } = HostConfig
  const cpus = NanoCpus > 0 ? NanoCpus / 1e9 : CpuQuota / (CpuPeriod || usualPeriod)
  return { cpus: cpus > 0 ? cpus : null, memoryBytes: Memory > 0 ? Memory : null }
}

export type ImageSeen = { readonly id: Digest; readonly sizeBytes: number; readonly ports: readonly number[] }

const phases: Readonly<Record<string, ContainerPhase>> = {
  created: 'created',
  exited: 'ended',
  dead: 'ended',
}

export const seenOf = (one: z.output<typeof listed>[number]): ContainerSeen => ({
  id: one.Id,
  image: one.ImageID,
  phase: phases[one.State] ?? 'running',
  unwell: one.Status.includes('(unhealthy)'),
  labels: one.Labels ?? {},
})

export const endOf = ({ State }: z.output<typeof inspected>): ContainerEnd => ({
  exit: State.ExitCode,
  outOfMemory: State.OOMKilled,
  error: State.Error,
  startedAt: Date.parse(State.StartedAt),
  endedAt: Date.parse(State.FinishedAt),
})

export const imageOf = ({ Id, Size, Config }: z.output<typeof image>): ImageSeen => ({
  id: Id,
  sizeBytes: Size,
  ports: Object.keys(Config?.ExposedPorts ?? {}).map((port) => Number.parseInt(port, 10)),
})
