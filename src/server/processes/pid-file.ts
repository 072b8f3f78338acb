import { readFileSync } from 'node:fs'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'

/** A process as others find it: pids are used again, start times with them are not. */
export type Resident = {
  readonly pid: number
  readonly startTime: string
  /** Where it listens, if it does. */
  readonly port?: number
  readonly host?: string
}

/** When the kernel started a process, in its own ticks; undefined when there is no such process. */
export function startTimeOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? undefined : fields[19]
  } catch {
    return undefined
  }
}

export const thisProcess = (listens?: { readonly port: number; readonly host: string }): Resident => ({
  pid: process.pid,
  startTime: startTimeOf(process.pid) ?? '',
  ...listens,
})

export async function writeResident(file: string, resident: Resident): Promise<void> {
  await writeFile(`${file}.new`, JSON.stringify(resident), { mode: 0o600 })
  await rename(`${file}.new`, file)
}

/** Who the file names, living or not. */
export async function lastResident(file: string): Promise<Resident | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Resident
  } catch {
    return undefined
  }
}

/** Who the file names, when that very process still lives. */
export async function findResident(file: string): Promise<Resident | undefined> {
  const resident = await lastResident(file)
  return resident && startTimeOf(resident.pid) === resident.startTime ? resident : undefined
}

export const forgetResident = (file: string): Promise<void> => rm(file, { force: true })

/** @returns false when it is gone, which it may be at any moment */
export function tellResident(resident: Resident, signal: NodeJS.Signals): boolean {
  try {
    return startTimeOf(resident.pid) === resident.startTime && process.kill(resident.pid, signal)
  } catch {
    return false
  }
}
