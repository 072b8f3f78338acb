import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Key } from '../../kernel/index.ts'

/** Where a working directory named `run/ID/JOB` lies. @throws Error when the key is not one of those */
export function folderOf(root: string, key: Key): string {
  const parts = key.split('/').slice(1)
  if (parts.length !== 2 || !parts.every((part) => /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(part)))
    throw new Error(`${key} names no working directory`)
  return join(root, ...parts)
}

/** Hands a fresh folder beside `folder` to `use`, and removes it afterwards, if it is still there. */
export async function withFolderBeside<T>(folder: string, use: (fresh: string) => Promise<T>): Promise<T> {
  await mkdir(dirname(folder), { recursive: true })
  const fresh = await mkdtemp(join(dirname(folder), `.${basename(folder)}-`))
  try {
    return await use(fresh)
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
}
