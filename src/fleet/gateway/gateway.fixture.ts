import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { freePort } from '../../../test/support/ports.ts'
import type { Split, TrafficSeen } from '../traffic.ts'
import { type GatewayControl, gatewayControl } from './client.ts'
import { startGateway, stopGateway } from './processes.ts'
import type { GatewayTable } from './table.ts'

/** A service in this process that counts what it is asked; it closes idle connections exactly when it says so. */
export type TestUpstream = {
  readonly port: number
  readonly server: Server
  readonly asked: () => number
  close(): Promise<void>
}

export async function startUpstream(
  listener: RequestListener,
  keepAliveTimeout = 5_000,
): Promise<TestUpstream> {
  let asked = 0
  const server = createServer({ keepAliveTimeout, keepAliveTimeoutBuffer: 0 }, (request, response) => {
    if (request.url === '/health') return void response.end('well')
    asked++
    listener(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    server,
    asked: () => asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

type FleetWanted = { readonly weight: number; readonly ports: readonly number[]; readonly serving?: boolean }

let revision = 0

/** A table of fleets by name, newer than all before it. */
export const tableFor = (
  fleets: Record<string, FleetWanted>,
  requestTimeoutMs = 10_000,
  split: Split = 'request',
): GatewayTable => ({
  ...{ environment: 'test', revision: ++revision, fence: 1, requestTimeoutMs, split },
  fleets: Object.entries(fleets).map(([fleet, { weight, ports, serving = true }]) => ({
    ...{ fleet, weight, healthPath: '/health' },
    upstreams: ports.map((port, i) => ({ instance: `${fleet}/${i}`, host: '127.0.0.1', port, serving })),
  })),
})

export type TestGateway = {
  readonly folder: string
  readonly port: number
  readonly control: GatewayControl
  /** Polls until what is seen is as wanted. */
  until(wanted: (seen: TrafficSeen) => boolean): Promise<TrafficSeen>
  stop(): Promise<void>
}

const deadlineMs = 5_000

/** A gateway in processes of its own. */
export async function startTestGateway(table?: GatewayTable): Promise<TestGateway> {
  const folder = await mkdtemp(join(tmpdir(), 'plm-gateway-'))
  const port = await freePort()
  const control = gatewayControl(folder)
  if (table) await control.apply(table)
  await startGateway({ folder, host: '127.0.0.1', port, env: { PATH: process.env.PATH ?? '' } })
  return {
    ...{ folder, port, control },
    until: (wanted) => poll(control.seen, wanted),
    async stop() {
      await stopGateway(folder, 2_000)
      const log = await readFile(join(folder, 'gateway.log'), 'utf8')
      await rm(folder, { recursive: true, force: true })
      if (/Error/.test(log)) throw new Error(`the gateway said: ${log}`)
    },
  }
}

/** Asks again and again until the answer is as wanted. */
export async function poll<T>(ask: () => Promise<T>, wanted: (found: T) => boolean): Promise<T> {
  for (const until = Date.now() + deadlineMs; ; await pause(10)) {
    const found = await ask()
    if (wanted(found)) return found
    if (Date.now() > until) throw new Error(`still ${JSON.stringify(found)}`)
  }
}

/** Sends bytes as they are; all that comes back until the other side closes. */
export const sendRaw = (port: number, bytes: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes, 'latin1'))
    socket.setTimeout(deadlineMs, () => socket.destroy(new Error(`still open after ${text}`)))
    socket.on('data', (part) => (text += part.toString('latin1')))
    socket.on('close', () => resolve(text))
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' ? resolve(text) : reject(error),
    )
  })

/** Pids whose parent is the given one. */
export async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
  return text.trim().split(' ').filter(Boolean).map(Number)
}
