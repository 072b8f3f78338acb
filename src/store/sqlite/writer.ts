import type { DatabaseSync } from 'node:sqlite'

type Waiting = { readonly write: () => unknown; resolve(value: never): void; reject(error: unknown): void }
type Outcome = { readonly settle: () => void }

/** Writes to one database. */
export interface Writer {
  /** Runs a write in a transaction; resolves when it is on disk. A throw undoes this write alone. */
  write<T>(write: () => T): Promise<T>
}

/**
 * Group commit: what is asked for in the same turn is synced to disk once. Each write has a savepoint of its own, so
 * that one that fails takes nothing with it; nobody is answered before all of the group is durable.
 */
export function createWriter(db: DatabaseSync): Writer {
  let queue: Waiting[] = []
  const savepoint = db.prepare('SAVEPOINT one')
  const release = db.prepare('RELEASE one')
  const undo = db.prepare('ROLLBACK TO one')

  function attempt(waiting: Waiting): Outcome {
    savepoint.run()
    try {
      const value = waiting.write() as never
      release.run()
      return { settle: () => waiting.resolve(value) }
    } catch (error) {
      undo.run()
      release.run()
      return { settle: () => waiting.reject(error) }
    }
  }

  function flush(): void {
    const group = queue
    queue = []
    try {
      db.exec('BEGIN IMMEDIATE')
      const outcomes = group.map(attempt)
      db.exec('COMMIT')
      for (const outcome of outcomes) outcome.settle()
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK')
      for (const waiting of group) waiting.reject(error)
    }
  }

  return {
    write: <T>(write: () => T) =>
      new Promise<T>((resolve, reject) => {
        if (queue.length === 0) setImmediate(flush)
        queue.push({ write, resolve: resolve as (value: never) => void, reject })
      }),
  }
}
