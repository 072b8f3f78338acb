import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createWriter, type Writer } from './writer.ts'

let root: string
let db: DatabaseSync
let writer: Writer
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'plimsoll-writer-'))
  db = new DatabaseSync(join(root, 'w.db'))
  db.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (x INTEGER PRIMARY KEY, y TEXT)')
  writer = createWriter(db)
})
afterEach(() => {
  if (db.isOpen) db.close()
  rmSync(root, { recursive: true, force: true })
})

const insert = (x: number, y = '') => db.prepare('INSERT INTO t (x, y) VALUES (?, ?)').run(x, y)
/** What another connection sees: only what was committed. */
function outside(): unknown[] {
  const other = new DatabaseSync(join(root, 'w.db'), { readOnly: true })
  const rows = other.prepare('SELECT x FROM t ORDER BY x').all()
  other.close()
  return rows.map(({ x }) => x)
}

describe('group commit', () => {
  it('undoes the write that fails, all of it, and nothing of its neighbours', async () => {
    const half = () => {
      insert(2)
      insert(1)
    }
    const answers = await Promise.allSettled([
      writer.write(() => insert(1)),
      writer.write(half),
      writer.write(() => insert(3)),
    ])
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(outside()).toEqual([1, 3])
  })

  it('answers nobody before all of the group can be seen from outside', async () => {
    const seen = await Promise.all([1, 2, 3].map((x) => writer.write(() => insert(x)).then(outside)))
    expect(seen).toEqual([
      [1, 2, 3],
      [1, 2, 3],
      [1, 2, 3],
    ])
  })

  it('writes those of one turn in one transaction', async () => {
    await writer.write(() => insert(0))
    const before = statSync(join(root, 'w.db-wal')).size
    await Promise.all(Array.from({ length: 50 }, (_, i) => writer.write(() => insert(i + 1))))
    // One frame for the one page that fifty rows share; fifty transactions would have been fifty frames.
    expect(statSync(join(root, 'w.db-wal')).size - before).toBeLessThan(3 * (24 + 4_096))
    expect(outside()).toHaveLength(51)
  })

  it('rejects the whole group when the disk is full, and goes on when it is not', async () => {
    const pages = Number(db.prepare('PRAGMA page_count').get()?.page_count)
    db.exec(`PRAGMA max_page_count = ${pages + 2}`)
    const writes = [() => insert(1), () => insert(2, 'x'.repeat(100_000)), () => insert(3)]
    const answers = await Promise.allSettled(writes.map((write) => writer.write(write)))
    const kept = [1, 2, 3].filter((_, i) => answers[i]?.status === 'fulfilled')
    expect(answers[1]).toMatchObject({
      status: 'rejected',
      reason: { message: expect.stringContaining('full') },
    })
    expect(outside()).toEqual(kept)
    db.exec('PRAGMA max_page_count = 1000')
    await writer.write(() => insert(4))
    expect(outside()).toEqual([...kept, 4])
  })

  it('writes what waits when it is closed, and refuses what comes later', async () => {
    const waiting = writer.write(() => insert(1))
    writer.close()
    await waiting
    expect(outside()).toEqual([1])
    await expect(writer.write(() => insert(2))).rejects.toThrow('closed')
    expect(outside()).toEqual([1])
  })
})
