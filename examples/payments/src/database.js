import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

const migrations = [
  `
  CREATE TABLE payment (
    id TEXT PRIMARY KEY, state TEXT NOT NULL, amount INTEGER NOT NULL, captured INTEGER NOT NULL DEFAULT 0,
    refunded INTEGER NOT NULL DEFAULT 0, currency TEXT NOT NULL, reference TEXT NOT NULL, description TEXT NOT NULL,
    last_four TEXT NOT NULL, scheme TEXT NOT NULL, created_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX payment_by_age ON payment (created_at DESC, id DESC);
  CREATE INDEX payment_by_reference ON payment (reference, created_at DESC, id DESC);
  CREATE INDEX payment_by_state ON payment (state, created_at DESC, id DESC);
  CREATE TABLE entry (
    payment TEXT NOT NULL REFERENCES payment (id), account TEXT NOT NULL, amount INTEGER NOT NULL, at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX entry_of ON entry (payment);
  CREATE TABLE idempotency (
    key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, status INTEGER, body TEXT, at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
]

/** Several instances start at once: the first migrates, the others wait for it and find it done. */
function migrate(/** @type {DatabaseSync} */ db) {
  db.exec('BEGIN IMMEDIATE')
  const { user_version: version } = db.prepare('PRAGMA user_version').get()
  for (const statements of migrations.slice(version)) db.exec(statements)
  db.exec(`PRAGMA user_version = ${migrations.length}`)
  db.exec('COMMIT')
}

/** Opens, or makes, the database in a folder that all instances share. */
export function openDatabase(/** @type {string} */ folder) {
  mkdirSync(folder, { recursive: true })
  const db = new DatabaseSync(join(folder, 'payments.db'))
  db.exec(
    'PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON',
  )
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
    db.exec('ROLLBACK')
    throw error
  }
}
