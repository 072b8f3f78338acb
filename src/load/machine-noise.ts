import { readFileSync } from 'node:fs'
import type { MachineNoise } from './plan/line/index.ts'

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

/** Microseconds, since the machine began, in which something waited for a core; undefined where Linux does not tell. */
function pressureMicrosNow(): number | undefined {
  try {
    const [, total] = /^some .*total=(\d+)/m.exec(readFileSync('/proc/pressure/cpu', 'utf8')) ?? []
    return total === undefined ? undefined : Number(total)
  } catch {
    return undefined
  }
}

/** The clock of the wall may be set, and stands still for nobody; the other only ever goes on. Milliseconds. */
const clocksNow = () => ({ wall: Date.now(), monotonic: performance.now() })

/** Begins to watch; tells what others did to the machine meanwhile. */
export function watchNoise(): () => MachineNoise {
  const [steal, pressure, clocks] = [watchSteal(), pressureMicrosNow(), clocksNow()]
  return () => {
    const [pressureNow, clocksThen] = [pressureMicrosNow(), clocksNow()]
    const tookMs = clocksThen.monotonic - clocks.monotonic
    const waitedMs = pressure === undefined ? undefined : ((pressureNow ?? pressure) - pressure) / 1_000
    return {
      stealShare: steal(),
      cpuPressureShare: waitedMs === undefined || tookMs <= 0 ? null : Math.min(1, waitedMs / tookMs),
      clockStepMs: clocksThen.wall - clocks.wall - tookMs,
    }
  }
}
