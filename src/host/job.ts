import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import type { Found } from '../kernel/index.ts'
import {
  bootId,
  findCarriers,
  hasLivingMember,
  type Identity,
  isAlive,
  parseIdentity,
  signalTo,
} from './identity.ts'
import type { CommandEnd, CommandSeen } from './jobs.ts'
import type { JobFolder } from './layout.ts'

/** Why a command was told to stop, and when it is ended by force. */
export type Stop = { readonly why: 'cancelled' | 'timedOut'; readonly at: number; readonly forceAt: number }

const read = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

const changedAt = (path: string): number => Math.round(statSync(path).mtimeMs)

/** The launcher, when it lives on this boot of the machine. */
export function launcherOf(files: JobFolder): Identity | undefined {
  const claim = parseIdentity(read(files.claim) ?? '')
  return claim?.boot === bootId() && isAlive(claim) ? claim : undefined
}

export function readStop(files: JobFolder): Stop | undefined {
  const text = read(files.stop)
  return text ? (JSON.parse(text) as Stop) : undefined
}

export function writeStop(files: JobFolder, stop: Stop): void {
  writeFileSync(files.stop, JSON.stringify(stop), { mode: 0o600 })
}

const signalNames = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]))

/** A shell, and an engine, report a signal as 128 and its number. */
export function readCode(code: number): Pick<CommandEnd, 'exit' | 'signal'> {
  const signal = code > 128 ? signalNames.get(code - 128) : undefined
  return signal ? { exit: null, signal } : { exit: code, signal: null }
}

/** Exit code of what KILL ended. */
const killed = 137
/** A process has no limit of its own by which to tell: the kernel's log would say it, and is not for everybody. */
const killedNote =
  'ended by SIGKILL (by somebody, or by the kernel for want of memory: only its log says which)'

/** What the launcher wrote at the end; undefined until it is whole. */
function readEnd(files: JobFolder, droppedBytes: number): CommandEnd | undefined {
  const text = read(files.exit)
  if (!text?.endsWith('\n')) return undefined
  const [word, ...rest] = text.trimEnd().split(' ')
  const times = { startedAt: changedAt(files.claim), endedAt: changedAt(files.exit), droppedBytes }
  if (word === 'couldNotStart')
    return { exit: null, signal: null, why: 'couldNotStart', error: rest.join(' '), ...times }
  const why = readStop(files)?.why ?? 'exited'
  const code = Number(rest[0])
  return {
    ...readCode(code),
    why,
    ...times,
    ...(why === 'exited' && code === killed ? { note: killedNote } : {}),
  }
}

/** So long a launcher may take to write its line into the file that it has made. */
const claimWithinMs = 5_000

/** Its launcher has made the file that claims the job, and has not written into it yet. */
function isBeingClaimed(files: JobFolder): boolean {
  return !read(files.claim)?.endsWith('\n') && Date.now() - changedAt(files.claim) < claimWithinMs
}

/** What has become of a job, by its folder alone. */
export function findJob(files: JobFolder, droppedBytes: number): Found<CommandEnd> {
  const ended = readEnd(files, droppedBytes)
  if (ended) return { ended }
  if (read(files.claim) === undefined) return 'absent'
  if (launcherOf(files)) return 'running'
  // It may have written its last word and gone between the two looks.
  const late = readEnd(files, droppedBytes)
  if (late) return { ended: late }
  const stop = readStop(files)
  if (!stop) return isBeingClaimed(files) ? 'running' : 'lost'
  const times = {
    startedAt: changedAt(files.claim),
    endedAt: Math.max(stop.forceAt, changedAt(files.stop)),
    droppedBytes,
  }
  return { ended: { exit: null, signal: 'SIGKILL', why: stop.why, ...times } }
}

/** The command's own process, when it lives. */
export function seeJob(files: JobFolder): CommandSeen | undefined {
  const child = parseIdentity(read(files.child) ?? '')
  return child && isAlive(child) ? { pid: child.pid, startedAt: changedAt(files.child) } : undefined
}

/** Asks the whole group to end. The launcher, which leads it, lets the signal pass by. */
export function terminate(files: JobFolder): void {
  const launcher = launcherOf(files)
  if (launcher) signalTo(launcher, 'SIGTERM', true)
}

/** Ends, one by one and each with its identity checked, all that carries the job's cookie, wherever it went; not the launcher. */
export function killCarriers(files: JobFolder, cookie: string): number {
  const launcher = launcherOf(files)
  const carriers = findCarriers(cookie).filter((one) => one.cookie === cookie && one.pid !== launcher?.pid)
  for (const carrier of carriers) signalTo(carrier, 'SIGKILL', false)
  return carriers.length
}

/** Whether anything of the launcher's group outlived it. */
export function groupOutlives(files: JobFolder): boolean {
  const claim = parseIdentity(read(files.claim) ?? '')
  return claim?.boot === bootId() && hasLivingMember(claim.pid)
}

/** The last resort, against what has dropped its cookie: the group, and the launcher with it. */
export function killGroup(files: JobFolder): void {
  const launcher = launcherOf(files)
  if (launcher) signalTo(launcher, 'SIGKILL', true)
}
