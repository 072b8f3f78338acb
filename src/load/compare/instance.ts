import { spawn } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { PlimsollError } from '../../kernel/index.ts'
import { type Cores, onServiceCores } from './cores.ts'

/** How one instance of a side is started on this machine. */
export type Service = {
  readonly name: string
  readonly folder: string
  readonly command: string
  /** Runs to its end before each start: what the instance depends on is reset and seeded. */
  readonly prepare?: string
  /** Beside what this process has. */
  readonly env?: Readonly<Record<string, string>>
  /** The variable that tells it its port. */
  readonly portVariable: string
  /** Answers below 400 when it is ready. */
  readonly health: string
  readonly readyWithinMs: number
  readonly graceMs: number
}

export interface Instance {
  /** Without a slash at its end. */
  readonly url: string
  /** Undefined: it is somewhere else, and not ours to look into. */
  readonly group: number | undefined
  stop(): Promise<void>
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

const tailBytes = 2_000

const tailOf = (log: string): string => readFileSync(log, 'utf8').slice(-tailBytes).trim()

function signalGroup(group: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(-group, signal)
    return true
  } catch {
    return false
  }
}

const refuse = (service: Service, what: string, log: string) =>
  new PlimsollError('PLM_LOAD_TARGET', [
    { at: service.name, text: `${service.name}: ${what}` },
    ...tailOf(log)
      .split('\n')
      .filter(Boolean)
      .slice(-8)
      .map((text) => ({ at: service.name, text })),
  ])

/** A command in a process group of its own, whose output goes into a file. */
function start(
  service: Service,
  command: string,
  {
    env,
    log,
    cores,
  }: {
    readonly env: Readonly<Record<string, string>>
    readonly log: string
    readonly cores: Cores | undefined
  },
) {
  const output = openSync(log, 'a', 0o600)
  // Where Plimsoll keeps what it compiled is no business of the service.
  const { NODE_COMPILE_CACHE: _, ...inherited } = process.env
  const [program = '', ...args] = [...onServiceCores(cores), '/bin/sh', '-c', command]
  const child = spawn(program, args, {
    cwd: service.folder,
    env: { ...inherited, ...env },
    detached: true,
    stdio: ['ignore', output, output],
  })
  closeSync(output)
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(signal ? `it ended by ${signal}` : `it ended with ${code}`))
  })
  return { group: child.pid ?? 0, ended }
}

const askMs = 1_000
const againMs = 25

async function isHealthy(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(askMs), redirect: 'manual' })
    await answer.arrayBuffer()
    return answer.status < 400
  } catch {
    return false
  }
}

async function untilHealthy(url: string, withinMs: number): Promise<string> {
  const deadline = performance.now() + withinMs
  while (performance.now() < deadline) {
    if (await isHealthy(url)) return 'healthy'
    await sleep(againMs)
  }
  return `it was not healthy within ${Math.round(withinMs / 1_000)} s`
}

async function prepare(service: Service, how: Parameters<typeof start>[2]): Promise<void> {
  if (service.prepare === undefined) return
  const ended = await start(service, service.prepare, how).ended
  if (ended !== 'it ended with 0') throw refuse(service, `${service.prepare} failed: ${ended}`, how.log)
}

/**
 * Starts a fresh instance with an empty data folder, and waits until it is healthy.
 * @param cores those that it may use, when the generator has one of its own
 * @throws PLM_LOAD_TARGET with what it printed, when it cannot be prepared or does not become healthy
 */
export async function startInstance(service: Service, cores?: Cores): Promise<Instance> {
  const temporary = mkdtempSync(join(tmpdir(), 'plimsoll-compare-'))
  const log = join(temporary, 'output')
  const port = await freePort()
  const data = mkdtempSync(join(temporary, 'data-'))
  const env = { ...service.env, [service.portVariable]: String(port), DATA_DIR: data }
  const url = `http://127.0.0.1:${port}`
  const clean = () => rm(temporary, { recursive: true, force: true })
  try {
    const how = { env, log, cores }
    await prepare(service, how)
    const { group, ended } = start(service, service.command, how)
    const stop = async () => {
      if (signalGroup(group, 'SIGTERM'))
        await Promise.race([ended, sleep(service.graceMs, undefined, { ref: false })])
      // What it left behind goes with it.
      signalGroup(group, 'SIGKILL')
      await ended
    }
    const found = await Promise.race([ended, untilHealthy(`${url}${service.health}`, service.readyWithinMs)])
    if (found !== 'healthy') {
      await stop()
      throw refuse(service, found, log)
    }
    return { url, group, stop: () => stop().then(clean) }
  } catch (error) {
    await clean()
    throw error
  }
}
