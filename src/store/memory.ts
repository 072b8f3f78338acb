import { createHash } from 'node:crypto'
import { type Digest, type Evidence, type Json, type Ref, refText } from '../kernel/index.ts'
import type { BlobStore, EvidenceStore } from './archive.ts'
import { digestOf, finish } from './digest.ts'
import type { Journal, Lease, PendingEffect, StoredEvent, StoredRecord, Transition } from './journal.ts'
import { createListeners } from './listeners.ts'
import type { Store } from './store.ts'

/** What has been kept before: a new state shares most of itself with the last. */
const kept = new WeakSet<object>()

/** As `JSON.parse(JSON.stringify(value))` is, but for what has been kept already, which stays itself. */
function copyOf(value: unknown): unknown {
  if (typeof value === 'bigint') throw new TypeError('JSON has no bigint')
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : null
  if (typeof value === 'function' || typeof value === 'symbol') return undefined
  if (typeof value !== 'object' || value === null || kept.has(value)) return value
  if ('toJSON' in value && typeof value.toJSON === 'function') return copyOf(value.toJSON())
  const copy = Array.isArray(value) ? value.map((item) => copyOf(item) ?? null) : copyOfMembers(value)
  kept.add(Object.freeze(copy))
  return copy
}

function copyOfMembers(value: object): object {
  const copy: Record<string, unknown> = {}
  for (const [name, member] of Object.entries(value)) {
    const item = copyOf(member)
    if (item !== undefined) copy[name] = item
  }
  return copy
}

/**
 * What goes in is nobody else's, and is what JSON can say: as if it had been on disk. A Map in a state is lost here, too,
 * and not only in production. What comes out is the same thing each time, so nobody can change it: whoever tries hears of it.
 */
const keep = <T>(value: T): T => copyOf(value) as T

type Held = { owner: string; until: number; fence: number }

/** The journal in memory, with every promise of the real one but durability. */
function memoryJournal(): Journal {
  const records = new Map<string, StoredRecord>()
  const leases = new Map<string, Held>()
  const events: StoredEvent[] = []
  const notes = new Map<string, Json>()
  const listeners = createListeners()
  let pending: PendingEffect[] = []
  let effects = 0

  function append(t: Pick<Transition, 'of' | 'events' | 'effects' | 'at'>): void {
    for (const event of t.events) events.push(keep({ ...event, seq: events.length + 1, of: t.of, at: t.at }))
    for (const effect of t.effects) pending.push(keep({ ...effect, of: t.of, seq: ++effects }))
    if (t.events.length > 0) listeners.tell(events.length)
  }

  function drop(of: Ref, done: readonly string[]): void {
    pending = pending.filter((effect) => refText(effect.of) !== refText(of) || !done.includes(effect.key))
  }

  function claim(
    of: Ref,
    owner: string,
    ttlMs: number,
    now: number,
  ): Lease | { heldBy: string; until: number } {
    const held = leases.get(refText(of))
    if (held && held.owner !== '' && held.owner !== owner && held.until > now)
      return { heldBy: held.owner, until: held.until }
    const fence = held?.owner === owner ? held.fence : (held?.fence ?? 0) + 1
    leases.set(refText(of), { owner, until: now + ttlMs, fence })
    return { of, owner, until: now + ttlMs, fence }
  }

  return {
    async create(t) {
      const { of, state, ended, at } = t
      if (records.has(refText(of))) return 'exists'
      records.set(refText(of), keep({ of, version: 1, state, ended, createdAt: at, changedAt: at }))
      append(t)
      return 'created'
    },
    read: async (of) => records.get(refText(of)),
    async list({ kind, ended, limit }) {
      const wanted = (record: StoredRecord) =>
        record.of.kind === kind && (ended ?? record.ended) === record.ended
      const newestFirst = [...records.values()].filter(wanted).reverse()
      return newestFirst.sort((a, b) => b.createdAt - a.createdAt).slice(0, limit)
    },
    async claim(of, owner, ttlMs, now) {
      if (!records.has(refText(of))) throw new Error(`${refText(of)} is not in the journal`)
      return claim(of, owner, ttlMs, now)
    },
    async release({ of, owner, fence }) {
      const held = leases.get(refText(of))
      if (held?.owner === owner && held.fence === fence)
        leases.set(refText(of), { owner: '', until: 0, fence })
    },
    async commit(t, lease) {
      const record = records.get(refText(t.of))
      const held = leases.get(refText(t.of))
      if (record?.version !== t.from || held?.fence !== lease.fence || held.owner !== lease.owner)
        return 'stale'
      const { state, ended, at } = t
      records.set(
        refText(t.of),
        keep({ ...record, version: record.version + 1, state, ended, changedAt: at }),
      )
      drop(t.of, t.done)
      append(t)
      return 'done'
    },
    pending: async (of) => pending.filter((effect) => refText(effect.of) === refText(of)),
    withPending: async () => [...new Map(pending.map((effect) => [refText(effect.of), effect.of])).values()],
    settle: async (of, done) => drop(of, done),
    newest: async () => events.length,
    events: async (after, limit, of) =>
      // The first event has the number 1.
      (of
        ? events.filter((event) => event.seq > after && refText(event.of) === refText(of))
        : events.slice(after)
      ).slice(0, limit),
    watch: listeners.watch,
    note: async (key) => notes.get(key),
    setNote: async (key, value) => void notes.set(key, keep(value)),
    notes: async (prefix) =>
      [...notes]
        .filter(([key]) => key.startsWith(prefix))
        .map(([key, value]) => ({ key, value }))
        .sort((a, b) => (a.key < b.key ? -1 : 1)),
  }
}

function memoryEvidence(): EvidenceStore {
  const kept = new Map<Digest, Evidence>()
  return {
    async put(draft) {
      const evidence = keep({ id: digestOf(draft as unknown as Json), ...draft })
      kept.set(evidence.id, evidence)
      return evidence
    },
    get: async (id) => kept.get(id),
    about: async (release, kinds) =>
      [...kept.values()]
        .filter((one) => one.about.release === release && (kinds?.includes(one.kind) ?? true))
        .sort((a, b) => a.at - b.at),
  }
}

function memoryBlobs(): BlobStore {
  const kept = new Map<Digest, Uint8Array>()
  return {
    async put(bytes) {
      const chunks: Uint8Array[] = []
      for await (const chunk of bytes) chunks.push(chunk)
      const all = Buffer.concat(chunks)
      const digest = finish(createHash('sha256').update(all))
      kept.set(digest, all)
      return { digest, size: all.byteLength }
    },
    async open(digest) {
      const bytes = kept.get(digest)
      const once = async function* () {
        if (bytes) yield new Uint8Array(bytes)
      }
      return bytes && once()
    },
    has: async (digest) => kept.has(digest),
  }
}

/** A store in memory: for tests, and for runs that nobody needs to find again. */
export const memoryStore = (): Store => ({
  journal: memoryJournal(),
  evidence: memoryEvidence(),
  blobs: memoryBlobs(),
  close: async () => {},
})
