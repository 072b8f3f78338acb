import type { BlobStore, EvidenceStore } from './archive.ts'
import type { Journal } from './journal.ts'

/** Everything that one Plimsoll keeps. */
export type Store = {
  readonly journal: Journal
  readonly evidence: EvidenceStore
  readonly blobs: BlobStore
  close(): Promise<void>
}
