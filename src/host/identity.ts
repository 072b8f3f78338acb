import { readdirSync, readFileSync } from 'node:fs'
import { type Clock, PlimsollError } from '../kernel/index.ts'

/** A process that cannot be mistaken for another: pids are used again, start times with them are not. */
export type Identity = { readonly pid: number; readonly startTime: string }

const read = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

let boot: string | undefined
/** Changes with every start of the machine. */
export function bootId(): string {
  boot ??= read('/proc/sys/kernel/random/boot_id')?.trim() ?? ''
  return boot
}

/** Fields of a stat line after the name, which may itself hold spaces and brackets. */
const fieldsAfterName = (stat: string): string[] => stat.slice(stat.lastIndexOf(')') + 2).split(' ')

const statOf = (pid: number): string[] | undefined => {
  const stat = read(`/proc/${pid}/stat`)
  return stat === undefined ? undefined : fieldsAfterName(stat)
}

/** What a launcher writes of a process: the boot id, then its line of /proc/self/stat. Undefined while it is not whole. */
export function parseIdentity(line: string): (Identity & { readonly boot: string }) | undefined {
  const [boot, pid] = line.split(' ', 2)
  const startTime = fieldsAfterName(line)[19]
  return boot && pid && startTime ? { boot, pid: Number(pid), startTime } : undefined
}

/** When the kernel started it, in ticks; undefined when it is gone, or dead and only not yet collected. */
export function startTimeOf(pid: number): string | undefined {
  const fields = statOf(pid)
  return fields === undefined || fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19]
}

export const isAlive = ({ pid, startTime }: Identity): boolean => startTimeOf(pid) === startTime

/** Name of the variable that every process of a job carries. */
export const cookieVariable = 'PLIMSOLL_COOKIE'

/** The cookie that a process was started with; undefined for processes of others. */
function cookieIn(pid: number): string | undefined {
  const environment = read(`/proc/${pid}/environ`)
  const entry = environment?.split('\0').find((one) => one.startsWith(`${cookieVariable}=`))
  return entry?.slice(cookieVariable.length + 1)
}

/**
 * Whether a process group still has a member that lives. Signal 0 tells cheaply when it has none at all, but reaches
 * the dead as well as long as nobody has collected them; so then each member is looked at.
 */
export function hasLivingMember(group: number): boolean {
  try {
    process.kill(-group, 0)
  } catch {
    return false
  }
  return readdirSync('/proc').some((name) => {
    const fields = Number.isInteger(Number(name)) ? statOf(Number(name)) : undefined
    return fields !== undefined && fields[2] === String(group) && fields[0] !== 'Z' && fields[0] !== 'X'
  })
}

export type Carrier = Identity & { readonly cookie: string }

/** Every process of this machine that carries a cookie beginning with `prefix`. */
export function findCarriers(prefix: string): Carrier[] {
  return readdirSync('/proc').flatMap((name) => {
    const pid = Number(name)
    if (!Number.isInteger(pid)) return []
    const cookie = cookieIn(pid)
    const startTime = cookie?.startsWith(prefix) ? startTimeOf(pid) : undefined
    return cookie && startTime ? [{ pid, startTime, cookie }] : []
  })
}

const endsWithinMs = 10_000
const lookAgainMs = 50
/** What is just being forked is found at the second look. */
const quietLooks = 2

/**
 * Ends by force, one by one, all that carries a cookie with one of these beginnings; returns when two looks in a row
 * found none.
 * @throws PlimsollError PLM_NOT_ENDED
 */
export async function endCarriers(prefixes: readonly string[], clock: Clock): Promise<void> {
  const until = clock.now() + endsWithinMs
  for (let quiet = 0; quiet < quietLooks; await clock.until(clock.now() + lookAgainMs)) {
    const carriers = prefixes.flatMap(findCarriers).filter(({ pid }) => pid !== process.pid)
    for (const carrier of carriers) signalTo(carrier, 'SIGKILL', false)
    quiet = carriers.length === 0 ? quiet + 1 : 0
    if (clock.now() < until || carriers.length === 0) continue
    const named = carriers.map(({ pid, cookie }) => ({ text: `${cookie} (pid ${pid}) does not end` }))
    throw new PlimsollError('PLM_NOT_ENDED', named)
  }
}

/** Sends a signal to a process, or with `group` to the group that it leads; false when it is not that process any more. */
export function signalTo(process_: Identity, signal: NodeJS.Signals, group: boolean): boolean {
  if (!isAlive(process_)) return false
  try {
    process.kill(group ? -process_.pid : process_.pid, signal)
    return true
  } catch {
    return false
  }
}
