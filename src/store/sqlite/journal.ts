import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import type { Json, Ref } from '../../kernel/index.ts'
import type {
  Cursor,
  Held,
  Journal,
  Lease,
  PendingEffect,
  StoredEvent,
  StoredRecord,
  Transition,
} from '../journal.ts'
import { createListeners } from '../listeners.ts'
import type { Writer } from './writer.ts'

type Row = Record<string, SQLOutputValue>

const parse = (text: SQLOutputValue | undefined): Json => JSON.parse(String(text)) as Json
const refOf = (row: Row): Ref => ({ kind: String(row.kind), id: String(row.id) })

const toRecord = (row: Row): StoredRecord => ({
  of: refOf(row),
  version: Number(row.version),
  state: parse(row.state),
  ended: row.ended === 1,
  createdAt: Number(row.created_at),
  changedAt: Number(row.changed_at),
})

const toEvent = (row: Row): StoredEvent => ({
  seq: Number(row.seq),
  of: refOf(row),
  type: String(row.type),
  body: parse(row.body),
  at: Number(row.at),
})

const toEffect = (row: Row): PendingEffect => ({
  seq: Number(row.seq),
  of: refOf(row),
  kind: String(row.doing),
  key: String(row.key),
  spec: parse(row.spec),
})

/** The statements that a transition needs, prepared once. */
function prepare(db: DatabaseSync) {
  return {
    insert: db.prepare(
      'INSERT OR IGNORE INTO record (kind, id, version, state, ended, created_at, changed_at) VALUES (?, ?, 1, ?, ?, ?, ?)',
    ),
    update: db.prepare(
      `UPDATE record SET version = version + 1, state = ?, ended = ?, changed_at = ?
       WHERE kind = ? AND id = ? AND version = ? AND fence = ? AND lease_owner = ?`,
    ),
    event: db.prepare('INSERT INTO event (kind, id, type, body, at) VALUES (?, ?, ?, ?, ?)'),
    effect: db.prepare('INSERT INTO effect (kind, id, doing, key, spec) VALUES (?, ?, ?, ?, ?)'),
    done: db.prepare('DELETE FROM effect WHERE kind = ? AND id = ? AND key = ?'),
    read: db.prepare('SELECT * FROM record WHERE kind = ? AND id = ?'),
    lease: db.prepare('SELECT lease_owner, lease_until, fence FROM record WHERE kind = ? AND id = ?'),
    claim: db.prepare(
      'UPDATE record SET lease_owner = ?, lease_until = ?, fence = ? WHERE kind = ? AND id = ?',
    ),
    release: db.prepare(
      'UPDATE record SET lease_owner = NULL, lease_until = 0 WHERE kind = ? AND id = ? AND fence = ? AND lease_owner = ?',
    ),
    pending: db.prepare('SELECT * FROM effect WHERE kind = ? AND id = ? ORDER BY seq'),
    withPending: db.prepare('SELECT DISTINCT kind, id FROM effect'),
    newest: db.prepare('SELECT max(seq) AS seq FROM event'),
    events: db.prepare('SELECT * FROM event WHERE seq > ? ORDER BY seq LIMIT ?'),
    eventsOf: db.prepare('SELECT * FROM event WHERE kind = ? AND id = ? AND seq > ? ORDER BY seq LIMIT ?'),
    note: db.prepare('SELECT value FROM note WHERE key = ?'),
    setNote: db.prepare(
      'INSERT INTO note (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
    ),
    notes: db.prepare('SELECT key, value FROM note WHERE substr(key, 1, length(?)) = ? ORDER BY key'),
  }
}

type Statements = ReturnType<typeof prepare>
type Happened = Pick<Transition, 'of' | 'events' | 'effects' | 'at'>

function append(sql: Statements, { of, events, effects, at }: Happened): void {
  for (const { type, body } of events) sql.event.run(of.kind, of.id, type, JSON.stringify(body), at)
  for (const { kind, key, spec } of effects) sql.effect.run(of.kind, of.id, kind, key, JSON.stringify(spec))
}

function create(sql: Statements, t: Omit<Transition, 'from' | 'done'>): 'created' | 'exists' {
  const { of, state, ended, at } = t
  const made = sql.insert.run(of.kind, of.id, JSON.stringify(state), ended ? 1 : 0, at, at)
  if (made.changes === 0) return 'exists'
  append(sql, t)
  return 'created'
}

function commit(sql: Statements, t: Transition, lease: Lease): 'done' | 'stale' {
  const { of, state, ended, at, from } = t
  const changed = sql.update.run(
    JSON.stringify(state),
    ended ? 1 : 0,
    at,
    of.kind,
    of.id,
    from,
    lease.fence,
    lease.owner,
  )
  if (changed.changes === 0) return 'stale'
  for (const key of t.done) sql.done.run(of.kind, of.id, key)
  append(sql, t)
  return 'done'
}

function claim(sql: Statements, of: Ref, owner: string, ttlMs: number, now: number): Lease | Held {
  const row = sql.lease.get(of.kind, of.id)
  if (!row) throw new Error(`${of.kind}/${of.id} is not in the journal`)
  const heldBy = row.lease_owner === null ? undefined : String(row.lease_owner)
  const until = Number(row.lease_until)
  if (heldBy !== undefined && heldBy !== owner && until > now) return { heldBy, until }
  const fence = Number(row.fence) + (heldBy === owner ? 0 : 1)
  sql.claim.run(owner, now + ttlMs, fence, of.kind, of.id)
  return { of, owner, until: now + ttlMs, fence }
}

function listQuery(db: DatabaseSync, { kind, ended, limit }: Parameters<Journal['list']>[0]): StoredRecord[] {
  const conditions = ['kind = ?', ...(ended === undefined ? [] : ['ended = ?'])]
  const values = [kind, ...(ended === undefined ? [] : [ended ? 1 : 0])]
  const sql = `SELECT * FROM record WHERE ${conditions.join(' AND ')} ORDER BY created_at DESC, rowid DESC LIMIT ?`
  return db
    .prepare(sql)
    .all(...values, limit ?? -1)
    .map(toRecord)
}

/** The journal on SQLite. */
export function sqliteJournal(db: DatabaseSync, writer: Writer): Journal {
  const sql = prepare(db)
  const listeners = createListeners()
  const newestNow = (): Cursor => Number(sql.newest.get()?.seq ?? 0)

  /** Tells of the events of a write that took place, when it is durable. */
  async function telling<T>(events: readonly unknown[], none: T, write: () => T): Promise<T> {
    const { answer, newest } = await writer.write(() => ({ answer: write(), newest: newestNow() }))
    if (answer !== none && events.length > 0) listeners.tell(newest)
    return answer
  }

  return {
    create: (t) => telling(t.events, 'exists', () => create(sql, t)),
    async read(of) {
      const row = sql.read.get(of.kind, of.id)
      return row && toRecord(row)
    },
    list: async (query) => listQuery(db, query),
    claim: (of, owner, ttlMs, now) => writer.write(() => claim(sql, of, owner, ttlMs, now)),
    release: ({ of, fence, owner }) => writer.write(() => void sql.release.run(of.kind, of.id, fence, owner)),
    commit: (t, lease) => telling(t.events, 'stale', () => commit(sql, t, lease)),
    pending: async (of) => sql.pending.all(of.kind, of.id).map(toEffect),
    withPending: async () => sql.withPending.all().map(refOf),
    settle: (of, done) =>
      writer.write(() => {
        for (const key of done) sql.done.run(of.kind, of.id, key)
      }),
    newest: async () => newestNow(),
    async events(after, limit, of) {
      const rows = of ? sql.eventsOf.all(of.kind, of.id, after, limit) : sql.events.all(after, limit)
      return rows.map(toEvent)
    },
    watch: listeners.watch,
    async note(key) {
      const row = sql.note.get(key)
      return row && parse(row.value)
    },
    setNote: (key, value) => writer.write(() => void sql.setNote.run(key, JSON.stringify(value))),
    notes: async (prefix) =>
      sql.notes.all(prefix, prefix).map((row) => ({ key: String(row.key), value: parse(row.value) })),
  }
}
