import { type ChildProcess, spawn } from 'node:child_process'
import { openSync } from 'node:fs'
import { type Clock, type ExitCode, exit } from '../../kernel/index.ts'
import type { Home } from '../home.ts'
import {
  findResident,
  forgetResident,
  lastResident,
  type Resident,
  thisProcess,
  writeResident,
} from './pid-file.ts'
import { serverFlags } from './server-flags.ts'

export type SupervisorOptions = {
  readonly home: Home
  readonly port: number
  readonly host: string
  readonly clock: Clock
  /** Server's entry file. */
  readonly entry: string
  readonly say: (line: string) => void
}

/** `everything`: instances and gateways too. `server`: they go on serving, for an upgrade. */
export type StopKind = 'everything' | 'server'

/** After a server that ended so soon, the next one is waited with for longer. */
const tooSoonMs = 3_000
const firstPauseMs = 200
const longestPauseMs = 1_000
const lookMs = 200

const signalFor: Readonly<Record<StopKind, NodeJS.Signals>> = { everything: 'SIGINT', server: 'SIGTERM' }

function startServer({ entry, home, host, port }: SupervisorOptions): ChildProcess {
  const log = openSync(home.log, 'a', 0o600)
  return spawn(
    process.execPath,
    [...serverFlags, entry, '--home', home.folder, '--host', host, '--port', String(port)],
    {
      detached: true,
      stdio: ['ignore', log, log],
    },
  )
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

type Life = { readonly pid: number | undefined; readonly ended: Promise<number | null> }

/** The server that lives, or a new one. */
async function oneLife(options: SupervisorOptions): Promise<Life> {
  const { home, clock, say } = options
  const resident = await findResident(home.server)
  if (resident) {
    say(`took over the server that runs already (pid ${resident.pid})`)
    return { pid: resident.pid, ended: endOfResident(resident, home, clock) }
  }
  const child = startServer(options)
  return { pid: child.pid, ended: endOf(child) }
}

/** A server that ended by itself and has never listened has said why; beginning again would say the same. */
const isHopeless = (code: number | null, first: boolean, hasListened: boolean): code is number =>
  first && !hasListened && code !== null && code !== 0

/** Once it listens, a server leaves its name, and a crash does not take that away. */
const listened = async ({ server }: Home, pid: number | undefined): Promise<boolean> =>
  pid !== undefined && (await lastResident(server))?.pid === pid

/**
 * Keeps one server running: starts it, or takes over one that lost its supervisor, and starts it again when it ends.
 * It has no store and nothing to lose.
 * @returns how `plimsoll up` is to end
 */
export async function supervise(options: SupervisorOptions, stop: Promise<StopKind>): Promise<ExitCode> {
  const { home, clock, say } = options
  let stopping: StopKind | undefined
  let life: Life | undefined
  void stop.then((kind) => {
    stopping = kind
    if (life?.pid) process.kill(life.pid, signalFor[kind])
  })
  await writeResident(home.supervisor, thisProcess())
  try {
    for (let first = true, pauseMs = firstPauseMs; ; first = false) {
      const startedAt = clock.now()
      life = await oneLife(options)
      const code = await life.ended
      const hasListened = await listened(home, life.pid)
      life = undefined
      const soon = clock.now() - startedAt < tooSoonMs
      if (stopping) return exit.yes
      if (isHopeless(code, first, hasListened)) return code === exit.usage ? exit.usage : exit.unknown
      pauseMs = soon ? Math.min(longestPauseMs, pauseMs * 2) : firstPauseMs
      say(
        `the server ended (${code === null ? 'by a signal' : `exit ${code}`}); instances and gateways go on; starting it again`,
      )
      await Promise.race([clock.until(clock.now() + pauseMs), stop])
      if (stopping) return exit.yes
    }
  } finally {
    await forgetResident(home.supervisor)
  }
}
