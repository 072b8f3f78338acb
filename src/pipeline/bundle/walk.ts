import { lstat, readdir, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { compileGlobs, type Globs } from './glob.ts'

/** What of a folder is meant: globs relative to it. */
export type Selection = { readonly include: readonly string[]; readonly exclude: readonly string[] }

export const everything: Selection = { include: ['**'], exclude: [] }

export type FileEntry =
  | { readonly name: string; readonly is: 'file'; readonly executable: boolean; readonly sizeBytes: number }
  | { readonly name: string; readonly is: 'link'; readonly target: string }

async function entryOf(folder: string, name: string): Promise<FileEntry> {
  const path = join(folder, name)
  const stat = await lstat(path)
  if (stat.isSymbolicLink()) return { name, is: 'link', target: await readlink(path) }
  if (!stat.isFile()) throw new Error(`${name} is neither a file nor a folder nor a link`)
  return { name, is: 'file', executable: (stat.mode & 0o100) !== 0, sizeBytes: stat.size }
}

/** A folder whose name is not excluded and below which something could be included. */
const isWorthEntering = (name: string, include: Globs, exclude: Globs): boolean =>
  include.reaches(name) && !exclude.matches(name)

/**
 * Files and links of a folder that are meant, by name. Folders are implied by what is in them; empty ones are
 * not listed. Links are not followed.
 * @throws Error naming what is neither file nor folder nor link (sockets, devices, pipes)
 */
export async function listFiles(folder: string, selection: Selection = everything): Promise<FileEntry[]> {
  const include = compileGlobs(selection.include)
  const exclude = compileGlobs(selection.exclude)
  const names: string[] = []
  const folders = ['']
  for (let parent = folders.pop(); parent !== undefined; parent = folders.pop()) {
    for (const item of await readdir(join(folder, parent), { withFileTypes: true })) {
      const name = parent === '' ? item.name : `${parent}/${item.name}`
      if (item.isDirectory()) {
        if (isWorthEntering(name, include, exclude)) folders.push(name)
      } else if (include.matches(name) && !exclude.matches(name)) names.push(name)
    }
  }
  // By code units: the same everywhere, whatever the locale.
  names.sort()
  const entries: FileEntry[] = []
  for (const name of names) entries.push(await entryOf(folder, name))
  return entries
}
