import { readFile, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { PlimsollError } from '../../kernel/errors.ts'
import { gatewayControl } from './client.ts'
import { startLoop } from './loop.ts'

const backlog = 4_096
const startWithinMs = 10_000
const lookEveryMs = 20

type Identity = { readonly pid: number; readonly startTime: string; readonly boot: string }

/** State and start time (fields 3 and 22, proc(5)) of a process; undefined when there is none. */
async function bornAt(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields[0] === 'Z' ? undefined : fields[19]
}

async function isAlive({ pid, startTime, boot }: Identity): Promise<boolean> {
  const now = await readFile('/proc/sys/kernel/random/boot_id', 'utf8')
  return now.trim() === boot && (await bornAt(pid)) === startTime
}

async function identityIn(folder: string): Promise<Identity | undefined> {
  try {
    const identity = JSON.parse(await readFile(join(folder, 'gateway.json'), 'utf8')) as Identity
    return (await isAlive(identity)) ? identity : undefined
  } catch {
    return undefined
  }
}

/** The gateway that runs for this folder: pid of the loop that holds its socket. */
export async function findGateway(folder: string): Promise<{ pid: number } | undefined> {
  const identity = await identityIn(folder)
  return identity && { pid: identity.pid }
}

type Descriptor = { _handle: { fd: number } | null }

/** Binds and hands the socket over within one turn of the event loop, so that nothing is accepted here. */
function listen(host: string, port: number, handOver: (fd: number) => Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const server: Server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => reject(whyNot(error, host, port)))
    server.listen({ host, port, backlog }, () => {
      const fd = (server as unknown as Descriptor)._handle?.fd ?? -1
      handOver(fd).then(resolve, reject)
      server.close()
    })
  })
}

const whyNot = (error: NodeJS.ErrnoException, host: string, port: number): Error =>
  error.code === 'EADDRINUSE'
    ? new PlimsollError('PLM_PORT_IN_USE', `Another process listens on ${host}:${port}.`, { cause: error })
    : error

async function answering(folder: string): Promise<void> {
  for (const until = Date.now() + startWithinMs; Date.now() < until; await pause(lookEveryMs))
    if ((await gatewayControl(folder).seen()).reachable && (await findGateway(folder))) return
  throw new PlimsollError('PLM_INTERNAL', `The gateway in ${folder} did not start; gateway.log may say why.`)
}

export type GatewayStart = {
  /** The gateway's own: table, control socket, log. Must be there. */
  readonly folder: string
  readonly host: string
  readonly port: number
  /** The whole environment of the gateway. */
  readonly env: Readonly<Record<string, string>>
}

/**
 * Starts a gateway that outlives this process. Returns when it answers.
 * @throws PlimsollError PLM_PORT_IN_USE
 */
export async function startGateway({ folder, host, port, env }: GatewayStart): Promise<void> {
  await listen(host, port, (fd) => startLoop(folder, fd, env))
  await answering(folder)
}

/** Starts a gateway of the code as it is now; the old one answers what it has and leaves. */
export async function upgradeGateway(folder: string): Promise<void> {
  const found = await findGateway(folder)
  if (found) process.kill(found.pid, 'SIGUSR1')
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // It ended meanwhile, which is what was wanted.
  }
}

/** Answers what is in flight, then ends. By force after the grace. Nothing when none runs. */
export async function stopGateway(folder: string, graceMs: number): Promise<void> {
  const identity = await identityIn(folder)
  if (!identity) return
  signal(identity.pid, 'SIGTERM')
  for (const until = Date.now() + graceMs; Date.now() < until; await pause(lookEveryMs))
    if (!(await isAlive(identity))) return
  if (await isAlive(identity)) signal(-identity.pid, 'SIGKILL')
  await rm(join(folder, 'gateway.json'), { force: true })
}
