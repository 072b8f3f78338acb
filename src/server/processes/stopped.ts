import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { bootId } from '../../host/index.ts'
import type { Home } from '../home.ts'

/** By the machine's own count, since wall clocks are set back now and then. */
type Stopped = { readonly boot: string; readonly atMs: number }

/** Milliseconds of this boot of the machine: the same count in all its processes. */
export const machineMs = (): number => Number(process.hrtime.bigint() / 1_000_000n)

async function lastStop({ stopped }: Home): Promise<Stopped | undefined> {
  try {
    return JSON.parse(await readFile(stopped, 'utf8')) as Stopped
  } catch {
    return undefined
  }
}

/** Whether everything has been stopped, and nothing begun since. */
export const isAllStopped = async (home: Home): Promise<boolean> => (await lastStop(home)) !== undefined

/** Only who holds the store says so, and says so last. */
export async function markStopped({ stopped }: Home): Promise<void> {
  const now: Stopped = { boot: bootId(), atMs: machineMs() }
  await writeFile(`${stopped}.new`, JSON.stringify(now), { mode: 0o600 })
  await rename(`${stopped}.new`, stopped)
}

/**
 * Before a server begins anything.
 * @param askedMs when it was decided to start this server
 * @returns false when everything was stopped after that: then this server is not to be
 */
export async function unmarkStopped(home: Home, askedMs: number): Promise<boolean> {
  const last = await lastStop(home)
  if (last?.boot === bootId() && last.atMs >= askedMs) return false
  await rm(home.stopped, { force: true })
  return true
}
