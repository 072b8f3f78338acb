import { execFile, spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { findGateway, gatewayControl, startGateway, stopGateway } from '../../src/fleet/gateway/index.ts'
import { type GatewayConfig, usualGateway } from '../../src/fleet/gateway-config.ts'
import type { TrafficSeen } from '../../src/fleet/index.ts'
import { freePort } from '../../test/support/ports.ts'

const exec = promisify(execFile)
/** Of the proxy that is measured; upstream and clients have the other one. */
const proxyCore = '0'

/** A proxy that runs, on a core of its own. */
export type RunningProxy = {
  readonly name: string
  readonly port: number
  /** User and system time of its processes so far, in clock ticks of 10 ms. */
  readonly cpuMs: () => number
  readonly seen?: () => Promise<TrafficSeen>
  stop(): Promise<void>
}

const cpuOf = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * 10
}

async function answering(name: string, port: number): Promise<void> {
  for (let i = 0; i < 100; i++) {
    const answer = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined)
    if (answer?.ok) return
    await sleep(50)
  }
  throw new Error(`${name} does not answer`)
}

/** One process, no children, that ends when told. */
async function single(name: string, port: number, command: readonly string[]): Promise<RunningProxy> {
  const child = spawn('taskset', ['-c', proxyCore, ...command], { stdio: 'ignore' })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  await answering(name, port)
  return {
    ...{ name, port, cpuMs: () => cpuOf(child.pid ?? 0) },
    stop: () => {
      child.kill('SIGTERM')
      return ended
    },
  }
}

const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

async function onNode(name: string, file: string, upstream: number): Promise<RunningProxy> {
  const port = await freePort()
  return single(name, port, [process.execPath, script(file), String(port), String(upstream)])
}

const nginxConfig = (folder: string, port: number, upstream: number): string => `
daemon off; master_process off; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
events { worker_connections 4096; }
http {
  access_log off; keepalive_requests 1000000000; keepalive_timeout 600s;
  upstream service { server 127.0.0.1:${upstream}; keepalive 256; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / {
      proxy_pass http://service; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_set_header Host $host; proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme; proxy_set_header X-Forwarded-Host $host;
    }
  }
}
`

async function nginx(folder: string, upstream: number): Promise<RunningProxy> {
  const port = await freePort()
  mkdirSync(folder)
  const config = join(folder, 'nginx.conf')
  writeFileSync(config, nginxConfig(folder, port, upstream))
  return single('nginx', port, ['nginx', '-c', config, '-p', folder])
}

const haproxyConfig = (port: number, upstream: number): string => `
global
  nbthread 1
  maxconn 4096
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  option forwardfor
  http-reuse always
frontend front
  bind 127.0.0.1:${port}
  default_backend service
backend service
  server one 127.0.0.1:${upstream} check pool-max-conn 256
`

async function haproxy(folder: string, upstream: number): Promise<RunningProxy> {
  const port = await freePort()
  mkdirSync(folder)
  const config = join(folder, 'haproxy.cfg')
  writeFileSync(config, haproxyConfig(port, upstream))
  return single('haproxy', port, ['haproxy', '-db', '-f', config])
}

/** Those of the collector. */
const edgesMs = [5, 10, 25, 50, 75, 100, 250, 500, 750, 1_000, 2_500, 5_000, 7_500, 10_000]

/** The gateway's loop is a shell that sleeps; its one child is what serves. */
export async function gateway(
  folder: string,
  upstream: number,
  mostWaiting?: number,
  templates: readonly string[] = [],
  treatment: Partial<GatewayConfig> = {},
): Promise<RunningProxy & { readonly pid: number }> {
  mkdirSync(folder)
  const port = await freePort()
  const control = gatewayControl(folder)
  const one = { instance: 'live/0', host: '127.0.0.1', port: upstream, serving: true }
  await control.apply({
    ...{
      environment: 'bench',
      revision: 1,
      fence: 1,
      requestTimeoutMs: 60_000,
      mostWaiting,
      split: 'request',
      ...(templates.length === 0 ? {} : { routes: { templates: [...templates], edgesMs } }),
    },
    gateway: { ...usualGateway, ...treatment },
    fleets: [{ fleet: 'live', weight: 1, healthPath: '/count', upstreams: [one] }],
  })
  await startGateway({ folder, host: '127.0.0.1', port, env: { PATH: process.env.PATH ?? '' } })
  const loop = (await findGateway(folder))?.pid ?? 0
  const pid = Number(readFileSync(`/proc/${loop}/task/${loop}/children`, 'utf8').trim().split(' ')[0])
  await exec('taskset', ['-acp', proxyCore, String(pid)])
  await answering('gateway', port)
  return {
    ...{ name: 'plimsoll gateway', port, pid, cpuMs: () => cpuOf(pid), seen: control.seen },
    stop: () => stopGateway(folder, 5_000),
  }
}

const has = async (command: string): Promise<boolean> =>
  (await exec('which', [command]).catch(() => undefined)) !== undefined

/** All that are installed here. @param folder for their files */
export async function startProxies(folder: string, upstream: number): Promise<readonly RunningProxy[]> {
  const proxies: RunningProxy[] = [await gateway(join(folder, 'gateway'), upstream)]
  proxies.push(await nginx(join(folder, 'nginx'), upstream))
  if (await has('haproxy')) proxies.push(await haproxy(join(folder, 'haproxy'), upstream))
  proxies.push(await onNode('node:http, no upstream', 'static.ts', upstream))
  proxies.push(await onNode('node:http', 'plain.ts', upstream))
  proxies.push(await onNode('node:http and undici', 'through-undici.ts', upstream))
  return proxies
}
