import type { Digest, Evidence, EvidenceDraft } from '../kernel/index.ts'

/** Evidence by digest. Putting the same draft twice gives the same evidence. */
export interface EvidenceStore {
  put(draft: EvidenceDraft): Promise<Evidence>
  get(id: Digest): Promise<Evidence | undefined>
  /** All that is known of one release, oldest first; of some kinds when given. */
  about(release: Digest, kinds?: readonly string[]): Promise<Evidence[]>
}

/** Bytes by digest: bundles, kept outputs, finished logs. */
export interface BlobStore {
  /** Durable before it answers: temporary file, fsync, rename, fsync of the folder. */
  put(bytes: AsyncIterable<Uint8Array>): Promise<{ digest: Digest; size: number }>
  /** Undefined when there is no such blob. */
  open(digest: Digest): Promise<AsyncIterable<Uint8Array> | undefined>
  has(digest: Digest): Promise<boolean>
}
