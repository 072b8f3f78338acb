import { readdirSync, readFileSync } from 'node:fs'

const msPerTick = 10

type Stat = { readonly group: number; readonly ticks: number; readonly residentPages: number }

function statOf(pid: string): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name of the program may have blanks; what follows its last bracket has none.
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    // Own time, and that of children that have ended.
    const ticks = [11, 12, 13, 14].reduce((sum, i) => sum + (fields[i] ?? 0), 0)
    return { group: fields[2] ?? 0, ticks, residentPages: fields[21] ?? 0 }
  } catch {
    return undefined
  }
}

function statsOf(group: number): readonly Stat[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => statOf(pid) ?? [])
      .filter((stat) => stat.group === group)
  } catch {
    return []
  }
}

/** User and system time of a process group so far, in milliseconds; undefined where it cannot be read, or has ended. */
export function cpuMsOf(group: number): number | undefined {
  const stats = statsOf(group)
  return stats.length === 0 ? undefined : stats.reduce((sum, { ticks }) => sum + ticks, 0) * msPerTick
}

const pageBytes = 4_096

/** Resident memory of a process group, in bytes; undefined where it cannot be read, or has ended. */
export function memoryOf(group: number): number | undefined {
  const stats = statsOf(group)
  if (stats.length === 0) return undefined
  return stats.reduce((sum, { residentPages }) => sum + residentPages, 0) * pageBytes
}
