import { randomBytes } from 'node:crypto'
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PlimsollError } from '../kernel/index.ts'
import { git } from './git.ts'

/** A bare repository for each service. */
export interface Repositories {
  /**
   * Path of a service's repository; made when there is none.
   * @throws PLM_USAGE for a name that no service can have
   */
  open(service: string): Promise<string>
  list(): Promise<string[]>
}

const name = /^[a-z][a-z0-9-]{0,39}$/i

const settings: Readonly<Record<string, string>> = {
  'http.receivepack': 'true',
  'receive.fsckObjects': 'true',
  'receive.autogc': 'true',
  'gc.auto': '2000',
  'core.logAllRefUpdates': 'true',
}

/** Says to whoever pushes where the run can be watched; the address comes with the request. */
const postReceive = `#!/bin/sh
while read -r old new ref; do
  case $ref in refs/heads/*) ;; *) continue ;; esac
  case $new in 0000000000000000000000000000000000000000) continue ;; esac
  echo "plimsoll: $PLIMSOLL_URL/services/$PLIMSOLL_SERVICE/changes/$new"
  echo "plimsoll: plimsoll follow $PLIMSOLL_SERVICE $(printf %.12s "$new")"
done
`

async function make(folder: string, path: string): Promise<void> {
  const temporary = join(folder, `.new-${randomBytes(6).toString('hex')}`)
  try {
    await mkdir(temporary, { recursive: true, mode: 0o700 })
    await git(temporary, ['init', '--quiet', '--bare', '--initial-branch=main', '--template='])
    for (const [key, value] of Object.entries(settings)) await git(temporary, ['config', key, value])
    await mkdir(join(temporary, 'hooks'))
    await writeFile(join(temporary, 'hooks', 'post-receive'), postReceive, { mode: 0o700 })
    await rename(temporary, path)
  } catch (error) {
    // Two who make it at once: the second finds it made.
    if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}

export function repositories(folder: string): Repositories {
  const ready = new Map<string, Promise<string>>()
  const names = async () =>
    (await readdir(folder)).filter((entry) => entry.endsWith('.git')).map((entry) => entry.slice(0, -4))

  async function find(service: string): Promise<string> {
    const path = join(folder, `${service}.git`)
    if (!(await names()).includes(service)) await make(folder, path)
    return path
  }

  return {
    async open(service) {
      if (!name.test(service))
        throw new PlimsollError(
          'PLM_USAGE',
          `${service} is no name for a service: letters, digits and -, at most 40`,
        )
      const known = ready.get(service) ?? find(service)
      ready.set(service, known)
      known.catch(() => ready.delete(service))
      return known
    },
    list: names,
  }
}
