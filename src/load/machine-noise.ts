import { readFileSync } from 'node:fs'

/** Time of all cores, in ticks, and what of it others had taken (virtual machines). */
type Ticks = { readonly all: number; readonly stolen: number }

function ticksNow(): Ticks | undefined {
  try {
    const [, ...fields] = (readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? '')
      .trim()
      .split(/\s+/)
      .map(Number)
    // user, nice, system, idle, iowait, irq, softirq, steal; guests are in user already.
    const counted = fields.slice(0, 8)
    return { all: counted.reduce((sum, one) => sum + one, 0), stolen: counted[7] ?? 0 }
  } catch {
    return undefined
  }
}

/** Begins to watch; tells the share of the machine, 0 … 1, that others had meanwhile. 0 where that is not known. */
export function watchSteal(): () => number {
  const before = ticksNow()
  return () => {
    const now = ticksNow()
    if (!before || !now || now.all === before.all) return 0
    return (now.stolen - before.stolen) / (now.all - before.all)
  }
}
