import { randomBytes } from 'node:crypto'
import { closeSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** What a book counts for a fleet, in the order in which the figures stand in its file. */
export const figures = [
  'accepted',
  'answered',
  'lost',
  'abandoned',
  'retried',
  '1',
  '2',
  '3',
  '4',
  '5',
] as const
export type Figure = (typeof figures)[number]
export type Account = Record<Figure, number>

/** Bytes of a fleet's page: its name, then its figures. */
const nameBytes = 256
const pageBytes = nameBytes + figures.length * 8

const prefix = 'book-'

/** One gateway process's account, on paper: what was written outlives the process, not the machine. */
export interface Book {
  /** Writes a fleet's figures. */
  write(page: number, fleet: string, account: Account): void
  /** A clean end: nothing is in flight, and nobody needs to look into it again but to add it up. */
  close(): void
}

const startTimeOf = (pid: number | string): string | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? undefined : fields[19]
  } catch {
    return undefined
  }
}

/** Opens this process's own book in the gateway's folder. */
export function openBook(folder: string): Book {
  const name = `${prefix}${process.pid}-${startTimeOf(process.pid) ?? 0}`
  const file = openSync(join(folder, name), 'w', 0o600)
  const buffer = Buffer.alloc(pageBytes)
  return {
    write(page, fleet, account) {
      buffer.fill(0, 0, nameBytes)
      buffer.write(fleet, 0, nameBytes - 1)
      for (const [i, figure] of figures.entries()) buffer.writeDoubleLE(account[figure], nameBytes + i * 8)
      writeSync(file, buffer, 0, pageBytes, page * pageBytes)
    },
    close: () => closeSync(file),
  }
}

export type Found = {
  readonly name: string
  /** Its process is gone: what was in flight in it was lost. */
  readonly over: boolean
  readonly accounts: ReadonlyMap<string, Account>
}

function readPage(bytes: Buffer, page: number): [string, Account] {
  const at = page * pageBytes
  const name = bytes.subarray(at, at + nameBytes)
  const fleet = name.subarray(0, name.indexOf(0)).toString()
  const account = Object.fromEntries(
    figures.map((figure, i) => [figure, bytes.readDoubleLE(at + nameBytes + i * 8)]),
  ) as Account
  return [fleet, account]
}

function readBook(folder: string, name: string): Found {
  const [, pid = '', startTime = ''] = name.split('-')
  // Whether it lives is asked first: what is read of the dead is complete.
  const over = startTimeOf(pid) !== startTime
  const bytes = readFileSync(join(folder, name))
  const pages = Math.floor(bytes.length / pageBytes)
  return { name, over, accounts: new Map(Array.from({ length: pages }, (_, page) => readPage(bytes, page))) }
}

/** Books of other gateways of this folder: those that hand over, and those that were killed. */
export function otherBooks(folder: string): Found[] {
  const own = `${prefix}${process.pid}-`
  return readdirSync(folder)
    .filter((name) => name.startsWith(prefix) && !name.startsWith(own))
    .map((name) => readBook(folder, name))
}

export const removeBook = (folder: string, name: string): void => rmSync(join(folder, name), { force: true })

/** Names the line of gateways that count as one: it changes when the folder is new, not when a process dies. */
export function lineageOf(folder: string): string {
  const file = join(folder, 'lineage')
  try {
    return readFileSync(file, 'utf8')
  } catch {
    const fresh = randomBytes(6).toString('hex')
    writeFileSync(file, fresh, { mode: 0o600 })
    return fresh
  }
}
