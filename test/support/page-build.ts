import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const page = join(root, 'dist', 'web')
/** What the page in `dist/web` was built from. */
const stamp = join(root, 'node_modules', '.cache', 'plimsoll', 'page.sources')

/** Changes with everything that a build reads. @param more files that it reads besides the source */
export function sourcesWith(...more: readonly string[]): string {
  const hash = createHash('sha256')
  const inSource = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.includes('.test.'))
    .map((entry) => join(entry.parentPath, entry.name))
  for (const file of [...inSource.sort(), ...more, join(root, 'package-lock.json')])
    hash.update(`${file}\0`).update(readFileSync(file))
  return hash.digest('hex')
}

const isBuiltFrom = (wanted: string): boolean =>
  existsSync(page) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted

/** In one step, so that a server which shows the page to another test is never without it. */
function put(built: string, wanted: string): void {
  const old = `${built}-old`
  if (existsSync(page)) renameSync(page, old)
  renameSync(built, page)
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, wanted)
  rmSync(old, { recursive: true, force: true })
}

/**
 * The page as it is shipped, in `dist/web`; built once, however many tests look at it.
 * @returns what the build complained about
 */
export function buildPage(): string {
  const wanted = sourcesWith(join(root, 'vite.config.ts'))
  if (isBuiltFrom(wanted)) return ''
  const built = join(root, 'dist', `web-${process.pid}`)
  mkdirSync(built, { recursive: true })
  const { stdout, stderr } = spawnSync(
    'vite',
    ['build', '--logLevel', 'error', '--outDir', built, '--emptyOutDir'],
    { cwd: root, encoding: 'utf8', env: { ...process.env, NODE_ENV: 'production' } },
  )
  // Another test may have been quicker, and shows its own already.
  if (isBuiltFrom(wanted)) rmSync(built, { recursive: true, force: true })
  else if (stdout + stderr === '') put(built, wanted)
  return stdout + stderr
}
