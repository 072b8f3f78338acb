import { createHash } from 'node:crypto'
import type { Digest } from '../../kernel/index.ts'
import type { BlobStore } from '../../store/index.ts'

/** Blobs in memory; `damage` changes what is kept, as a bad disk would. */
export function memoryBlobs(): BlobStore & { damage(digest: Digest, bytes: Uint8Array): void } {
  const kept = new Map<Digest, Uint8Array>()
  return {
    async put(bytes) {
      const chunks: Uint8Array[] = []
      for await (const chunk of bytes) chunks.push(Uint8Array.from(chunk))
      const all = Buffer.concat(chunks)
      const digest: Digest = `sha256:${createHash('sha256').update(all).digest('hex')}`
      kept.set(digest, all)
      return { digest, size: all.length }
    },
    async open(digest) {
      const bytes = kept.get(digest)
      if (!bytes) return undefined
      return (async function* () {
        // Small odd pieces: nothing may depend on where the bytes are cut.
        for (let at = 0; at < bytes.length; at += 7_001) yield bytes.subarray(at, at + 7_001)
      })()
    },
    has: async (digest) => kept.has(digest),
    damage: (digest, bytes) => kept.set(digest, bytes),
  }
}
