import { readdirSync, readFileSync } from 'node:fs'

const msPerTick = 10

/** What Linux tells of a process. */
export type Stat = {
  readonly pid: number
  readonly parent: number
  readonly group: number
  /** User and system time, in milliseconds. */
  readonly ownCpuMs: number
  /** The same with that of children that have ended. */
  readonly cpuMs: number
  readonly residentPages: number
}

/**
 * Of a process, or of one of its threads; undefined where it cannot be read, or has ended.
 * @param which below `/proc`: `4711`, or `4711/task/4713`
 */
export function statOf(which: string): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${which}/stat`, 'utf8')
    // The name of the program may have blanks; what follows its last bracket has none.
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    const sum = (...at: number[]) => at.reduce((total, i) => total + (fields[i] ?? 0), 0) * msPerTick
    return {
      pid: Number.parseInt(text, 10),
      parent: fields[1] ?? 0,
      group: fields[2] ?? 0,
      ownCpuMs: sum(11, 12),
      cpuMs: sum(11, 12, 13, 14),
      residentPages: fields[21] ?? 0,
    }
  } catch {
    return undefined
  }
}

/** All processes that can be seen; none where this is no Linux. */
export function processStats(): readonly Stat[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => statOf(pid) ?? [])
  } catch {
    return []
  }
}

const statsOf = (group: number): readonly Stat[] => processStats().filter((stat) => stat.group === group)

/** User and system time of a process group so far, in milliseconds; undefined where it cannot be read, or has ended. */
export function cpuMsOf(group: number): number | undefined {
  const stats = statsOf(group)
  return stats.length === 0 ? undefined : stats.reduce((sum, stat) => sum + stat.cpuMs, 0)
}

const pageBytes = 4_096

/** Resident memory of all these together, in bytes. */
export const residentBytesOf = (stats: readonly Stat[]): number =>
  stats.reduce((sum, { residentPages }) => sum + residentPages, 0) * pageBytes

/** Resident memory of a process group, in bytes; undefined where it cannot be read, or has ended. */
export function memoryOf(group: number): number | undefined {
  const stats = statsOf(group)
  if (stats.length === 0) return undefined
  return residentBytesOf(stats)
}

/** What a command and everything that it started use together. */
export type Use = {
  /** User and system time so far, with that of children that have ended, in milliseconds. */
  readonly cpuMs: number
  readonly residentBytes: number
  /** Files, sockets and pipes that are open; undefined where they cannot be counted. */
  readonly openFiles?: number
}

function openFilesOf(pid: number): number | undefined {
  try {
    return readdirSync(`/proc/${pid}/fd`).length
  } catch {
    return undefined
  }
}

function totalOf(stats: readonly Stat[]): Use {
  const sum = (of: (stat: Stat) => number) => stats.reduce((total, stat) => total + of(stat), 0)
  const files = stats.flatMap(({ pid }) => openFilesOf(pid) ?? [])
  return {
    cpuMs: sum(({ cpuMs }) => cpuMs),
    residentBytes: residentBytesOf(stats),
    ...(files.length === 0 ? {} : { openFiles: files.reduce((a, b) => a + b, 0) }),
  }
}

/**
 * What commands use, by their pids: each with all of its process group, but for the launcher that leads it. Those that have
 * ended are left out. One look at the machine for all.
 */
export function usesOf(pids: readonly number[]): ReadonlyMap<number, Use> {
  if (pids.length === 0) return new Map()
  const byGroup = Map.groupBy(processStats(), ({ group }) => group)
  return new Map(
    pids.flatMap((pid) => {
      const group = statOf(String(pid))?.group
      const members = group === undefined ? undefined : byGroup.get(group)
      const own = members?.filter((stat) => stat.pid === pid || stat.pid !== group) ?? []
      return own.length === 0 ? [] : [[pid, totalOf(own)] as const]
    }),
  )
}
