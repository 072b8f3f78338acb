import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { PlimsollError } from '../../kernel/index.ts'
import { migrate } from './migrations.ts'

/**
 * The right to be the one server of a folder: an exclusive transaction on a file of its own, which the kernel ends
 * when the process does, however it ends.
 * @throws PLM_STORE_HELD naming the holder
 */
function holdFolder(folder: string): DatabaseSync {
  const lock = new DatabaseSync(join(folder, 'server.lock'))
  const holder = join(folder, 'server.holder')
  try {
    lock.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    const who = existsSync(holder) ? readFileSync(holder, 'utf8').trim() : 'an unknown process'
    throw new PlimsollError('PLM_STORE_HELD', `${folder} is held by ${who}`, { cause: error })
  }
  writeFileSync(holder, `pid ${process.pid}, since ${new Date().toISOString()}\n`, { mode: 0o600 })
  return lock
}

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

export type Database = { readonly db: DatabaseSync; close(): void }

/** Opens, or makes, the database of a folder, for this process alone. */
export function openDatabase(folder: string): Database {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const lock = holdFolder(folder)
  const file = join(folder, 'plimsoll.db')
  const db = new DatabaseSync(file)
  try {
    chmodSync(file, 0o600)
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON')
    assertDurable(db)
    migrate(db)
    // Whoever held a lease held this folder, too, and is gone.
    db.exec('UPDATE record SET lease_owner = NULL, lease_until = 0 WHERE lease_owner IS NOT NULL')
  } catch (error) {
    db.close()
    lock.close()
    throw error
  }
  return {
    db,
    close() {
      db.close()
      lock.close()
    },
  }
}
