import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { jobFolder, keyOf } from '../host/index.ts'
import type { Key } from '../kernel/index.ts'
import type { Kept } from './group.ts'

/** What is remembered of groups of containers, by key. Durable when `write` returns. */
export interface Book {
  keys(): Promise<readonly Key[]>
  read(key: Key): Promise<Kept | undefined>
  write(key: Key, kept: Kept): Promise<void>
}

const fileName = 'group.json'

/** The book as a file in each job's directory, beside its log. */
export function fileBook(root: string): Book {
  const fileOf = (key: Key) => join(jobFolder(root, key).folder, fileName)
  const read = (key: Key): Kept | undefined => {
    try {
      return JSON.parse(readFileSync(fileOf(key), 'utf8')) as Kept
    } catch {
      return undefined
    }
  }
  return {
    async keys() {
      return readdirSync(root)
        .map(keyOf)
        .filter((key) => read(key) !== undefined)
    },
    read: async (key) => read(key),
    async write(key, kept) {
      mkdirSync(jobFolder(root, key).folder, { recursive: true, mode: 0o700 })
      const file = fileOf(key)
      writeFileSync(`${file}.new`, JSON.stringify(kept), { mode: 0o600, flush: true })
      renameSync(`${file}.new`, file)
    },
  }
}

/** Values of secrets as files that only their containers see. */
export interface SecretFiles {
  /** @returns the folder to mount; undefined when there is nothing to write */
  write(key: Key, container: string, secrets: Readonly<Record<string, string>>): Promise<string | undefined>
  remove(key: Key): Promise<void>
}

/**
 * Secrets in a folder that only this user can enter; inside, containers can read them whatever their user.
 * @param root best in memory: /dev/shm
 */
export function secretFiles(root: string): SecretFiles {
  const folderOf = (key: Key) => join(root, key.replaceAll('/', '_'))
  return {
    async write(key, container, secrets) {
      if (Object.keys(secrets).length === 0) return undefined
      mkdirSync(root, { recursive: true, mode: 0o700 })
      const folder = join(folderOf(key), container)
      mkdirSync(folder, { recursive: true, mode: 0o755 })
      for (const [name, value] of Object.entries(secrets)) {
        rmSync(join(folder, name), { force: true })
        writeFileSync(join(folder, name), value, { mode: 0o444 })
      }
      return folder
    },
    async remove(key) {
      rmSync(folderOf(key), { recursive: true, force: true })
      // The last one out takes the folder with it.
      await rmdir(root).catch(() => {})
    },
  }
}
