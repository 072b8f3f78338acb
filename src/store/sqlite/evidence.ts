import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import type { Digest, Evidence, Json } from '../../kernel/index.ts'
import type { EvidenceStore } from '../archive.ts'
import { digestOf } from '../digest.ts'
import type { Writer } from './writer.ts'

const toEvidence = (row: Record<string, SQLOutputValue>): Evidence => ({
  id: String(row.id) as Digest,
  kind: String(row.kind),
  at: Number(row.at),
  about: JSON.parse(String(row.about)) as Evidence['about'],
  body: JSON.parse(String(row.body)) as Json,
})

/** Evidence on SQLite. There is no statement here that changes or deletes any. */
export function sqliteEvidence(db: DatabaseSync, writer: Writer): EvidenceStore {
  const insert = db.prepare(
    'INSERT OR IGNORE INTO evidence (id, kind, at, "release", about, body) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const get = db.prepare('SELECT * FROM evidence WHERE id = ?')
  const about = db.prepare('SELECT * FROM evidence WHERE "release" = ? ORDER BY at, rowid')
  return {
    async put(draft) {
      const id = digestOf(draft as unknown as Json)
      const { kind, at } = draft
      await writer.write(() => {
        insert.run(id, kind, at, draft.about.release, JSON.stringify(draft.about), JSON.stringify(draft.body))
      })
      return { id, ...draft }
    },
    async get(id) {
      const row = get.get(id)
      return row && toEvidence(row)
    },
    async about(release, kinds) {
      const all = about.all(release).map(toEvidence)
      return kinds ? all.filter((one) => kinds.includes(one.kind)) : all
    },
  }
}
