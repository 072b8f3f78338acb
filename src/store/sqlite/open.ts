import { join } from 'node:path'
import { fileBlobs } from '../blobs.ts'
import type { Store } from '../store.ts'
import { openDatabase } from './database.ts'
import { sqliteEvidence } from './evidence.ts'
import { sqliteJournal } from './journal.ts'
import { createWriter } from './writer.ts'

/**
 * Opens the store in a folder, which is made when it is not there, for this process alone.
 * @throws PLM_STORE_HELD when another server has it, PLM_STORE_NEWER when a later version wrote it
 * @example const store = await openStore('/var/lib/plimsoll/store')
 */
export async function openStore(folder: string): Promise<Store> {
  const { db, close } = await openDatabase(folder)
  const writer = createWriter(db)
  return {
    journal: sqliteJournal(db, writer),
    evidence: sqliteEvidence(db, writer),
    blobs: fileBlobs(join(folder, 'blobs')),
    async close() {
      writer.close()
      close()
    },
  }
}
