import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Digest } from '../kernel/index.ts'
import type { BlobStore } from './archive.ts'
import { finish, hashing } from './digest.ts'
import { makeFolder, syncFolder } from './folders.ts'

const shape = /^sha256:[0-9a-f]{64}$/

/** Writes all of a chunk: one call may write less than asked, and only the next says that the disk is full. */
async function writeChunk(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.byteLength; ) at += (await file.write(chunk, at)).bytesWritten
}

/** Writes and syncs; the file has no name yet that anybody looks for. */
async function writeAll(file: FileHandle, bytes: AsyncIterable<Uint8Array>): Promise<number> {
  let size = 0
  for await (const chunk of bytes) {
    await writeChunk(file, chunk)
    size += chunk.byteLength
  }
  await file.sync()
  return size
}

/** Reads a blob and finds out on the way whether it is still what it was. */
async function* verified(path: string, digest: Digest): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256')
  yield* hashing(createReadStream(path), hash)
  const found = finish(hash)
  if (found !== digest) throw new Error(`the blob ${digest} is damaged: its bytes give ${found}`)
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}

/** Blobs as files `ab/cdef…`, in a folder of one Plimsoll. */
export function fileBlobs(folder: string): BlobStore {
  const pathOf = (digest: Digest): string => {
    if (!shape.test(digest)) throw new Error(`${digest} is no digest`)
    const hex = digest.slice('sha256:'.length)
    return join(folder, hex.slice(0, 2), hex.slice(2))
  }

  /**
   * Gives a finished file its name, and makes the name durable. Also when the blob is there already: that one may
   * be damaged, or so new that its own name is not durable yet.
   */
  async function settle(temporary: string, path: string): Promise<void> {
    await makeFolder(dirname(path))
    await rename(temporary, path)
    await syncFolder(dirname(path))
    // Who made `ab/` may be another put that has not synced it yet.
    await syncFolder(folder)
  }

  return {
    async put(bytes) {
      await makeFolder(folder)
      const temporary = join(folder, `.new-${randomBytes(8).toString('hex')}`)
      const hash = createHash('sha256')
      try {
        await using file = await open(temporary, 'wx', 0o600)
        const size = await writeAll(file, hashing(bytes, hash))
        const digest = finish(hash)
        await settle(temporary, pathOf(digest))
        return { digest, size }
      } finally {
        await rm(temporary, { force: true })
      }
    },
    async open(digest) {
      const path = pathOf(digest)
      return (await exists(path)) ? verified(path, digest) : undefined
    },
    has: async (digest) => exists(pathOf(digest)),
  }
}
