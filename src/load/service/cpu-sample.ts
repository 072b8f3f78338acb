import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { basename } from 'node:path'
import { residentBytesOf, type Stat, statOf } from '../../host/process-stats.ts'

/** User and system time so far, in milliseconds, to 10 ms. */
export type CpuSample = {
  /** Milliseconds of `performance.now()`. */
  readonly at: number
  /** By process, with the children that have ended. */
  readonly processes: ReadonlyMap<number, number>
  /** By thread. */
  readonly threads: ReadonlyMap<number, number>
  /** Memory of all of them that lies in the machine's. */
  readonly residentBytes: number
}

function threadsOf(pid: number): readonly number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number)
  } catch {
    return []
  }
}

/** Of these processes; those that have ended are in it no more. */
export function sampleCpu(pids: readonly number[]): CpuSample {
  const processes = new Map<number, number>()
  const threads = new Map<number, number>()
  const stats: Stat[] = []
  for (const pid of pids) {
    const stat = statOf(String(pid))
    if (!stat) continue
    stats.push(stat)
    processes.set(pid, stat.cpuMs)
    for (const thread of threadsOf(pid)) {
      const own = statOf(`${pid}/task/${thread}`)
      if (own) threads.set(thread, own.ownCpuMs)
    }
  }
  return { at: performance.now(), processes, threads, residentBytes: residentBytesOf(stats) }
}

const since = (before: ReadonlyMap<number, number>, id: number, ms: number): number =>
  ms - (before.get(id) ?? 0)

/** What all used between two samples, in milliseconds. A process that began meanwhile counts from its beginning. */
export const cpuMsBetween = (before: CpuSample, after: CpuSample): number =>
  [...after.processes].reduce((sum, [pid, ms]) => sum + since(before.processes, pid, ms), 0)

/** What the busiest thread used between two samples, in milliseconds. */
export const busiestThreadMs = (before: CpuSample, after: CpuSample): number =>
  Math.max(0, ...[...after.threads].map(([thread, ms]) => since(before.threads, thread, ms)))

/** The cores of a list such as `0-3,6`. */
export function coresIn(list: string): readonly number[] {
  return list.split(',').flatMap((range) => {
    const [from = Number.NaN, to = from] = range.split('-').map(Number)
    return Number.isNaN(from) ? [] : Array.from({ length: to - from + 1 }, (_, i) => from + i)
  })
}

/** How many cores these processes may use together; undefined where that cannot be read. */
export function coresOf(pids: readonly number[]): number | undefined {
  const cores = new Set<number>()
  for (const pid of pids) {
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8')
      const [, list = ''] = /^Cpus_allowed_list:\s*(\S+)/m.exec(status) ?? []
      for (const core of coresIn(list)) cores.add(core)
    } catch {
      // It has ended meanwhile.
    }
  }
  return cores.size === 0 ? undefined : cores.size
}

/** What a container engine puts before the program of a container, to clean up after it. */
const reaper = 'docker-init'

/** The programs that processes run: `node`; undefined where that cannot be read. */
export function programsOf(pids: readonly number[]): string | undefined {
  const names = pids.flatMap((pid) => {
    try {
      return [basename(readlinkSync(`/proc/${pid}/exe`))].filter((name) => name !== reaper)
    } catch {
      return []
    }
  })
  return names.length === 0 ? undefined : [...new Set(names)].join(' and ')
}
