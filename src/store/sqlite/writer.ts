import type { DatabaseSync } from 'node:sqlite'

type Waiting = { readonly write: () => unknown; resolve(value: never): void; reject(error: unknown): void }
type Answer = () => void

/** Writes to one database. */
export interface Writer {
  /** Runs a write in a transaction; resolves when it is on disk. A throw undoes this write alone. */
  write<T>(write: () => T): Promise<T>
  /** Writes what was asked for before, and refuses what comes later. */
  close(): void
}

/**
 * Group commit: what is asked for in the same turn is synced to disk once. Each write has a savepoint of its own, so
 * that one that fails takes nothing with it; nobody is answered before all of the group is durable.
 */
export function createWriter(db: DatabaseSync): Writer {
  let queue: Waiting[] = []
  let closed = false
  const savepoint = db.prepare('SAVEPOINT one')
  const release = db.prepare('RELEASE one')
  const undo = db.prepare('ROLLBACK TO one')

  function attempt(waiting: Waiting): Answer {
    savepoint.run()
    try {
      const value = waiting.write() as never
      release.run()
      return () => waiting.resolve(value)
    } catch (error) {
      // A full disk ends the whole transaction, savepoints too: then the group has failed, for this reason.
      if (!db.isTransaction) throw error
      undo.run()
      release.run()
      return () => waiting.reject(error)
    }
  }

  function commitAll(group: readonly Waiting[]): Answer[] {
    db.exec('BEGIN IMMEDIATE')
    try {
      const answers = group.map(attempt)
      db.exec('COMMIT')
      return answers
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK')
      return group.map(
        ({ reject }) =>
          () =>
            reject(error),
      )
    }
  }

  function flush(): void {
    const group = queue
    queue = []
    if (group.length === 0) return
    try {
      for (const answer of commitAll(group)) answer()
    } catch (error) {
      for (const { reject } of group) reject(error)
    }
  }

  return {
    write: <T>(write: () => T) =>
      new Promise<T>((resolve, reject) => {
        if (closed) return reject(new Error('the store is closed'))
        if (queue.length === 0) setImmediate(flush)
        queue.push({ write, resolve: resolve as (value: never) => void, reject })
      }),
    close() {
      closed = true
      flush()
    },
  }
}
