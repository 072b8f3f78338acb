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

/** Resident memory of a process group, in bytes; undefined where it cannot be read, or has ended. */
export function memoryOf(group: number): number | undefined {
  const stats = statsOf(group)
  if (stats.length === 0) return undefined
  return stats.reduce((sum, { residentPages }) => sum + residentPages, 0) * pageBytes
}
