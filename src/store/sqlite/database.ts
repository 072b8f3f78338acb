import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { PlimsollError } from '../../kernel/index.ts'
import { makeFolder } from '../folders.ts'
import { holdFolder } from './hold.ts'
import { migrate } from './migrations.ts'

/** How long to wait for a stranger who reads or copies the file (a backup, a shell) before a write fails. */
const busyMs = 2_000

/** An answer of the store means "on disk": anything else is not a store. */
function assertDurable(db: DatabaseSync): void {
  const mode = db.prepare('PRAGMA journal_mode').get()?.journal_mode
  const synchronous = db.prepare('PRAGMA synchronous').get()?.synchronous
  // 2 is FULL: the write-ahead log is synced at each commit.
  if (mode !== 'wal' || synchronous !== 2)
    throw new PlimsollError(
      'PLM_INTERNAL',
      `the store is not durable: journal_mode ${mode}, synchronous ${synchronous}`,
    )
}

function prepareDatabase(db: DatabaseSync, file: string): void {
  // By name: opening and closing the file here would drop SQLite's own locks on it. The log gets the same mode.
  chmodSync(file, 0o600)
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON')
  // On macOS a plain fsync stops at the drive's cache. Elsewhere these say nothing.
  db.exec('PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON')
  assertDurable(db)
  migrate(db)
  // Whoever held a lease held this folder, too, and is gone.
  db.exec('UPDATE record SET lease_owner = NULL, lease_until = 0 WHERE lease_owner IS NOT NULL')
}

export type Database = { readonly db: DatabaseSync; close(): void }

/** Opens, or makes, the database of a folder, for this process alone. */
export async function openDatabase(folder: string): Promise<Database> {
  await makeFolder(folder)
  const hold = holdFolder(folder)
  const file = join(folder, 'plimsoll.db')
  let db: DatabaseSync | undefined
  const close = () => {
    if (db?.isOpen) db.close()
    hold.release()
  }
  try {
    db = new DatabaseSync(file, { timeout: busyMs })
    prepareDatabase(db, file)
    return { db, close }
  } catch (error) {
    close()
    throw error
  }
}
