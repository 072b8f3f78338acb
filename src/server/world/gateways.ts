import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  findGateway,
  type GatewayTable,
  gatewayControl,
  startGateway,
  stopGateway,
  tailRequests,
  upgradeGateway,
} from '../../fleet/gateway/index.ts'
import type { TrafficSeen } from '../../fleet/index.ts'
import type { Gateways, TrafficOrder, Upstreams } from '../../flow/world.ts'
import { type Fence, shortDigest } from '../../kernel/index.ts'
import { watchTraffic } from './lately.ts'

/** So long what is in flight is waited for in a gateway that goes for good. */
const removeGraceMs = 10_000

const releaseIn = ([first]: Upstreams[string] = []) =>
  first?.release === undefined ? {} : { release: shortDigest(first.release) }

/** The table that makes a gateway do what a deployment ordered. */
export const tableOf = (order: TrafficOrder, upstreams: Upstreams, fence: Fence): GatewayTable => ({
  environment: order.environment,
  revision: order.revision,
  fence,
  requestTimeoutMs: order.requestTimeoutMs,
  split: order.split ?? 'request',
  ...(order.squeeze && { squeeze: { ...order.squeeze } }),
  ...(order.routes && {
    routes: { templates: [...order.routes.templates], edgesMs: [...order.routes.edgesMs] },
  }),
  ...(order.gateway && { gateway: { ...order.gateway } }),
  fleets: order.fleets.map(({ fleet, weight, serving }) => ({
    fleet,
    ...releaseIn(upstreams[fleet]),
    weight,
    healthPath: order.healthPath,
    upstreams: (upstreams[fleet] ?? []).map(({ index, port }) => ({
      instance: `${fleet}/${index}`,
      host: '127.0.0.1',
      port,
      serving: index < serving,
    })),
  })),
})

const unseen: TrafficSeen = {
  reachable: false,
  revision: 0,
  generation: '',
  upstreams: [],
  counts: {},
  refused: 0,
  lost: [],
}

export interface GatewayHost extends Gateways {
  /** Starts, on their ports, the gateways that should run and do not; exchanges those of another version of Plimsoll. */
  revive(ports: ReadonlyMap<string, number>): Promise<void>
  /** What is kept of an environment's access log: nothing where none was ever written. */
  requests(
    environment: string,
    wanted: { readonly last: number; readonly goesOn: boolean },
    signal: AbortSignal,
  ): AsyncIterable<Buffer>
  /** In order: what is in flight is answered first. */
  stopAll(graceMs: number): Promise<void>
}

/** One gateway process for each environment, in a folder of its own. */
export function createGateways(
  root: string,
  host: string,
  version: string,
  env: Readonly<Record<string, string>>,
): GatewayHost {
  const folderOf = (environment: string) => join(root, environment)
  const starting = new Map<string, Promise<void>>()
  /** Gone for good: whoever still means to start one, from what he read before, does not. */
  const removed = new Set<string>()

  async function startOnce(environment: string, port: number): Promise<void> {
    const folder = folderOf(environment)
    if (removed.has(environment)) return
    await mkdir(folder, { recursive: true, mode: 0o700 })
    if (await findGateway(folder)) return
    await startGateway({ folder, host, port, env: { ...env, PLIMSOLL_GATEWAY: environment } })
  }

  /** Two who ask at once start one. */
  function ensure(environment: string, port: number): Promise<void> {
    const going = starting.get(environment)
    if (going) return going
    const begun = startOnce(environment, port).finally(() => starting.delete(environment))
    starting.set(environment, begun)
    return begun
  }

  /** A gateway runs the code that it was started with: after an upgrade it hands over to a new one, and loses nothing. */
  async function renew(environment: string, port: number): Promise<void> {
    await ensure(environment, port)
    if (removed.has(environment)) return
    const file = join(folderOf(environment), 'version')
    const before = await readFile(file, 'utf8').catch(() => version)
    if (before !== version) await upgradeGateway(folderOf(environment))
    await writeFile(file, version, { mode: 0o600 }).catch((error) => {
      if (!removed.has(environment)) throw error
    })
  }

  async function observe(environment: string): Promise<TrafficSeen> {
    const folder = folderOf(environment)
    return (await findGateway(folder)) ? gatewayControl(folder).seen() : unseen
  }

  return {
    async apply(order, upstreams, fence) {
      await ensure(order.environment, order.port)
      await gatewayControl(folderOf(order.environment)).apply(tableOf(order, upstreams, fence))
    },
    exists: (environment) =>
      stat(folderOf(environment)).then(
        () => true,
        () => false,
      ),
    async remove(environment) {
      removed.add(environment)
      await starting.get(environment)?.catch(() => {})
      await stopGateway(folderOf(environment), removeGraceMs)
      await rm(folderOf(environment), { recursive: true, force: true })
    },
    observe,
    lately: watchTraffic(() => readdir(root), observe),
    async revive(ports) {
      await Promise.all([...ports].map(([environment, port]) => renew(environment, port)))
    },
    requests: (environment, wanted, signal) => tailRequests(folderOf(environment), wanted, signal),
    async stopAll(graceMs) {
      const environments = await readdir(root)
      await Promise.all(environments.map((environment) => stopGateway(folderOf(environment), graceMs)))
    },
  }
}
