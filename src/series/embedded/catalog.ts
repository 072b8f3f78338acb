import type { DatabaseSync } from 'node:sqlite'
import { compileMatchers } from '../query/matching.ts'
import { type Labels, type Matcher, nameLabel } from '../series.ts'
import { createCells } from './cells.ts'
import { inTransaction } from './database.ts'
import { Head } from './head.ts'
import { createTails } from './tails.ts'

/** A series that the store knows. */
export type Entry = {
  readonly id: number
  readonly key: string
  /** With the name. */
  readonly labels: Labels
  /** What was said lately; undefined of one that is silent. */
  head: Head | undefined
  /** The time of its newest sample in a row; -Infinity without any. */
  sealedUntil: number
}

/** Which series there are. */
export interface Catalog {
  get(key: string): Entry | undefined
  byId(id: number): Entry | undefined
  /** One that is new; the next `commit` writes it. */
  add(key: string): Entry
  find(matchers: readonly Matcher[]): readonly Entry[]
  all(): Iterable<Entry>
  /** What a series said lately, made when it says something again. */
  headOf(entry: Entry): Head
  /** A series is sealed further; the next `commit` writes it. */
  sealed(entry: Entry, until: number): void
  /** Writes what is new, what is sealed, and what `write` does: all of it, or nothing, and all of it with the next. */
  commit(write?: () => void): void
  /** Forgets those that are silent and have said nothing since a time. */
  forgetBefore(at: number): void
  readonly size: number
}

export const catalogTables = `
  CREATE TABLE IF NOT EXISTS series (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, sealed_until INTEGER)`

/** The same texts stand in many labels: one copy is enough. */
function createInterned(): (text: string) => string {
  const texts = new Map<string, string>()
  return (text) => {
    const there = texts.get(text)
    if (there !== undefined) return there
    texts.set(text, text)
    return text
  }
}

/** The name that is asked for, when only one is. */
const nameIn = (matchers: readonly Matcher[]): string | undefined =>
  matchers.find(({ label, is }) => label === nameLabel && is === '=')?.value

export function openCatalog(db: DatabaseSync): Catalog {
  const insert = db.prepare('INSERT OR IGNORE INTO series (id, key) VALUES (?, ?)')
  const update = db.prepare('UPDATE series SET sealed_until = ? WHERE id = ?')
  const remove = db.prepare('DELETE FROM series WHERE id = ?')
  const interned = createInterned()
  const room = { tails: createTails(), cells: createCells() }
  const byKey = new Map<string, Entry>()
  const byId = new Map<number, Entry>()
  const byName = new Map<string, Set<Entry>>()
  let fresh: Entry[] = []
  /** Sealed further than is written. */
  const moved = new Set<Entry>()
  let newestId = 0

  function hold(id: number, key: string, sealedUntil: number): Entry {
    const pairs = JSON.parse(key) as [string, string][]
    const labels = Object.fromEntries(pairs.map(([label, text]) => [interned(label), interned(text)]))
    const entry: Entry = { id, key, labels, head: undefined, sealedUntil }
    byKey.set(key, entry)
    byId.set(id, entry)
    const name = labels[nameLabel] ?? ''
    byName.set(name, (byName.get(name) ?? new Set()).add(entry))
    newestId = Math.max(newestId, id)
    return entry
  }

  function drop(entry: Entry): void {
    byKey.delete(entry.key)
    byId.delete(entry.id)
    byName.get(entry.labels[nameLabel] ?? '')?.delete(entry)
    remove.run(entry.id)
  }

  for (const { id, key, sealed_until: until } of db.prepare('SELECT * FROM series').all())
    hold(Number(id), String(key), until === null ? -Infinity : Number(until))

  return {
    get: (key) => byKey.get(key),
    byId: (id) => byId.get(id),
    add(key) {
      const entry = hold(newestId + 1, key, -Infinity)
      fresh.push(entry)
      return entry
    },
    find(matchers) {
      const isMeant = compileMatchers(matchers)
      const name = nameIn(matchers)
      const among = name === undefined ? byKey.values() : (byName.get(name) ?? [])
      return [...among].filter(({ labels }) => isMeant(labels))
    },
    all: () => byKey.values(),
    headOf(entry) {
      entry.head ??= new Head(entry.sealedUntil, room)
      return entry.head
    },
    sealed(entry, until) {
      entry.sealedUntil = Math.max(entry.sealedUntil, until)
      moved.add(entry)
    },
    commit(write) {
      inTransaction(db, () => {
        for (const { id, key } of fresh) insert.run(id, key)
        for (const { id, sealedUntil } of moved) update.run(sealedUntil, id)
        write?.()
      })
      fresh = []
      moved.clear()
    },
    forgetBefore(at) {
      for (const entry of [...byKey.values()]) if (!entry.head && entry.sealedUntil < at) drop(entry)
    },
    get size() {
      return byKey.size
    },
  }
}
