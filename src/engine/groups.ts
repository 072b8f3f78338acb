import { assertMaskable, type CommandEnd, type CommandSeen } from '../host/index.ts'
import {
  type Clock,
  type Found,
  type InstanceSize,
  type Job,
  type Key,
  type Limits,
  PlimsollError,
} from '../kernel/index.ts'
import type { Book, SecretFiles } from './book.ts'
import { labelOf } from './create-body.ts'
import type { Engine } from './engine.ts'
import { type GroupSpec, type Kept, keptOf, killsByContainer } from './group.ts'
import { neverBegan, seenOfGroup } from './judge.ts'
import { killText, newKills, withKills } from './kills.ts'
import { type GroupsThere, listGroups } from './list.ts'
import { type LiveGroup, liveGroup } from './live-group.ts'
import type { OpenOutput } from './output.ts'
import type { ContainerUse } from './shapes.ts'
import { sizeOfGroup } from './size.ts'
import { EngineRefusal } from './socket.ts'
import { startGroup } from './start-group.ts'
import { createTending } from './tend.ts'

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
  /** What the containers of a group use; undefined when there is no such group, or none of them runs. */
  use(key: Key): Promise<readonly NamedUse[] | undefined>
  /** Its containers that run: the first process of each, and what it may use. Undefined when there is no such group. */
  processes(key: Key): Promise<readonly ContainerProcess[] | undefined>
  /** What its containers may use, as the engine made them; undefined when not all of them are there. */
  containerSize(key: Key): Promise<InstanceSize | undefined>
  /** It knows this key. */
  has(key: Key): boolean
  isOver(key: Key): boolean
  /**
   * Ends every group within its grace, then removes every container of ours.
   * @throws PlimsollError PLM_NOT_ENDED
   */
  endAll(): Promise<void>
  /** Looks after them no longer; they go on. */
  close(): Promise<void>
}

/** What a container of a group uses, and of how much memory it may. */
export type NamedUse = ContainerUse & {
  readonly name: string
  readonly memoryLimitBytes?: number
  /** So often the kernel has ended a process in it for want of memory. */
  readonly kills?: number
}

/** The first process of a container, as this machine numbers it, and what all of its processes may use together. */
export type ContainerProcess = Limits & { readonly pid: number }

const lookMs = 250
/** Beyond their grace. */
const engineEndsWithinMs = 20_000

/** So often it is asked what the kernel has ended; the engine tells of that a moment late. */
const hearMs = 2_000
const overlapMs = 5_000

const hasEnded = ({ looks }: LiveGroup): boolean => [...looks.values()].some(({ phase }) => phase === 'ended')

const isOpen = ({ kept }: LiveGroup): boolean => kept.begunAt !== undefined && !kept.over

/** Groups of containers on one engine. */
export function createGroups({ engine, book, secrets, openOutput, clock, home }: GroupsDeps): Groups {
  const known = new Map<Key, LiveGroup>()
  const listeners = new Set<(key: Key) => void>()
  const closed = new AbortController()
  /** Something of ours may be there that nobody looks after. */
  let sweeping = false

  async function keep(group: LiveGroup, more: Partial<Kept>): Promise<void> {
    group.kept = { ...group.kept, ...more }
    await book.write(group.key, group.kept)
  }

  function tell(key: Key): void {
    for (const listener of listeners) listener(key)
  }

  const tending = createTending({ engine, secrets, openOutput, clock, keep, tell })

  function open(...parts: Parameters<typeof liveGroup>): LiveGroup {
    const group = liveGroup(...parts)
    known.set(group.key, group)
    return group
  }

  /** @throws PlimsollError PLM_NOT_ENDED when the engine does not say so in time */
  async function untilOver(groups: readonly LiveGroup[]): Promise<void> {
    const graceMs = Math.max(0, ...groups.map(({ kept }) => kept.graceMs))
    const until = clock.now() + graceMs + engineEndsWithinMs
    while (groups.some(isOpen)) {
      if (clock.now() >= until) {
        const left = groups.filter(isOpen).map(({ key }) => ({ text: `the containers of ${key} do not end` }))
        throw new PlimsollError('PLM_NOT_ENDED', left)
      }
      await clock.until(clock.now() + lookMs)
    }
  }

  /** The engine says that it cannot be: no try later will change that. */
  async function giveUp(group: LiveGroup, refusal: EngineRefusal): Promise<void> {
    const there = (await listGroups(engine, home)).get(group.key)
    await keep(group, { over: neverBegan(refusal.message, clock.now()) })
    await tending.remove(group.key, there?.values() ?? [])
    tell(group.key)
  }

  /** What is there and nobody's any more: of a group that was over before, or of which nothing is known. */
  async function sweep(there: GroupsThere, tended: readonly LiveGroup[]): Promise<void> {
    for (const [key, containers] of there) {
      const owner = known.get(key)
      if (owner && (owner.kept.over === undefined || tended.includes(owner))) continue
      await tending.remove(key, containers.values())
    }
  }

  let heardUntil: number | undefined

  /** What the kernel ended for want of memory is in no list: it is asked for now and then, and when something has ended. */
  async function hear(open: readonly LiveGroup[]): Promise<void> {
    const now = clock.now()
    const limited = open.filter(({ kept }) => kept.containers.some((one) => one.memoryBytes !== undefined))
    const isDue = heardUntil === undefined || now - heardUntil >= hearMs
    if (limited.length === 0 || !(isDue || limited.some(hasEnded))) return
    const since = (heardUntil ?? Math.min(...limited.map(({ kept }) => kept.begunAt ?? now))) - overlapMs
    const told = await engine.kills(`${labelOf.home}=${home}`, since, now)
    for (const group of limited) {
      const more = newKills(group.kept, group.key, told)
      for (const { container } of more) await tending.say(group, killText(group.kept, container))
      if (more.length > 0) await keep(group, withKills(group.kept, more))
    }
    heardUntil = now
  }

  async function look(): Promise<void> {
    // Those that have begun: of one that begins meanwhile the list may show half, and half a group is to be ended.
    const open = [...known.values()].filter(isOpen)
    if (open.length === 0 && !sweeping) return
    const there = await listGroups(engine, home)
    for (const group of open) group.looks = there.get(group.key) ?? new Map()
    // Whoever does not answer to this has not ended: what was heard next time is none the less.
    await hear(open).catch(() => {})
    const done = await Promise.allSettled(open.map((group) => tending.tend(group)))
    await sweep(there, open)
    // What could not be done now is done at the next look.
    sweeping = done.some(({ status }) => status === 'rejected')
  }

  /** An engine that does not answer is asked again; what it runs cannot be known meanwhile. */
  async function lookOn(): Promise<void> {
    while (!closed.signal.aborted) {
      await look().catch(() => {})
      await clock.until(clock.now() + lookMs, closed.signal)
    }
  }
  let looking: Promise<void> | undefined

  async function begin(group: LiveGroup, spec: GroupSpec): Promise<void> {
    try {
      await startGroup({ engine, secrets, home }, group.key, spec)
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
      const group = before ?? open(key, keptOf(spec), async () => spec.secrets)
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
    async use(key) {
      const group = known.get(key)
      if (!group || group.kept.over) return undefined
      const killed = killsByContainer(group.kept.kills)
      const limits = new Map(group.kept.containers.map(({ name, memoryBytes }) => [name, memoryBytes]))
      const uses = await Promise.all(
        [...group.looks].map(async ([name, { id }]): Promise<NamedUse[]> => {
          const use = await engine.stats(id)
          const limit = limits.get(name)
          const kills = killed[name] ?? 0
          return use
            ? [{ name, ...use, kills, ...(limit === undefined ? {} : { memoryLimitBytes: limit }) }]
            : []
        }),
      )
      const all = uses.flat()
      return all.length === 0 ? undefined : all
    },
    async processes(key) {
      const group = known.get(key)
      if (!group || group.kept.over) return undefined
      const all = [...group.looks.values()].map(async ({ id }): Promise<ContainerProcess[]> => {
        const [pid, limits] = await Promise.all([engine.pid(id), engine.limits(id)])
        return pid !== undefined && limits ? [{ pid, ...limits }] : []
      })
      return (await Promise.all(all)).flat()
    },
    async containerSize(key) {
      const group = known.get(key)
      return group && sizeOfGroup(engine, group)
    },
    async cancel(key, graceMs) {
      const group = known.get(key)
      if (group) await tending.halt(group, 'cancelled', graceMs)
    },
    async adopt(secretsOf) {
      for (const key of await book.keys()) {
        const kept = await book.read(key)
        if (kept && !known.has(key)) open(key, kept, () => secretsOf(key))
      }
      if (known.size === 0) return
      sweeping = true
      await look().catch(() => {})
      looking ??= lookOn()
    },
    watch(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    has: (key) => known.has(key),
    isOver: (key) => known.get(key)?.kept.over !== undefined,
    async endAll() {
      if (known.size === 0) return
      const open = [...known.values()].filter(isOpen)
      for (const group of open) await tending.halt(group, 'cancelled', group.kept.graceMs)
      await untilOver(open)
      for (const [key, containers] of await listGroups(engine, home))
        await tending.remove(key, containers.values())
    },
    async close() {
      closed.abort()
      await looking
      for (const { output } of known.values()) output?.leave()
    },
  }
}
