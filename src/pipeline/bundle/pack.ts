import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { type Header, type Pack, pack } from 'tar-stream'
import { isSafeLink } from './safe.ts'
import type { FileEntry } from './walk.ts'

/** Files up to this size are read at once, larger ones streamed. */
const wholeFileBytes = 1_048_576

type EntryHeader = Partial<Header> & Pick<Header, 'name'>

/** What is the same for every entry, so that nothing of the machine or the moment gets into the bytes. */
const headerOf = (entry: FileEntry): EntryHeader => ({
  name: entry.name,
  mode: entry.is === 'file' && entry.executable ? 0o755 : 0o644,
  uid: 0,
  gid: 0,
  uname: '',
  gname: '',
  mtime: new Date(0),
})

const whole = (tar: Pack, header: EntryHeader, bytes?: Buffer): Promise<void> =>
  new Promise((resolve, reject) => {
    const done = (error?: Error | null) => (error ? reject(error) : resolve())
    if (bytes) tar.entry(header, bytes, done)
    else tar.entry(header, done)
  })

async function addFile(tar: Pack, path: string, header: EntryHeader, sizeBytes: number): Promise<void> {
  if (sizeBytes <= wholeFileBytes) return whole(tar, header, await readFile(path))
  const sink = tar.entry({ ...header, size: sizeBytes }) as unknown as NodeJS.WritableStream
  await pipeline(createReadStream(path), sink)
}

async function add(tar: Pack, folder: string, entry: FileEntry): Promise<void> {
  const header = headerOf(entry)
  if (entry.is === 'file') return addFile(tar, join(folder, entry.name), header, entry.sizeBytes)
  if (!isSafeLink(entry.name, entry.target))
    throw new Error(`the link ${entry.name} points to ${entry.target}, outside the folder`)
  return whole(tar, { ...header, type: 'symlink', linkname: entry.target })
}

async function addAll(tar: Pack, folder: string, entries: readonly FileEntry[]): Promise<void> {
  for (const entry of entries) await add(tar, folder, entry)
  tar.finalize()
}

/**
 * The bytes of a tar archive of these files: the same files give the same bytes, whenever and wherever they
 * were made. Modes are 755 or 644, links are kept, hard links are files like others.
 * @throws Error naming a link that points outside the folder
 */
export async function* packFiles(folder: string, entries: readonly FileEntry[]): AsyncGenerator<Uint8Array> {
  const tar = pack()
  const fed = addAll(tar, folder, entries).catch((error: Error) => {
    tar.destroy(error)
    throw error
  })
  fed.catch(() => {})
  yield* tar as unknown as AsyncIterable<Uint8Array>
  await fed
}
