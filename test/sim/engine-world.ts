import type { Book } from '../../src/engine/book.ts'
import type { Kept } from '../../src/engine/group.ts'
import type { Engine } from '../../src/engine/index.ts'
import type { ContainerSeen } from '../../src/engine/shapes.ts'
import { EngineRefusal } from '../../src/engine/socket.ts'
import type { ReleasedContainer } from '../../src/fleet/index.ts'
import type { Instances } from '../../src/flow/world.ts'
import type { Digest, Instant, Key, Limits } from '../../src/kernel/index.ts'
import type { Script } from './machine-world.ts'
import type { VirtualClock } from './virtual-clock.ts'

type Container = {
  readonly id: string
  readonly name: string
  readonly key: Key
  readonly labels: Readonly<Record<string, string>>
  readonly image: Digest
  readonly port: number | undefined
  readonly network: string | undefined
  readonly limits: Limits
  readonly script: Script
  phase: ContainerSeen['phase']
  exit: number
  startedAt: Instant
  endedAt: Instant
}

/** What of `createBody` the simulated engine looks at. */
type Body = {
  readonly Image: Digest
  readonly Labels: Readonly<Record<string, string>>
  readonly HostConfig: {
    readonly NanoCpus?: number
    readonly Memory?: number
    readonly NetworkMode: string
    readonly PortBindings?: Readonly<Record<string, readonly { readonly HostPort: string }[]>>
  }
}

const stopMs = 50
const termExit = 143

/** The image of each container of a release: told apart by their last digit. */
const imageOf = (release: Digest, container: 'app' | 'proxy'): Digest =>
  `${release.slice(0, -1)}${container === 'app' ? 1 : 2}` as Digest

const plain = { env: {}, writable: false, capabilities: [] as string[], essential: true }

/** A service that says nothing, behind a proxy that takes its requests. */
const containersOf = (release: Digest): Record<'app' | 'proxy', ReleasedContainer> => ({
  app: { ...plain, image: imageOf(release, 'app'), cpus: 1, memoryBytes: 2 ** 30 },
  proxy: { ...plain, image: imageOf(release, 'proxy'), port: 8080 },
})

/**
 * An engine that outlives the process under test. It holds what a real one holds: a name is taken once, a network is
 * there while its container runs, and nothing is started twice.
 */
export function simulateEngine(clock: VirtualClock, scriptOf: (key: Key) => Script) {
  const containers = new Map<string, Container>()
  const startsOf = new Map<string, number>()
  const kept = new Map<Key, Kept>()
  let made = 0
  let nextPort = 20_000

  const byId = (id: string): Container => {
    const found = [...containers.values()].find((one) => one.id === id)
    if (!found) throw new EngineRefusal(404, `no such container: ${id}`)
    return found
  }

  function end(container: Container, exit: number): void {
    if (container.phase !== 'running') return
    Object.assign(container, { phase: 'ended', exit, endedAt: clock.now() })
  }

  const never = (): never => {
    throw new Error('not in this story')
  }

  const engine: Engine = {
    ...{ version: never, logs: never, image: never, pull: never, tag: never, build: never },
    async create(name, body) {
      const known = containers.get(name)
      if (known) return known.id
      const { Image, Labels, HostConfig } = body as unknown as Body
      const key = Labels['plimsoll.key'] ?? ''
      const isApp = Labels['plimsoll.container'] === 'app'
      const bound = Object.values(HostConfig.PortBindings ?? {})[0]?.[0]?.HostPort
      const { endsAfterMs: _, ...lives } = scriptOf(key)
      const container: Container = {
        ...{ id: `c${++made}`, name, key, labels: Labels, image: Image, phase: 'created' },
        port: bound === undefined ? undefined : Number(bound),
        network: HostConfig.NetworkMode.startsWith('container:')
          ? HostConfig.NetworkMode.slice('container:'.length)
          : undefined,
        limits: {
          cpus: HostConfig.NanoCpus === undefined ? null : HostConfig.NanoCpus / 1e9,
          memoryBytes: HostConfig.Memory ?? null,
        },
        script: isApp ? scriptOf(key) : lives,
        ...{ exit: 0, startedAt: 0, endedAt: 0 },
      }
      containers.set(name, container)
      return container.id
    },
    async start(id) {
      const container = byId(id)
      if (container.phase !== 'created') return
      if (container.network !== undefined && byId(container.network).phase !== 'running')
        throw new EngineRefusal(409, 'the network of a container that does not run cannot be joined')
      container.phase = 'running'
      container.startedAt = clock.now()
      startsOf.set(container.name, (startsOf.get(container.name) ?? 0) + 1)
      const { endsAfterMs, exit = 0 } = container.script
      if (endsAfterMs !== undefined) clock.at(clock.now() + endsAfterMs, () => end(container, exit))
    },
    stop: (id) =>
      new Promise((resolve) => {
        clock.at(clock.now() + stopMs, () => {
          const container = [...containers.values()].find((one) => one.id === id)
          if (container) end(container, termExit)
          resolve()
        })
      }),
    async remove(id) {
      for (const [name, one] of containers) if (one.id === id) containers.delete(name)
    },
    async list() {
      return [...containers.values()].map(({ id, image, phase, labels }) => ({
        ...{ id, image, phase, labels, unwell: false },
      }))
    },
    limits: async (id) => byId(id).limits,
    pid: async () => undefined,
    kills: async () => [],
    stats: async () => undefined,
    async inspect(id) {
      const { exit, startedAt, endedAt } = byId(id)
      return { exit, startedAt, endedAt, outOfMemory: false, error: '' }
    },
  }

  const book: Book = {
    keys: async () => [...kept.keys()],
    read: async (key) => kept.get(key),
    write: async (key, value) => void kept.set(key, value),
  }

  /** It takes requests: every container of the group runs, and has run for long enough. */
  function healthy(port: number): boolean {
    const holder = [...containers.values()].find((one) => one.port === port && one.phase === 'running')
    const group = holder ? [...containers.values()].filter(({ key }) => key === holder.key) : []
    const after = holder && scriptOf(holder.key).healthyAfterMs
    return (
      group.length === 2 &&
      after !== undefined &&
      group.every(({ phase, startedAt }) => phase === 'running' && clock.now() - startedAt >= after)
    )
  }

  const instances: Instances = {
    probe: async (port) => (healthy(port) ? { ok: true } : { ok: false, because: 'connection refused' }),
    scrape: async () => ({ because: 'it tells none' }),
    readyFile: async () => '/ready',
    isReady: async () => false,
    freePorts: async (count) => Array.from({ length: count }, () => nextPort++),
    folderOf: async () => 'the engine',
    unpack: async () => {},
    lacks: async () => undefined,
    async runs({ images }, release) {
      const { app, proxy } = containersOf(release)
      return images?.app === app.image && images.proxy === proxy.image ? release : undefined
    },
    machine: async () => ({ cpus: 4, memoryBytes: 8 * 2 ** 30 }),
    containersOf: async (release) => containersOf(release),
  }

  const alive = () => [...containers.values()].filter(({ phase }) => phase === 'running')

  return { engine, book, instances, healthy, startsOf, alive, all: () => [...containers.values()] }
}
