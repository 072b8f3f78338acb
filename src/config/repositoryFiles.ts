import { open, realpath } from 'node:fs/promises'
import { relative, resolve, sep } from 'node:path'

const largestBytes = 1_000_000

/** True when `path` is `folder` or below it; both without links. */
const isInside = (folder: string, path: string): boolean => path === folder || path.startsWith(folder + sep)

/**
 * Text of a file of the repository, by its path from the root; undefined when there is none, when it is no
 * plain file or too large, or when it is really somewhere else (through `..` or a link).
 */
export async function readRepositoryFile(folder: string, path: string): Promise<string | undefined> {
  try {
    const [root, real] = await Promise.all([realpath(folder), realpath(resolve(folder, path))])
    if (!isInside(root, real) || relative(root, real).split(sep)[0] === '.git') return undefined
    await using file = await open(real, 'r')
    const about = await file.stat()
    return about.isFile() && about.size <= largestBytes ? await file.readFile('utf8') : undefined
  } catch {
    return undefined
  }
}
