import { expect, it } from 'vitest'
import type { Digest } from '../../kernel/index.ts'
import type { BlobStore } from '../archive.ts'
import { digestOf } from '../digest.ts'
import type { Subject } from './subject.fixture.ts'

const release: Digest = `sha256:${'a'.repeat(64)}`

const chunked = async function* (text: string) {
  yield new TextEncoder().encode(text.slice(0, 3))
  yield new TextEncoder().encode(text.slice(3))
}

async function text(blobs: BlobStore, digest: Digest): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of (await blobs.open(digest)) ?? []) chunks.push(chunk)
  const all = Buffer.concat(chunks).toString()
  // What a reader does with its bytes is its own business.
  for (const chunk of chunks) chunk.fill(0)
  return all
}

/** Evidence and blobs are named by what they are. */
export function archiveConforms(fresh: () => Promise<Subject>): void {
  it('gives evidence one name, however often it is put', async () => {
    const { evidence } = (await fresh()).store
    const draft = { kind: 'tests', at: 5, about: { release }, body: { passed: 3, failed: 0 } }
    const put = await evidence.put(draft)
    expect(put).toEqual({ id: digestOf(draft), ...draft })
    const sameInOtherOrder = { body: { failed: 0, passed: 3 }, about: { release }, at: 5, kind: 'tests' }
    expect(await evidence.put(sameInOtherOrder)).toEqual(put)
    const older = await evidence.put({ ...draft, kind: 'provenance', at: 4 })
    const elsewhere = await evidence.put({ ...draft, about: { release, environment: 'staging' } })
    expect(await evidence.about(release)).toEqual([older, put, elsewhere])
    expect(await evidence.about(release, ['tests'])).toEqual([put, elsewhere])
    expect(await evidence.about(release, [])).toEqual([])
    expect(await evidence.get(put.id)).toEqual(put)
    expect(await evidence.get(release)).toBeUndefined()
    expect(await evidence.about(`sha256:${'b'.repeat(64)}`)).toEqual([])
  })

  it('keeps blobs by their digest', async () => {
    const { blobs } = (await fresh()).store
    const { digest, size } = await blobs.put(chunked('hello there'))
    expect(size).toBe(11)
    expect(digest).toBe('sha256:12998c017066eb0d2a70b94e6ed3192985855ce390f321bbdb832022888bd251')
    expect(await blobs.put(chunked('hello there'))).toEqual({ digest, size })
    expect(await blobs.has(digest)).toBe(true)
    expect(await text(blobs, digest)).toBe('hello there')
    expect(await text(blobs, digest)).toBe('hello there')
    const nothing: Digest = `sha256:${'0'.repeat(64)}`
    expect(await blobs.has(nothing)).toBe(false)
    expect(await blobs.open(nothing)).toBeUndefined()
  })
}
