import { lstat, mkdir, open, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Header } from 'tar-stream'
import { isSafeLink, isSafeName } from './safe.ts'

export type Placer = { place(header: Header, bytes: AsyncIterable<Uint8Array>): Promise<void> }

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code

/** Does it; when something of that name is in the way, removes that first. */
async function insteadOf(path: string, act: () => Promise<void>): Promise<void> {
  try {
    await act()
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
    await rm(path, { recursive: true, force: true })
    await act()
  }
}

/** A real folder, never a link to one: nothing is written through links. */
const makeRealFolder = (path: string): Promise<void> =>
  mkdir(path).catch(async (error: unknown) => {
    if (codeOf(error) !== 'EEXIST') throw error
    if ((await lstat(path)).isDirectory()) return
    await rm(path, { force: true })
    await mkdir(path)
  })

async function writeFile(path: string, mode: number, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const file = await open(path, 'wx', mode)
  try {
    for await (const chunk of bytes) await file.write(chunk)
    // Whatever the umask: the mode is part of what was released.
    await file.chmod(mode)
  } finally {
    await file.close()
  }
}

/** Puts entries of an archive into a folder, and nothing outside it. Refuses names twice and whatever leads out. */
export function createPlacer(folder: string): Placer {
  const placed = new Set<string>()
  const folders = new Set<string>()

  async function makeParents(name: string): Promise<void> {
    const parts = name.split('/').slice(0, -1)
    for (let depth = 1; depth <= parts.length; depth++) {
      const parent = parts.slice(0, depth).join('/')
      if (placed.has(parent)) throw new Error(`the bundle holds ${name} below ${parent}, which is no folder`)
      if (folders.has(parent)) continue
      await makeRealFolder(join(folder, parent))
      folders.add(parent)
    }
  }

  function check({ name, type, linkname }: Header): void {
    if (!isSafeName(name)) throw new Error(`the bundle holds the unsafe name ${JSON.stringify(name)}`)
    if (placed.has(name) || folders.has(name)) throw new Error(`the bundle holds ${name} twice`)
    if (type !== 'file' && type !== 'symlink') throw new Error(`the bundle holds ${name}, a ${type}`)
    if (type === 'symlink' && !isSafeLink(name, linkname))
      throw new Error(`the bundle holds the link ${name} to ${linkname}, which leads outside`)
  }

  return {
    async place(header, bytes) {
      check(header)
      await makeParents(header.name)
      placed.add(header.name)
      const path = join(folder, header.name)
      if (header.type === 'symlink') {
        await insteadOf(path, () => symlink(header.linkname, path))
        for await (const _ of bytes);
        return
      }
      const mode = (header.mode & 0o100) !== 0 ? 0o755 : 0o644
      await insteadOf(path, () => writeFile(path, mode, bytes))
    },
  }
}
