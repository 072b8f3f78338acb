import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { dropRef } from '../../changes/index.ts'
import type { Spikes } from '../../flow/world.ts'
import { type Commands, keyOf } from '../../host/index.ts'
import type { Key, Variables } from '../../kernel/index.ts'
import { checkoutTree } from '../../pipeline/index.ts'

type Deps = {
  /** Folders of spikes are made in here. */
  readonly root: string
  /** Job directories of commands. */
  readonly jobs: string
  /** Data folders of environments. */
  readonly data: string
  readonly commands: Pick<Commands, 'forget'>
}

/** Names a value that a spike's `up` said: only its instances are given it. */
export const spikeSecret = /^spike\/([a-z0-9.-]+)\/(\w+)$/i

const isName = /^[A-Za-z_][A-Za-z0-9_]*$/

/** `NAME=value` lines; blank ones and those that begin with # say nothing. */
export function readVariables(text: string): { values: Record<string, string>; wrong: number[] } {
  const lines = text.split('\n').map((line, i) => ({ line: line.replace(/\r$/, ''), number: i + 1 }))
  const said = lines.filter(({ line }) => line.trim() !== '' && !line.startsWith('#'))
  const parsed = said.map(({ line, number }) => {
    const at = line.indexOf('=')
    return { name: line.slice(0, Math.max(0, at)), value: line.slice(at + 1), number }
  })
  return {
    values: Object.fromEntries(
      parsed.filter(({ name }) => isName.test(name)).map(({ name, value }) => [name, value]),
    ),
    wrong: parsed.filter(({ name }) => !isName.test(name)).map(({ number }) => number),
  }
}

const textOf = (file: string): Promise<string> => readFile(file, 'utf8').catch(() => '')

const secretsFile = (root: string, spike: string): string => join(root, spike, 'secrets')

/** The value of a secret of a spike; undefined when it has none. */
export async function spikeSecretValue(
  root: string,
  spike: string,
  name: string,
): Promise<string | undefined> {
  return readVariables(await textOf(secretsFile(root, spike))).values[name]
}

/** What spikes have on this machine, by their names. */
export function createSpikes({ root, jobs, data, commands }: Deps): Spikes {
  const at = (spike: string, name: string) => join(root, spike, name)

  /** Of its own commands, of its instances and of its deployments' commands. */
  async function jobsOf(spike: string): Promise<Key[]> {
    const prefixes = [`spike/${spike}/`, `fleet/${spike}.`, `deployment/${spike}.`]
    const keys = (await readdir(jobs)).map(keyOf)
    return keys.filter((key) => prefixes.some((prefix) => key.startsWith(prefix)))
  }

  async function exists(spike: string): Promise<boolean> {
    if (existsSync(join(root, spike)) || existsSync(join(data, spike))) return true
    return (await jobsOf(spike)).length > 0
  }

  return {
    foldersOf: (spike) => ({
      source: at(spike, 'source'),
      variables: at(spike, 'variables'),
      secrets: secretsFile(root, spike),
    }),
    async make(spike, source) {
      if (existsSync(at(spike, 'source'))) return
      await mkdir(join(root, spike), { recursive: true, mode: 0o700 })
      const fresh = await mkdtemp(at(spike, '.source-'))
      await checkoutTree(source, fresh, new AbortController().signal)
      for (const name of ['variables', 'secrets']) await writeFile(at(spike, name), '', { mode: 0o600 })
      await rename(fresh, at(spike, 'source'))
    },
    async variables(spike) {
      const plain = readVariables(await textOf(at(spike, 'variables')))
      const secret = readVariables(await textOf(secretsFile(root, spike)))
      const said = (file: string, wrong: number[]) =>
        wrong.map((number) => `line ${number} of what it wrote to $${file} is not NAME=value`)
      const problems = [...said('VARIABLES', plain.wrong), ...said('SECRETS', secret.wrong)]
      if (problems.length > 0) return { problem: problems.join('; ') }
      const named = Object.keys(secret.values).map((name) => [name, { secret: `spike/${spike}/${name}` }])
      const variables: Variables = { ...plain.values, ...Object.fromEntries(named) }
      return { variables }
    },
    exists,
    async remove(spike, refs) {
      for (const key of await jobsOf(spike)) await commands.forget(key)
      for (const folder of [join(data, spike), join(root, spike)])
        await rm(folder, { recursive: true, force: true })
      for (const { repository, ref } of refs) await dropRef(repository, ref)
      if (await exists(spike)) throw new Error(`something is still at work in the folders of ${spike}`)
    },
  }
}
