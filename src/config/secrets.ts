import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { basename } from 'node:path'
import { PlimsollError } from '../kernel/index.ts'
import { parseSecretsFile } from './secretsFile.ts'

/** Values of secrets by name. Nothing here is ever logged or stored. */
export interface Secrets {
  /**
   * The values of all `names`. The file is read anew each time, so that a secret can be changed while the
   * server runs.
   * @throws PlimsollError PLM_SECRET_MISSING naming all that have no value; PLM_SECRET_FILE_OPEN when others
   * can read the file or it is not ours; PLM_SECRET_FILE_INVALID when a line cannot be read
   */
  resolve(names: readonly string[]): Promise<ReadonlyMap<string, string>>
}

type SecretsSource = {
  /** File of `NAME=value` lines, mode 0600; it need not be there. */
  readonly file?: string
  /** Environment to look in for `PLIMSOLL_SECRET_<NAME>`, for what the file does not say. */
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * Opens the team's secrets.
 *
 * @example
 * const secrets = openSecrets({ file: '.plimsoll/secrets', env: process.env })
 * const values = await secrets.resolve(['API_KEY'])
 */
export function openSecrets({ file, env }: SecretsSource): Secrets {
  return {
    async resolve(names) {
      const kept = file === undefined ? new Map<string, string>() : await readSecrets(file)
      const find = (name: string) => kept.get(name) ?? env[`PLIMSOLL_SECRET_${name}`]
      const pairs = names.map((name) => [name, find(name)] as const)
      const missing = new Set(pairs.flatMap(([name, value]) => (value === undefined ? [name] : [])))
      if (missing.size > 0) throw new PlimsollError('PLM_SECRET_MISSING', [...missing].map(describeMissing))
      return new Map(pairs.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])))
    },
  }
}

const describeMissing = (name: string) => ({
  at: name,
  text: `the secret ${name} has no value, expected a line ${name}=… or the variable PLIMSOLL_SECRET_${name}`,
})

async function readSecrets(file: string): Promise<ReadonlyMap<string, string>> {
  const text = await readClosed(file)
  const { values, badLines } = parseSecretsFile(text)
  if (badLines.length === 0) return values
  const problems = badLines.map((line) => ({
    place: `${basename(file)}:${line}`,
    text: `line ${line} cannot be read, expected NAME=value, NAME='value' or NAME="value"`,
  }))
  throw new PlimsollError('PLM_SECRET_FILE_INVALID', problems)
}

/** Text of the file, '' when there is none. Looks at what it opened, so that it cannot be exchanged between. */
async function readClosed(file: string): Promise<string> {
  try {
    await using handle = await open(file, constants.O_RDONLY)
    await refuseOpen(handle, file)
    return await handle.readFile('utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  }
}

async function refuseOpen(handle: FileHandle, file: string): Promise<void> {
  const { mode, uid } = await handle.stat()
  const permissions = mode & 0o777
  const refuse = (text: string) =>
    new PlimsollError('PLM_SECRET_FILE_OPEN', [{ place: basename(file), text }])
  if ((permissions & 0o077) !== 0)
    throw refuse(`${basename(file)} has mode 0${permissions.toString(8)}, expected 0600`)
  if (uid !== userInfo().uid)
    throw refuse(`${basename(file)} belongs to user ${uid}, expected ${userInfo().uid}`)
}
