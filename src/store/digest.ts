import { createHash, type Hash } from 'node:crypto'
import { canonicalJson, type Digest, type Json } from '../kernel/index.ts'

export const finish = (hash: Hash): Digest => `sha256:${hash.digest('hex')}`

/** Name of a value: the digest of its canonical JSON. */
export const digestOf = (value: Json): Digest => finish(createHash('sha256').update(canonicalJson(value)))

/** Passes bytes on and takes their digest on the way; `hash` is complete when the last byte has passed. */
export async function* hashing(bytes: AsyncIterable<Uint8Array>, hash: Hash): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    hash.update(chunk)
    yield chunk
  }
}
