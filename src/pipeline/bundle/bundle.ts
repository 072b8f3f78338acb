import { createHash } from 'node:crypto'
import type { Digest } from '../../kernel/index.ts'
import type { BlobStore } from '../../store/index.ts'
import { packFiles } from './pack.ts'
import { everything, listFiles, type Selection } from './walk.ts'

export type Bundle = { readonly digest: Digest; readonly sizeBytes: number; readonly files: number }

/** What belongs to git is never part of a bundle. */
const withoutGit = (selection: Selection): Selection => ({
  include: selection.include,
  exclude: [...selection.exclude, '.git', '**/.git'],
})

/**
 * Packs what is meant of a folder into one blob. Same files, same digest.
 * @throws Error naming what cannot be packed: links that point outside, sockets, devices
 */
export async function bundleFolder(blobs: BlobStore, folder: string, selection: Selection): Promise<Bundle> {
  const entries = await listFiles(folder, withoutGit(selection))
  const { digest, size } = await blobs.put(packFiles(folder, entries))
  return { digest, sizeBytes: size, files: entries.length }
}

/** Digest of what is meant of a folder, as its bundle would have it. */
export async function hashSelection(folder: string, selection: Selection): Promise<Digest> {
  const hash = createHash('sha256')
  for await (const bytes of packFiles(folder, await listFiles(folder, selection))) hash.update(bytes)
  return `sha256:${hash.digest('hex')}`
}

/**
 * Digest of all files of a folder. Of an unpacked bundle it is the bundle's own, as long as no byte, no mode,
 * no link and no file has changed: so what really runs is compared with what was released.
 */
export const hashFolder = (folder: string): Promise<Digest> => hashSelection(folder, everything)
