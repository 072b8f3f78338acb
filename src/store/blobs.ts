import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Digest } from '../kernel/index.ts'
import type { BlobStore } from './archive.ts'
import { finish, hashing } from './digest.ts'

const shape = /^sha256:[0-9a-f]{64}$/

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Writes and syncs; the file has no name yet that anybody looks for. */
async function writeAll(file: FileHandle, bytes: AsyncIterable<Uint8Array>): Promise<number> {
  let size = 0
  for await (const chunk of bytes) {
    await file.write(chunk)
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

/** Blobs as files `ab/cdef…`, in a folder of one Plimsoll. */
export function fileBlobs(folder: string): BlobStore {
  const pathOf = (digest: Digest): string => {
    if (!shape.test(digest)) throw new Error(`${digest} is no digest`)
    const hex = digest.slice('sha256:'.length)
    return join(folder, hex.slice(0, 2), hex.slice(2))
  }
  const exists = (path: string): Promise<boolean> =>
    stat(path).then(
      () => true,
      () => false,
    )

  /** Gives a finished file its name, and makes the name durable. */
  async function settle(temporary: string, path: string): Promise<void> {
    const made = await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    await rename(temporary, path)
    await syncFolder(dirname(path))
    if (made) await syncFolder(folder)
  }

  return {
    async put(bytes) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const temporary = join(folder, `.new-${randomBytes(8).toString('hex')}`)
      const hash = createHash('sha256')
      try {
        await using file = await open(temporary, 'wx', 0o600)
        const size = await writeAll(file, hashing(bytes, hash))
        const digest = finish(hash)
        const path = pathOf(digest)
        if (!(await exists(path))) await settle(temporary, path)
        return { digest, size }
      } finally {
        await rm(temporary, { force: true })
      }
    },
    async open(digest) {
      const path = pathOf(digest)
      return (await exists(path)) ? verified(path, digest) : undefined
    },
    has: (digest) => exists(pathOf(digest)),
  }
}
