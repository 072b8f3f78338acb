import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { Damaged } from '../chunk/bytes.ts'
import { dayName, dayOf, firstSlotOf } from '../chunk/grid.ts'
import { inTransaction, openFile } from './database.ts'
import type { Row } from './pack.ts'

const tables = `
  CREATE TABLE IF NOT EXISTS chunk (id INTEGER PRIMARY KEY, codec INTEGER NOT NULL, count INTEGER NOT NULL, blob BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS rollup (id INTEGER PRIMARY KEY, hours BLOB NOT NULL, minutes BLOB)`

/** Series are numbered below this. */
const mostSeries = 2 ** 40
/** Open files cost memory; a month of days is asked for again and again. */
const mostOpen = 40

/** SQLITE_IOERR, SQLITE_CORRUPT and SQLITE_NOTADB. */
const unreadable = [10, 11, 26]

/** Two hours of a series, as they are stored. */
export type Stored = { readonly row: Row; readonly hours: Uint8Array; readonly minutes?: Uint8Array }
export type Rolled = Omit<Stored, 'row'>

type Open = {
  readonly db: DatabaseSync
  readonly chunk: StatementSync
  readonly rollup: StatementSync
  readonly putChunk: StatementSync
  readonly putRollup: StatementSync
}

function openDay(file: string): Open {
  const db = openFile(file, tables, 256)
  return {
    db,
    chunk: db.prepare('SELECT codec, count, blob FROM chunk WHERE id = ?'),
    rollup: db.prepare('SELECT hours, minutes FROM rollup WHERE id = ?'),
    putChunk: db.prepare('INSERT OR REPLACE INTO chunk (id, codec, count, blob) VALUES (?, ?, ?, ?)'),
    putRollup: db.prepare('INSERT OR REPLACE INTO rollup (id, hours, minutes) VALUES (?, ?, ?)'),
  }
}

/** What was said, a file for each day (UTC). */
export interface Days {
  /** @throws Damaged when the file cannot be read */
  chunk(series: number, slot: number): Row | undefined
  /** @throws Damaged */
  rolled(series: number, slot: number): Rolled | undefined
  /** Puts two hours of some series, in one transaction; what was there is replaced. */
  put(slot: number, series: readonly (Stored & { readonly series: number })[]): void
  /** Days that have a file, oldest first. */
  all(): readonly number[]
  remove(day: number): void
  close(): void
}

/**
 * Rows in order of two hours, then of series: so each is put behind the one before and pages are full, which they are not
 * when twelve times a day one row is put beside each series' last.
 */
const idOf = (series: number, slot: number): number => (slot - firstSlotOf(dayOf(slot))) * mostSeries + series

export function openDays(folder: string): Days {
  const known = new Set(
    readdirSync(folder)
      .filter((name) => /^\d{4}-\d\d-\d\d\.db$/.test(name))
      .map((name) => Date.parse(`${name.slice(0, 10)}T00:00Z`) / 86_400_000),
  )
  const fileOf = (day: number): string => join(folder, `${dayName(day)}.db`)
  // The one that was used last stands last.
  const opened = new Map<number, Open>()

  function shut(day: number): void {
    opened.get(day)?.db.close()
    opened.delete(day)
  }

  function openFor(day: number): Open {
    const open = opened.get(day) ?? openDay(fileOf(day))
    known.add(day)
    opened.delete(day)
    opened.set(day, open)
    const [oldest] = opened.keys()
    if (opened.size > mostOpen && oldest !== undefined) shut(oldest)
    return open
  }

  /** @throws Damaged when the file cannot be read */
  function read<T>(slot: number, from: (open: Open) => T): T | undefined {
    if (!known.has(dayOf(slot))) return undefined
    try {
      return from(openFor(dayOf(slot)))
    } catch (error) {
      const { errcode = 0, message } = error as { errcode?: number; message?: string }
      if (!unreadable.includes(errcode & 255)) throw error
      throw new Damaged(`cannot be read (${message})`, { cause: error })
    }
  }

  return {
    chunk(series, slot) {
      const row = read(slot, ({ chunk }) => chunk.get(idOf(series, slot)))
      return row && { codec: Number(row.codec), count: Number(row.count), blob: row.blob as Uint8Array }
    },
    rolled(series, slot) {
      const row = read(slot, ({ rollup }) => rollup.get(idOf(series, slot)))
      if (!row) return undefined
      const minutes = row.minutes as Uint8Array | null
      return { hours: row.hours as Uint8Array, ...(minutes ? { minutes } : {}) }
    },
    put(slot, stored) {
      const { db, putChunk, putRollup } = openFor(dayOf(slot))
      inTransaction(db, () => {
        for (const { series, row, hours, minutes } of stored) {
          const id = idOf(series, slot)
          putChunk.run(id, row.codec, row.count, row.blob)
          putRollup.run(id, hours, minutes ?? null)
        }
      })
    },
    all: () => [...known].sort((a, b) => a - b),
    remove(day) {
      shut(day)
      known.delete(day)
      for (const end of ['', '-wal', '-shm']) rmSync(`${fileOf(day)}${end}`, { force: true })
    },
    close() {
      for (const day of [...opened.keys()]) shut(day)
    },
  }
}
