import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { migrations } from './migrations.js'

/** How long one instance waits for another's transaction. */
const patienceMs = 5_000

/**
 * Several instances start at once: the first migrates, the others wait for it and find it done. A database from a newer
 * release is left as it is, so that going back a release is possible.
 */
function migrate(/** @type {DatabaseSync} */ db) {
  transact(db, () => {
    const { user_version: version } = db.prepare('PRAGMA user_version').get()
    if (version >= migrations.length) return
    for (const statements of migrations.slice(version)) db.exec(statements)
    db.exec(`PRAGMA user_version = ${migrations.length}`)
  })
}

/** Opens, or makes, the database in a folder that all instances share. */
export function openDatabase(/** @type {string} */ folder) {
  mkdirSync(folder, { recursive: true })
  const db = new DatabaseSync(join(folder, 'payments.db'), { timeout: patienceMs })
  // FULL: an answer that was given survives a power cut.
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON')
  migrate(db)
  return db
}

/**
 * Runs a piece of work whole or not at all; other instances wait for it.
 * @template T
 * @param {DatabaseSync} db
 * @param {() => T} work
 */
export function transact(db, work) {
  db.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    db.exec('COMMIT')
    return result
  } catch (error) {
    // Some errors, such as a full disk, have rolled back already.
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}
