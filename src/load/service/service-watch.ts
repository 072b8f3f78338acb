import { networkInterfaces } from 'node:os'
import { processStats } from '../../host/process-stats.ts'
import type { EnginePlan } from '../engine/engine-plan.ts'
import { findOrigin } from '../engine/origin.ts'
import {
  busiestThreadMs,
  type CpuSample,
  coresOf,
  cpuMsBetween,
  programsOf,
  sampleCpu,
} from './cpu-sample.ts'
import { familyOf } from './family.ts'
import { findListeners } from './listening-process.ts'

/** The processes of a service on this machine, and what they may use when that is known. */
export type ServiceProcesses = () => {
  readonly pids: readonly number[]
  readonly cores?: number
  readonly memoryBytes?: number
}

/** A container on this machine: its first process, and what all of its processes may use. */
export type WatchedContainer = {
  readonly pid: number
  readonly cpus: number | null
  readonly memoryBytes: number | null
}

/** What a service used over a span of time. */
export type ServiceUse = {
  /** What its processes run: `node`. */
  readonly program?: string
  /** Of all cores that it may use, 0 … 1. */
  readonly cpuShare: number
  /** Of one core, 0 … 1: a thread that is always busy can do no more, however many cores there are. */
  readonly busiestThreadShare: number
  /** Of the memory that it may use, the most that it had; absent where nothing limits it. */
  readonly memoryShare?: number
}

const isOfThisMachine = (address: string): boolean =>
  address.startsWith('127.') ||
  Object.values(networkInterfaces()).some((all) => all?.some((one) => one.address === address))

/** All addresses that a plan asks; of a scenario the one that its paths belong to. */
const urlsOf = ({ script }: EnginePlan): readonly string[] =>
  script.is === 'requests' ? script.requests.map(({ url }) => url) : script.baseUrl ? [script.baseUrl] : []

/**
 * The processes that listen where a plan sends its requests to; undefined when that is elsewhere, or several places: no
 * one of them is then what limits.
 */
export async function processesBehind(plan: EnginePlan): Promise<ServiceProcesses | undefined> {
  const origins = [...new Set(urlsOf(plan).map((url) => new URL(url).origin))]
  if (origins.length !== 1 || origins[0] === undefined) return undefined
  const { address, port } = await findOrigin(new URL(origins[0]))
  if (!isOfThisMachine(address)) return undefined
  return () => ({ pids: familyOf(findListeners(address, port)) })
}

/** The processes of a group that was started here. */
export const processesOfGroup =
  (group: number, cores: number): ServiceProcesses =>
  () => ({
    pids: processStats().flatMap((stat) => (stat.group === group ? [stat.pid] : [])),
    cores,
  })

/** All processes of a container. */
export const processesOfContainer =
  ({ pid, cpus, memoryBytes }: WatchedContainer): ServiceProcesses =>
  () => ({
    pids: familyOf([pid]),
    ...(cpus === null ? {} : { cores: cpus }),
    ...(memoryBytes === null ? {} : { memoryBytes }),
  })

/** Watches what a service uses while load is made. */
export interface ServiceWatch {
  /** To be called when the measured time begins, after each of its seconds, and when it ends. */
  sample(): void
  /** CPU time between the last two samples, in milliseconds. */
  lastCpuMs(): number | undefined
  /** From the first sample to the last; undefined when nothing of it is known. */
  use(): ServiceUse | undefined
}

const share = (usedMs: number, ofMs: number): number => Math.min(1, usedMs / ofMs)

export function watchService(find: ServiceProcesses): ServiceWatch {
  const { pids, cores = coresOf(pids), memoryBytes } = find()
  const program = programsOf(pids)
  let first: CpuSample | undefined
  let before: CpuSample | undefined
  let last: CpuSample | undefined
  let mostBytes = 0
  return {
    sample() {
      before = last
      last = sampleCpu(pids)
      first ??= last
      mostBytes = Math.max(mostBytes, last.residentBytes)
    },
    lastCpuMs: () => (before && last && last.processes.size > 0 ? cpuMsBetween(before, last) : undefined),
    use() {
      const tookMs = first && last ? last.at - first.at : 0
      if (!first || !last || last.processes.size === 0 || cores === undefined || tookMs <= 0) return undefined
      return {
        ...(program === undefined ? {} : { program }),
        cpuShare: share(cpuMsBetween(first, last), tookMs * cores),
        busiestThreadShare: share(busiestThreadMs(first, last), tookMs),
        ...(memoryBytes === undefined ? {} : { memoryShare: share(mostBytes, memoryBytes) }),
      }
    },
  }
}

/** By each resource the one that came nearest to its limit: that is where it ends first. */
export function nearestUse(all: readonly ServiceUse[]): ServiceUse | undefined {
  const busiest = all.toSorted((a, b) => b.cpuShare - a.cpuShare)[0]
  const memory = all.flatMap(({ memoryShare }) => memoryShare ?? [])
  return (
    busiest && {
      ...busiest,
      busiestThreadShare: Math.max(...all.map((one) => one.busiestThreadShare)),
      ...(memory.length === 0 ? {} : { memoryShare: Math.max(...memory) }),
    }
  )
}

/** Several parts of a service that have limits of their own, such as containers. */
export function watchParts(finds: readonly ServiceProcesses[]): ServiceWatch {
  const all = finds.map(watchService)
  return {
    sample() {
      for (const one of all) one.sample()
    },
    lastCpuMs() {
      const known = all.flatMap((one) => one.lastCpuMs() ?? [])
      return known.length === 0 ? undefined : known.reduce((sum, ms) => sum + ms, 0)
    },
    use: () => nearestUse(all.flatMap((one) => one.use() ?? [])),
  }
}
