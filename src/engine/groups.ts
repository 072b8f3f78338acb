import { assertMaskable, type CommandEnd, type CommandSeen } from '../host/index.ts'
import type { Clock, Found, Job, Key } from '../kernel/index.ts'
import type { Book, SecretFiles } from './book.ts'
import type { Engine } from './engine.ts'
import { type GroupSpec, type Kept, keptOf } from './group.ts'
import { endOfGroup, type Looks, neverBegan, seenOfGroup, standingOf } from './judge.ts'
import { listGroups } from './list.ts'
import type { OpenOutput, Output } from './output.ts'
import type { ContainerSeen } from './shapes.ts'
import { EngineRefusal } from './socket.ts'
import { startGroup } from './start-group.ts'

export type GroupsDeps = {
  readonly engine: Engine
  readonly book: Book
  readonly secrets: SecretFiles
  readonly openOutput: OpenOutput
  readonly clock: Clock
  /** Names this Plimsoll: every container that it makes carries it. */
  readonly home: string
}

/** Groups of containers: they live on when the server dies, and the next server finds them again. */
export interface Groups extends Job<GroupSpec, CommandEnd> {
  running(key: Key): Promise<CommandSeen | undefined>
  /** Finds every group again; `secretsOf` gives back what to hide in its log. */
  adopt(secretsOf: (key: Key) => Promise<readonly string[]>): Promise<void>
  watch(listener: (key: Key) => void): () => void
  /** It knows this key. */
  has(key: Key): boolean
  isOver(key: Key): boolean
  /** Looks after them no longer; they go on. */
  close(): Promise<void>
}

type Known = {
  readonly key: Key
  kept: Kept
  looks: Looks
  output?: Output
  /** Containers that were told to stop by this server. */
  readonly stopping: Set<string>
}

const lookMs = 250

/** Groups of containers on one engine. */
export function createGroups({ engine, book, secrets, openOutput, clock, home }: GroupsDeps): Groups {
  const known = new Map<Key, Known>()
  const listeners = new Set<(key: Key) => void>()
  const closed = new AbortController()
  /** Something of ours may be there that nobody looks after. */
  let sweeping = false

  async function keep(group: Known, more: Partial<Kept>): Promise<void> {
    group.kept = { ...group.kept, ...more }
    await book.write(group.key, group.kept)
  }

  async function open(key: Key, kept: Kept): Promise<Known> {
    const group: Known = { key, kept, looks: new Map(), stopping: new Set() }
    known.set(key, group)
    return group
  }

  async function removeAll(group: Known, containers: Iterable<ContainerSeen>): Promise<void> {
    for (const { id } of containers) await engine.remove(id)
    await secrets.remove(group.key)
  }

  /** The engine says that it cannot be: no try later will change that. */
  async function giveUp(group: Known, refusal: EngineRefusal): Promise<void> {
    const there = (await listGroups(engine, home)).get(group.key)
    await keep(group, { over: neverBegan(refusal.message, clock.now()) })
    await removeAll(group, there?.values() ?? [])
    tell(group.key)
  }

  function tell(key: Key): void {
    for (const listener of listeners) listener(key)
  }

  /** Its output first, then its end is told; then nothing of it is left but what is kept. */
  async function settle(group: Known): Promise<void> {
    const names = [...group.looks]
    const ended = await Promise.all(
      names.map(async ([name, { id }]) => ({ name, end: await engine.inspect(id) })),
    )
    const dropped = (await group.output?.finish()) ?? 0
    await keep(group, { over: endOfGroup(group.kept, ended, dropped) })
    await removeAll(group, group.looks.values())
    tell(group.key)
  }

  /** Told once by each server; the engine counts the grace. */
  function stopContainers(group: Known, graceMs: number): void {
    for (const { id, phase } of group.looks.values()) {
      if (phase !== 'running' || group.stopping.has(id)) continue
      group.stopping.add(id)
      engine.stop(id, graceMs).catch(() => group.stopping.delete(id))
    }
  }

  async function follow(group: Known, now: number): Promise<void> {
    const { deadline, stop, graceMs } = group.kept
    const standing = standingOf(group.kept, group.looks)
    if (standing === 'beginning') return
    group.output?.pump()
    if (standing === 'ended' || standing === 'lost') return settle(group)
    if (stop) return stopContainers(group, Math.max(0, stop.forceAt - now))
    if (standing === 'failing') return stopContainers(group, graceMs)
    if (deadline !== null && now >= deadline) await halt(group, 'timedOut', graceMs)
  }

  async function halt(group: Known, why: 'cancelled' | 'timedOut', graceMs: number): Promise<void> {
    if (group.kept.over || group.kept.stop) return
    const at = clock.now()
    await keep(group, { stop: { why, at, forceAt: at + graceMs } })
    stopContainers(group, graceMs)
  }

  async function look(): Promise<void> {
    const open = [...known.values()].filter(({ kept }) => kept.over === undefined)
    if (open.length === 0 && !sweeping) return
    const there = await listGroups(engine, home)
    for (const group of open) {
      group.looks = there.get(group.key) ?? new Map()
      // One that cannot be followed now is followed at the next look.
      await follow(group, clock.now()).catch(() => {})
    }
    for (const [key, containers] of there) {
      const owner = known.get(key)
      if (owner && owner.kept.over === undefined) continue
      for (const { id } of containers.values()) await engine.remove(id)
      await secrets.remove(key)
    }
    sweeping = false
  }

  /** An engine that does not answer is asked again; what it runs cannot be known meanwhile. */
  async function lookOn(): Promise<void> {
    while (!closed.signal.aborted) {
      await look().catch(() => {})
      await clock.until(clock.now() + lookMs, closed.signal)
    }
  }
  let looking: Promise<void> | undefined

  async function begin(group: Known, spec: GroupSpec): Promise<void> {
    try {
      const started = await startGroup({ engine, secrets, home }, group.key, spec)
      group.output ??= openOutput(group.key, started, spec.log, spec.secrets)
      await keep(group, { begunAt: clock.now() })
      tell(group.key)
    } catch (error) {
      if (!(error instanceof EngineRefusal)) throw error
      await giveUp(group, error)
    }
    looking ??= lookOn()
  }

  return {
    async start(key, spec) {
      assertMaskable(spec.secrets)
      const before = known.get(key)
      if (before?.kept.begunAt !== undefined || before?.kept.over) return
      const group = before ?? (await open(key, keptOf(spec, clock.now())))
      if (!before) await book.write(key, group.kept)
      await begin(group, spec)
    },
    async find(key): Promise<Found<CommandEnd>> {
      const kept = known.get(key)?.kept
      if (!kept) return 'absent'
      if (kept.over) return kept.over === 'lost' ? 'lost' : { ended: kept.over }
      return kept.begunAt === undefined ? 'absent' : 'running'
    },
    async running(key) {
      const group = known.get(key)
      return group && seenOfGroup(group.kept, group.looks)
    },
    async cancel(key, graceMs) {
      const group = known.get(key)
      if (group) await halt(group, 'cancelled', graceMs)
    },
    async adopt(secretsOf) {
      for (const key of await book.keys()) {
        const kept = await book.read(key)
        if (kept && !known.has(key)) await open(key, kept)
      }
      if (known.size === 0) return
      sweeping = true
      await reopen(secretsOf).catch(() => {})
      looking ??= lookOn()
    },
    watch(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    has: (key) => known.has(key),
    isOver: (key) => known.get(key)?.kept.over !== undefined,
    async close() {
      closed.abort()
      await looking
      for (const { output } of known.values()) output?.leave()
    },
  }

  /** Follows the output of what began under another server. */
  async function reopen(secretsOf: (key: Key) => Promise<readonly string[]>): Promise<void> {
    const there = await listGroups(engine, home)
    for (const group of known.values()) {
      if (group.kept.over !== undefined || group.kept.begunAt === undefined) continue
      group.looks = there.get(group.key) ?? new Map()
      const containers = [...group.looks].map(([name, { id }]) => ({ name, id }))
      group.output = openOutput(group.key, containers, group.kept.log, await secretsOf(group.key))
    }
  }
}
