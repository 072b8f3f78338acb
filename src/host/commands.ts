import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type Clock, type CrashPoint, type Found, type Key, PlimsollError } from '../kernel/index.ts'
import { cookieVariable, endCarriers, findCarriers } from './identity.ts'
import {
  findJob,
  groupOutlives,
  killCarriers,
  killGroup,
  readStop,
  seeJob,
  terminate,
  writeStop,
} from './job.ts'
import type { CommandEnd, CommandSpec, Commands } from './jobs.ts'
import { createLaunchPad } from './launch-pad.ts'
import { launcherScript } from './launcher.ts'
import { type JobFolder, jobFolder, keyOf } from './layout.ts'
import { readLog } from './log.ts'
import { assertMaskable } from './mask.ts'
import { Tail } from './tail.ts'

export type HostOptions = {
  /** Job directories are made in here. */
  readonly folder: string
  readonly clock: Clock
  /** Names this Plimsoll on the machine: every process that it starts carries it. Letters, digits, `-`. */
  readonly cookie: string
  readonly crashPoint?: CrashPoint
}

/** What a job directory remembers of its command. Values of variables are never in it. */
type KeptSpec = Pick<CommandSpec, 'timeoutMs' | 'graceMs' | 'log'> & { readonly deadline: number | null }

type Known = {
  readonly key: Key
  readonly files: JobFolder
  readonly spec: KeptSpec
  readonly tail: Tail
  /** Its launcher is watched by this process, and not over. */
  launching?: boolean
  over?: Found<CommandEnd>
  forced?: number
}

const lookMs = 100
const sweepMs = 5_000
/** Who follows a command that was only just decided on waits so long for it to begin. */
const beginsWithinMs = 5_000
/** Between ending all that carries the cookie and ending the whole group. */
const lastResortMs = 2_000

/** Commands of this machine, each in a directory of its own below `folder`. */
export function hostCommands({ folder, clock, cookie, crashPoint = () => {} }: HostOptions): Commands {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const known = new Map<Key, Known>()
  const active = new Set<Known>()
  const listeners = new Set<(key: Key) => void>()
  let ending = false
  /** Not a cookie of a job: a pad is no carrier that the sweep would end. */
  const padCookie = `${cookie}@launch-pad`
  const pad = createLaunchPad({ [cookieVariable]: padCookie })
  const cookieOf = (key: Key): string => `${cookie}:${key}`
  const tell = (key: Key) => {
    for (const listener of listeners) listener(key)
  }

  function remember(key: Key, files: JobFolder, spec: KeptSpec, secrets: readonly string[]): Known {
    const job: Known = { key, files, spec, tail: new Tail(files, spec.log, secrets) }
    known.set(key, job)
    active.add(job)
    return job
  }

  /** Its output first, then its end is told: who hears of the end finds the log whole. */
  function settle(job: Known): void {
    if (job.over) return
    const found = findJob(job.files, 0)
    if (found === 'running' || found === 'absent') return
    // The shell around a service may end at once while the service still drains: its group has until the grace is over.
    const asked = readStop(job.files)
    if (asked && clock.now() < asked.forceAt && groupOutlives(job.files)) return
    job.tail.finish()
    // What left the group as well is found by the sweep.
    if (readStop(job.files) || groupOutlives(job.files)) killCarriers(job.files, cookieOf(job.key))
    job.over = found === 'lost' ? found : findJob(job.files, job.tail.droppedBytes)
    active.delete(job)
    tell(job.key)
  }

  function launch(job: Known, spec: CommandSpec): void {
    const env = { ...spec.env, [cookieVariable]: cookieOf(job.key) }
    const argv = [job.files.folder, spec.cwd, ...spec.argv]
    job.launching = true
    const onOver = () => {
      job.launching = false
      settle(job)
    }
    const begin = () => spawnLauncher(argv, env, onOver)
    // The pad may be gone before it has begun this one: of two launchers one claims the job.
    const onPadOver = () => (findJob(job.files, 0) === 'absent' && !ending ? begin() : onOver())
    // What lives long is started by this process: a shell that waits for it would live as long.
    if (spec.timeoutMs === undefined || !pad.launch({ argv, env, onOver: onPadOver })) begin()
  }

  function stop(job: Known, why: 'cancelled' | 'timedOut', graceMs: number): void {
    if (job.over || readStop(job.files)) return
    const at = clock.now()
    writeStop(job.files, { why, at, forceAt: at + graceMs })
    crashPoint('host.stop:written')
    terminate(job.files)
  }

  /** Force comes when the grace is over: first what carries the cookie, then the whole group. */
  function force(job: Known, now: number): void {
    const wanted = readStop(job.files)
    if (!wanted || now < wanted.forceAt) return
    job.forced ??= now
    if (now - job.forced > lastResortMs) killGroup(job.files)
    else killCarriers(job.files, cookieOf(job.key))
  }

  function look(): void {
    const now = clock.now()
    for (const job of active) {
      job.tail.pump()
      const { deadline } = job.spec
      if (deadline !== null && now >= deadline) stop(job, 'timedOut', job.spec.graceMs)
      force(job, now)
      // Of a launcher that we began we are told; one that we adopted is looked at.
      if (!job.launching) settle(job)
    }
  }

  /** What outlived its job, because it left the group: found by its cookie. */
  function sweep(): void {
    for (const carrier of findCarriers(`${cookie}:`)) {
      const job = known.get(carrier.cookie.slice(cookie.length + 1))
      if (job?.over) killCarriers(job.files, carrier.cookie)
    }
  }

  const looking = setInterval(look, lookMs)
  const sweeping = setInterval(sweep, sweepMs)
  looking.unref()
  sweeping.unref()

  /** A folder whose launcher has never begun holds nothing that could end. */
  const isBegun = (job: Known): boolean => job.launching === true || findJob(job.files, 0) !== 'absent'

  /** Until each has ended, or should have been ended by force. */
  async function untilEnded(jobs: readonly Known[]): Promise<void> {
    const graceMs = Math.max(0, ...jobs.map(({ spec }) => spec.graceMs))
    const until = clock.now() + graceMs + 2 * lastResortMs
    while (clock.now() < until && jobs.some((job) => !job.over && isBegun(job)))
      await clock.until(clock.now() + lookMs / 2)
  }

  function readSpec(files: JobFolder): KeptSpec | undefined {
    try {
      return JSON.parse(readFileSync(files.spec, 'utf8')) as KeptSpec
    } catch {
      return undefined
    }
  }

  return {
    async start(key, spec) {
      assertMaskable(spec.secrets)
      if (known.has(key)) return
      if (ending) throw new PlimsollError('PLM_STALE', 'everything is being stopped')
      const files = jobFolder(folder, key)
      const deadline = spec.timeoutMs === undefined ? null : clock.now() + spec.timeoutMs
      crashPoint('host.claim:before')
      mkdirSync(files.folder, { recursive: true, mode: 0o700 })
      const { graceMs, log } = spec
      if (!existsSync(files.spec))
        writeFileSync(files.spec, JSON.stringify({ graceMs, log, deadline } satisfies KeptSpec), {
          mode: 0o600,
        })
      crashPoint('host.claim:after')
      launch(remember(key, files, { graceMs, log, deadline }, spec.secrets), spec)
      crashPoint('host.spawn:after')
    },
    async find(key) {
      const job = known.get(key)
      if (!job) return findJob(jobFolder(folder, key), 0)
      if (job.over) return job.over
      // Begun by us: its launcher may not have claimed it yet.
      const found = findJob(job.files, 0)
      return found === 'absent' && !job.launching ? 'absent' : 'running'
    },
    running: async (key) => seeJob(jobFolder(folder, key)),
    async cancel(key, graceMs) {
      const job = known.get(key)
      if (job) stop(job, 'cancelled', graceMs)
    },
    async adopt(secretsOf) {
      for (const name of readdirSync(folder)) {
        const key = keyOf(name)
        const files = jobFolder(folder, key)
        const spec = readSpec(files)
        // A directory without a launcher was only claimed: it is started again by whoever wants it.
        if (known.has(key) || !spec || findJob(files, 0) === 'absent') continue
        settle(remember(key, files, spec, await secretsOf(key)))
      }
      sweep()
      return [...known.keys()]
    },
    watch(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    log(key, from, follow, signal) {
      const patience = clock.now() + beginsWithinMs
      const isOver = (isThere: boolean) => {
        const job = known.get(key)
        return job ? job.over !== undefined : clock.now() >= patience || isThere
      }
      return readLog(jobFolder(folder, key).log, from, follow ? { isOver, clock, signal } : undefined)
    },
    async forget(key) {
      const job = known.get(key)
      if (job && !job.over) return
      known.delete(key)
      rmSync(jobFolder(folder, key).folder, { recursive: true, force: true })
    },
    async census() {
      return findCarriers(`${cookie}:`).map(({ pid, cookie: carried }) => ({
        pid,
        key: carried.slice(cookie.length + 1),
      }))
    },
    async endAll() {
      ending = true
      const jobs = [...active]
      for (const job of jobs) stop(job, 'cancelled', job.spec.graceMs)
      await untilEnded(jobs)
      await endCarriers([`${cookie}:`, padCookie], clock)
    },
    async close() {
      clearInterval(looking)
      clearInterval(sweeping)
      for (const job of active) job.tail.pump()
      pad.close()
    },
  }
}

function spawnLauncher(argv: readonly string[], env: NodeJS.ProcessEnv, onOver: () => void): void {
  const child = spawn('/bin/sh', ['-c', launcherScript, 'plimsoll-job', ...argv], {
    detached: true,
    stdio: 'ignore',
    env,
    cwd: '/',
  })
  child.once('exit', onOver)
  child.once('error', onOver)
  child.unref()
}
