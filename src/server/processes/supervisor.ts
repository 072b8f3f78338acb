import { type ChildProcess, spawn } from 'node:child_process'
import { openSync } from 'node:fs'
import { type Clock, type ExitCode, exit } from '../../kernel/index.ts'
import type { Home } from '../home.ts'
import { endAll } from './end-all.ts'
import {
  findResident,
  forgetResident,
  lastResident,
  type Resident,
  startTimeOf,
  tellResident,
  thisProcess,
  writeResident,
} from './pid-file.ts'
import { serverFlags } from './server-flags.ts'
import type { StopKind, StopOrder } from './stop-order.ts'
import { machineMs } from './stopped.ts'

export type SupervisorOptions = {
  readonly home: Home
  readonly port: number
  readonly host: string
  readonly clock: Clock
  /** Server's entry file. */
  readonly entry: string
  readonly say: (line: string) => void
}

/** After a server that ended so soon, the next one is waited with for longer. */
const tooSoonMs = 3_000
const firstPauseMs = 200
const longestPauseMs = 1_000
const lookMs = 200

const signalFor: Readonly<Record<StopKind, NodeJS.Signals>> = { everything: 'SIGINT', server: 'SIGTERM' }

function startServer({ entry, home, host, port }: SupervisorOptions): ChildProcess {
  const log = openSync(home.log, 'a', 0o600)
  const args = ['--home', home.folder, '--host', host, '--port', String(port), '--asked', String(machineMs())]
  return spawn(process.execPath, [...serverFlags, entry, ...args], {
    detached: true,
    stdio: ['ignore', log, log],
  })
}

const endOf = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => child.once('exit', (code) => resolve(code)))

/** A server that another supervisor started and left behind. */
async function endOfResident(resident: Resident, home: Home, clock: Clock): Promise<null> {
  for (;;) {
    const found = await findResident(home.server)
    if (found?.pid !== resident.pid) return null
    await clock.until(clock.now() + lookMs)
  }
}

type Life = {
  readonly pid: number | undefined
  readonly ended: Promise<number | null>
  tell(kind: StopKind): void
}

function lifeOfResident(resident: Resident, home: Home, clock: Clock): Life {
  return {
    pid: resident.pid,
    ended: endOfResident(resident, home, clock),
    tell: (kind) => void tellResident(resident, signalFor[kind]),
  }
}

function lifeOfChild(child: ChildProcess): Life {
  const startTime = child.pid === undefined ? undefined : startTimeOf(child.pid)
  return {
    pid: child.pid,
    ended: endOf(child),
    tell(kind) {
      if (child.pid !== undefined && startTime !== undefined)
        tellResident({ pid: child.pid, startTime }, signalFor[kind])
    },
  }
}

/** The server that lives, or a new one; none when it is not to live any more. */
async function oneLife(options: SupervisorOptions, order: StopOrder): Promise<Life | undefined> {
  const { home, clock, say } = options
  const resident = await findResident(home.server)
  if (resident) {
    say(`took over the server that runs already (pid ${resident.pid})`)
    return lifeOfResident(resident, home, clock)
  }
  return order.wanted ? undefined : lifeOfChild(startServer(options))
}

/** A server that ended by itself and has never listened has said why; beginning again would say the same. */
const isHopeless = (code: number | null, first: boolean, hasListened: boolean): code is number =>
  first && !hasListened && code !== null && code !== 0

/** Once it listens, a server leaves its name, and a crash does not take that away. */
const listened = async ({ server }: Home, pid: number | undefined): Promise<boolean> =>
  pid !== undefined && (await lastResident(server))?.pid === pid

/** Starts the server again and again until it is told to stop. @returns how `plimsoll up` is to end */
async function keepOneAlive(options: SupervisorOptions, order: StopOrder): Promise<ExitCode> {
  const { home, clock, say } = options
  let life: Life | undefined
  order.watch((kind) => life?.tell(kind))
  for (let first = true, pauseMs = firstPauseMs; !order.wanted; first = false) {
    const startedAt = clock.now()
    life = await oneLife(options, order)
    if (!life) break
    // Told while it was looked for.
    if (order.wanted) life.tell(order.wanted)
    const code = await life.ended
    const hasListened = await listened(home, life.pid)
    life = undefined
    const soon = clock.now() - startedAt < tooSoonMs
    if (order.wanted) break
    if (isHopeless(code, first, hasListened)) return code === exit.usage ? exit.usage : exit.unknown
    pauseMs = soon ? Math.min(longestPauseMs, pauseMs * 2) : firstPauseMs
    say(
      `the server ended (${code === null ? 'by a signal' : `exit ${code}`}); instances and gateways go on; starting it again`,
    )
    await Promise.race([clock.until(clock.now() + pauseMs), order.given])
  }
  return exit.yes
}

/**
 * Keeps one server running: starts it, or takes over one that lost its supervisor, and starts it again when it ends.
 * It has no store and nothing to lose. Told to stop everything it ends only when nothing runs any more, whether there
 * was a server at that moment or not.
 * @returns how `plimsoll up` is to end
 * @throws PlimsollError PLM_NOT_ENDED
 */
export async function supervise(options: SupervisorOptions, order: StopOrder): Promise<ExitCode> {
  const { home, clock, entry } = options
  await writeResident(home.supervisor, thisProcess())
  try {
    const code = await keepOneAlive(options, order)
    if (order.wanted === 'everything') await endAll(home, entry, clock)
    return code
  } finally {
    await forgetResident(home.supervisor)
  }
}
