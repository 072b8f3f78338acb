import type { FleetId, TrafficSeen } from '../../src/fleet/index.ts'
import type { Gateways, Instances, TrafficOrder, Upstreams } from '../../src/flow/world.ts'
import type { CommandEnd, CommandSeen, CommandSpec } from '../../src/host/index.ts'
import type { Digest, Found, Instant, Job, Key } from '../../src/kernel/index.ts'
import { type Clients, noClients, simulateClients } from './clients.ts'
import type { VirtualClock } from './virtual-clock.ts'

/** How a simulated command behaves: ends by itself after a while, or lives; answers its health check, or not. */
export type Script = {
  readonly endsAfterMs?: number
  readonly exit?: number
  readonly healthyAfterMs?: number
  /** From when on it is too busy to say that it is well, and when that is over. */
  readonly busyMs?: readonly [from: number, until: number]
}

type Process = {
  readonly key: Key
  readonly spec: CommandSpec
  readonly script: Script
  readonly startedAt: Instant
  readonly pid: number
  readonly port: number | undefined
  ended?: CommandEnd
  cancelled: boolean
}

/**
 * A machine that outlives the process under test: commands go on while it is dead. It keeps an account of what was
 * asked of it, so that invariants can be checked over all lives.
 */
export function simulateMachine(clock: VirtualClock, scriptOf: (key: Key, spec: CommandSpec) => Script) {
  const processes = new Map<Key, Process>()
  const startsOf = new Map<Key, number>()
  const listeners = new Set<(key: Key) => void>()
  const unpacked = new Set<Digest>()
  let nextPort = 20_000

  const end = (process: Process, why: CommandEnd['why'], exit: number | null) => {
    if (process.ended) return
    process.ended = {
      exit,
      signal: exit === null ? 'SIGTERM' : null,
      why,
      startedAt: process.startedAt,
      endedAt: clock.now(),
      droppedBytes: 0,
    }
    for (const listener of listeners) listener(process.key)
  }

  const commands: Job<CommandSpec, CommandEnd> & {
    running(key: Key): Promise<CommandSeen | undefined>
    containerSize(key: Key): Promise<undefined>
    watch(l: (key: Key) => void): () => void
  } = {
    containerSize: async () => undefined,
    async start(key, spec) {
      if (processes.has(key)) return
      startsOf.set(key, (startsOf.get(key) ?? 0) + 1)
      const script = scriptOf(key, spec)
      const port = spec.env.PORT === undefined ? undefined : Number(spec.env.PORT)
      const process: Process = {
        key,
        spec,
        script,
        startedAt: clock.now(),
        pid: processes.size + 1,
        port,
        cancelled: false,
      }
      processes.set(key, process)
      if (script.endsAfterMs !== undefined)
        clock.at(clock.now() + script.endsAfterMs, () => end(process, 'exited', script.exit ?? 0))
    },
    async find(key): Promise<Found<CommandEnd>> {
      const process = processes.get(key)
      if (!process) return 'absent'
      return process.ended ? { ended: process.ended } : 'running'
    },
    async running(key) {
      const process = processes.get(key)
      return process && !process.ended ? { pid: process.pid, startedAt: process.startedAt } : undefined
    },
    async cancel(key) {
      const process = processes.get(key)
      if (!process || process.cancelled) return
      process.cancelled = true
      clock.at(clock.now() + 50, () => end(process, 'cancelled', null))
    },
    watch(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }

  const onPort = (port: number) => [...processes.values()].find((p) => p.port === port && !p.ended)
  const healthy = (port: number): boolean => {
    const process = onPort(port)
    if (!process || process.cancelled) return false
    const { healthyAfterMs: after, busyMs: [from, until] = [Infinity, Infinity] } = process.script
    const age = clock.now() - process.startedAt
    return after !== undefined && age >= after && !(age >= from && age < until)
  }

  const instances: Omit<Instances, 'scrape'> = {
    readyFile: async (key) => `/jobs/${key}/ready`,
    isReady: async (key) => {
      const process = processes.get(key)
      return (
        process !== undefined &&
        clock.now() - process.startedAt >= (process.script.healthyAfterMs ?? Infinity)
      )
    },
    probe: async (port) => (healthy(port) ? { ok: true } : { ok: false, because: 'connection refused' }),
    freePorts: async (count) => Array.from({ length: count }, () => nextPort++),
    folderOf: async (release) => (unpacked.has(release) ? `/releases/${release}` : undefined),
    unpack: async (release) => void unpacked.add(release),
    lacks: async () => undefined,
    runs: async (_seen, release) => release,
    machine: async () => ({ cpus: 4, memoryBytes: 8 * 2 ** 30 }),
    containersOf: async () => ({}),
  }

  return {
    commands,
    instances,
    healthy,
    processes,
    startsOf,
    alive: () => [...processes.values()].filter((p) => !p.ended),
  }
}

export type SimulatedMachine = ReturnType<typeof simulateMachine>

type Table = {
  readonly order: TrafficOrder
  readonly upstreams: Upstreams
  readonly fence: number
  readonly takenAt: Instant
}

/** Gateways that serve their last table whoever lives, and note each moment at which nobody could have answered. */
export function simulateGateways(
  clock: VirtualClock,
  machine: Pick<SimulatedMachine, 'healthy'>,
  clients: Clients = noClients,
) {
  const tables = new Map<string, Table>()
  const ledger = simulateClients(clients)
  const history: { at: Instant; environment: string; serving: number; fleets: readonly FleetId[] }[] = []
  const refusedTables: string[] = []
  /** Tables that squeeze an instance, and until when. */
  const squeezes: { readonly at: Instant; readonly until: Instant; readonly share: number }[] = []

  const serving = (table: Table) =>
    table.order.fleets.flatMap((fleet) =>
      (table.upstreams[fleet.fleet] ?? [])
        .filter((u) => u.index < fleet.serving && machine.healthy(u.port))
        .map(() => fleet.fleet),
    )

  const gateways: Gateways = {
    exists: async (environment) => tables.has(environment),
    remove: async (environment) => void tables.delete(environment),
    async apply(order, upstreams, fence) {
      const known = tables.get(order.environment)
      if (
        known &&
        (fence < known.fence || (fence === known.fence && order.revision < known.order.revision))
      ) {
        refusedTables.push(`${order.environment} ${fence}/${order.revision}`)
        return
      }
      if (known) ledger.countOn(known.order, clock.now())
      // Said again, it only lasts longer.
      const isSame = known?.fence === fence && known.order.revision === order.revision && known.order.squeeze
      const takenAt = isSame && order.squeeze ? known.takenAt : clock.now()
      tables.set(order.environment, { order, upstreams, fence, takenAt })
      if (order.squeeze) squeezes.push({ ...order.squeeze, at: clock.now() })
      ledger.countOn(order, clock.now())
      note(order.environment)
    },
    lately: async () => undefined,
    async observe(environment): Promise<TrafficSeen> {
      const table = tables.get(environment)
      if (!table)
        return {
          reachable: false,
          revision: 0,
          generation: '',
          upstreams: [],
          counts: {},
          refused: 0,
          lost: [],
        }
      const upstreams = table.order.fleets.flatMap((fleet) =>
        (table.upstreams[fleet.fleet] ?? []).map((u) => ({
          instance: `${fleet.fleet}/${u.index}`,
          fleet: fleet.fleet,
          healthy: machine.healthy(u.port),
          serving: u.index < fleet.serving,
          inFlight: 0,
        })),
      )
      return {
        reachable: true,
        revision: table.order.revision,
        generation: '1',
        upstreams,
        counts: ledger.countOn(table.order, clock.now()),
        refused: 0,
        lost: [],
        ...squeezeIn(table),
      }
    },
  }

  function squeezeIn({ order, takenAt }: Table): Pick<TrafficSeen, 'squeeze'> {
    const squeeze = ledger.squeezedIn(order, takenAt, clock.now())
    return squeeze ? { squeeze } : {}
  }

  function note(environment: string) {
    const table = tables.get(environment)
    if (!table) return
    const now = serving(table)
    history.push({ at: clock.now(), environment, serving: now.length, fleets: [...new Set(now)] })
  }

  /** Every instance of a fleet has answered as much of what the fleet was sent as the others. */
  async function scrape(port: number): ReturnType<Instances['scrape']> {
    for (const { upstreams } of tables.values())
      for (const [fleet, all] of Object.entries(upstreams))
        if (machine.healthy(port) && all.some((upstream) => upstream.port === port))
          return { text: ledger.metricsOf(fleet, all.length) }
    return { because: 'connection refused' }
  }

  return {
    gateways,
    scrape,
    tables,
    history,
    refusedTables,
    squeezes,
    noteAll: () => [...tables.keys()].forEach(note),
    serving: (environment: string) => {
      const table = tables.get(environment)
      return table ? serving(table) : []
    },
  }
}
