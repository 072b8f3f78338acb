import { canonicalJson, type Digest, type Json } from '../kernel/index.ts'
import type { BlobStore } from './archive.ts'

/** Keeps a value as a blob. The same value always gets the same digest. */
export async function putJson(blobs: BlobStore, value: unknown): Promise<Digest> {
  const bytes = new TextEncoder().encode(canonicalJson(value as Json))
  const one = async function* () {
    yield bytes
  }
  return (await blobs.put(one())).digest
}

/**
 * A value that was kept by `putJson`; it has the type that was put.
 * @throws Error when there is no such blob
 */
export async function readJson<T>(blobs: BlobStore, digest: Digest): Promise<T> {
  const bytes = await blobs.open(digest)
  if (!bytes) throw new Error(`there is no blob ${digest}`)
  const chunks: Uint8Array[] = []
  for await (const chunk of bytes) chunks.push(chunk)
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as T
}
