import type { DatabaseSync } from 'node:sqlite'
import { PlimsollError } from '../../kernel/index.ts'

/** Each once, in order, forward only; the number of those done is the database's user_version. */
const migrations: readonly string[] = [
  `
  CREATE TABLE record (
    kind TEXT NOT NULL, id TEXT NOT NULL,
    version INTEGER NOT NULL, state TEXT NOT NULL, ended INTEGER NOT NULL,
    created_at INTEGER NOT NULL, changed_at INTEGER NOT NULL,
    lease_owner TEXT, lease_until INTEGER NOT NULL DEFAULT 0, fence INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (kind, id)
  );
  CREATE INDEX record_age ON record (kind, created_at);
  CREATE INDEX record_open ON record (kind) WHERE ended = 0;
  CREATE TABLE event (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL, body TEXT NOT NULL, at INTEGER NOT NULL
  );
  CREATE INDEX event_of ON event (kind, id, seq);
  CREATE TABLE effect (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL, id TEXT NOT NULL, doing TEXT NOT NULL, key TEXT NOT NULL, spec TEXT NOT NULL
  );
  CREATE INDEX effect_of ON effect (kind, id, seq);
  CREATE TABLE note (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE evidence (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, at INTEGER NOT NULL,
    "release" TEXT NOT NULL, about TEXT NOT NULL, body TEXT NOT NULL
  );
  CREATE INDEX evidence_of ON evidence ("release", at);
  `,
]

const versionOf = (db: DatabaseSync): number => Number(db.prepare('PRAGMA user_version').get()?.user_version)

/**
 * Brings a database to the newest version, one migration in one transaction.
 * @throws PLM_STORE_NEWER when a later version of Plimsoll wrote this store
 */
export function migrate(db: DatabaseSync, steps: readonly string[] = migrations): void {
  const version = versionOf(db)
  if (version > steps.length)
    throw new PlimsollError(
      'PLM_STORE_NEWER',
      `the store has version ${version}, this Plimsoll knows up to ${steps.length}`,
    )
  steps.slice(version).forEach((statements, i) => {
    try {
      db.exec(`BEGIN IMMEDIATE; ${statements}; PRAGMA user_version = ${version + i + 1}; COMMIT;`)
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK')
      throw error
    }
  })
}
