import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Bytes of the files in a folder, of those that are counted. */
export function bytesIn(folder: string, counts: (path: string) => boolean = () => true): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter(counts)
    .reduce((sum, path) => sum + statSync(path).size, 0)
}

const ticksPerSecond = 100

/** User and system time of a process in milliseconds. */
export function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return ((Number(fields[11]) + Number(fields[12])) / ticksPerSecond) * 1_000
}

/** Resident memory of a process in MB. */
export function residentMb(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) / 1_024
}

/** How long something takes, the median of some times, in ms; the first time is told apart. */
export async function timed(
  what: () => Promise<unknown>,
  times = 5,
): Promise<{ first: number; median: number }> {
  const took: number[] = []
  for (let i = 0; i < times; i++) {
    const begin = performance.now()
    await what()
    took.push(performance.now() - begin)
  }
  const [first = 0, ...others] = took
  return { first, median: others.sort((a, b) => a - b)[others.length >> 1] ?? first }
}
