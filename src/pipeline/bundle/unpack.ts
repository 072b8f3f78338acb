import { createHash, type Hash } from 'node:crypto'
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { extract } from 'tar-stream'
import type { Digest } from '../../kernel/index.ts'
import type { BlobStore } from '../../store/index.ts'
import { createPlacer, type Placer } from './place.ts'

async function* hashed(bytes: AsyncIterable<Uint8Array>, hash: Hash): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    hash.update(chunk)
    yield chunk
  }
}

async function placeAll(bytes: AsyncIterable<Uint8Array>, placer: Placer): Promise<void> {
  const tar = extract()
  const read = pipeline(bytes, tar as unknown as NodeJS.WritableStream)
  read.catch(() => {})
  for await (const entry of tar)
    await placer.place(entry.header, entry as unknown as AsyncIterable<Uint8Array>)
  await read
}

/**
 * Lays the files of a bundle over a folder that is there; what has the same name is replaced.
 * @throws Error when there is no such blob, when its bytes are not its digest's, or when it holds names that lead out
 */
export async function overlayBundle(blobs: BlobStore, digest: Digest, folder: string): Promise<void> {
  const bytes = await blobs.open(digest)
  if (!bytes) throw new Error(`the bundle ${digest} is not there`)
  const hash = createHash('sha256')
  await placeAll(hashed(bytes, hash), createPlacer(folder))
  const found = `sha256:${hash.digest('hex')}`
  if (found !== digest) throw new Error(`the bundle ${digest} is damaged: its bytes give ${found}`)
}

const isFolder = async (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )

/** Moves a finished folder into place; when another was quicker, that one stays. */
async function settle(from: string, to: string): Promise<void> {
  try {
    await rename(from, to)
  } catch (error) {
    if (!(await isFolder(to))) throw error
  }
}

/**
 * Unpacks a bundle into a folder of its own: it is there completely or not at all. Nothing when it is there.
 * @throws Error as overlayBundle does; then there is no folder
 */
export async function unpackBundle(blobs: BlobStore, digest: Digest, folder: string): Promise<void> {
  if (await isFolder(folder)) return
  await mkdir(dirname(folder), { recursive: true })
  const temporary = await mkdtemp(join(dirname(folder), '.unpacking-'))
  try {
    await overlayBundle(blobs, digest, temporary)
    await settle(temporary, folder)
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}
