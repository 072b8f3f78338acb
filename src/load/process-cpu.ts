import { readdirSync, readFileSync } from 'node:fs'

const msPerTick = 10

type Stat = { readonly group: number; readonly ticks: number }

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
    return { group: fields[2] ?? 0, ticks }
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
