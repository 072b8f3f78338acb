import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { PlimsollError } from '../kernel/index.ts'

const skipped = new Set(['node_modules', 'dist', 'build', 'target', 'vendor'])
const deepest = 3
const mostNamed = 4

/** Folders above, as far as the repository goes, of which one has the file. */
function above(folder: string, file: string): string | undefined {
  let found: string | undefined
  for (let at = folder; ; at = dirname(at)) {
    if (at !== folder && found === undefined && existsSync(join(at, file))) found = at
    if (existsSync(join(at, '.git'))) return found
    if (at === dirname(at)) return undefined
  }
}

/** Folders below that have the file: services of a repository of several. */
async function below(folder: string, file: string, depth = 1): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const folders = entries.filter(
    (entry) => entry.isDirectory() && !entry.name.startsWith('.') && !skipped.has(entry.name),
  )
  const found: string[] = []
  for (const { name } of folders.toSorted((a, b) => a.name.localeCompare(b.name))) {
    const path = join(folder, name)
    if (existsSync(join(path, file))) found.push(path)
    else if (depth < deepest) found.push(...(await below(path, file, depth + 1)))
  }
  return found
}

const push = (prefix: string): string =>
  `git push plimsoll $(git subtree split --prefix ${prefix}):refs/heads/main`

/** The error of a folder without a configuration: says where there is one, above or below. */
export async function missingConfig(folder: string, file: string): Promise<PlimsollError> {
  const up = above(folder, file)
  const error = (text: string) => new PlimsollError('PLM_CONFIG_MISSING', text)
  if (up) return error(`there is no ${file} in this folder, but one in ${relative(folder, up)}: go there`)
  const services = (await below(folder, file)).map((path) => relative(folder, path))
  const [first] = services
  if (first === undefined) return new PlimsollError('PLM_CONFIG_MISSING')
  const named = services.slice(0, mostNamed).join(', ') + (services.length > mostNamed ? ', …' : '')
  return error(
    `there is no ${file} in this folder, but in ${named}: each is a service of its own, to be checked there and pushed by itself (${push(first)})`,
  )
}
