import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { PlimsollError } from '../../kernel/index.ts'

/** SQLITE_BUSY: somebody else has the file locked. */
const busy = 5
const isBusy = (error: unknown): boolean => (error as { errcode?: number }).errcode === busy

/** The right to be the one server of a folder. */
export type Hold = { release(): void }

/** Who holds the folder, as far as its note tells: for people, not for deciding. */
function holderOf(note: string): string {
  return existsSync(note) ? readFileSync(note, 'utf8').trim() : 'an unknown process'
}

/**
 * Takes a folder for this process: an exclusive transaction on a file of its own, which the kernel ends when the
 * process does, however it ends.
 * @throws PLM_STORE_HELD naming the holder
 */
export function holdFolder(folder: string): Hold {
  const file = join(folder, 'server.lock')
  const note = join(folder, 'server.holder')
  const lock = new DatabaseSync(file, { timeout: 0 })
  try {
    chmodSync(file, 0o600)
    lock.exec('BEGIN EXCLUSIVE')
    writeFileSync(note, `pid ${process.pid}, since ${new Date().toISOString()}\n`, { mode: 0o600 })
  } catch (error) {
    lock.close()
    if (!isBusy(error)) throw error
    throw new PlimsollError('PLM_STORE_HELD', `${folder} is held by ${holderOf(note)}`, { cause: error })
  }
  return {
    release() {
      if (lock.isOpen) lock.close()
    },
  }
}
