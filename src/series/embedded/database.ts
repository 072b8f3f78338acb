import { chmodSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { PlimsollError } from '../../kernel/errors.ts'

/** SQLITE_BUSY: another process has the file. */
const busy = 5

/**
 * Opens, or makes, a file for this process alone. A commit survives the end of the process; what was committed just
 * before a power cut may be lost, nothing else.
 * @param cacheKb of memory at most
 * @throws PLM_STORE_HELD when another process has it
 */
export function openFile(file: string, tables: string, cacheKb: number): DatabaseSync {
  const db = new DatabaseSync(file, { timeout: 0 })
  try {
    chmodSync(file, 0o600)
    // With the lock held for good there is no need of shared memory beside the file.
    db.exec(`PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL`)
    db.exec(`PRAGMA cache_size = -${cacheKb}; BEGIN IMMEDIATE; ${tables}; COMMIT`)
    return db
  } catch (error) {
    db.close()
    if ((error as { errcode?: number }).errcode !== busy) throw error
    throw new PlimsollError('PLM_STORE_HELD', `${file} is held by another process`, { cause: error })
  }
}

/** In one transaction: all of it, or nothing. */
export function inTransaction<T>(db: DatabaseSync, write: () => T): T {
  db.exec('BEGIN IMMEDIATE')
  try {
    const done = write()
    db.exec('COMMIT')
    return done
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}
