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
  'failedClients',
] as const
export type Figure = (typeof figures)[number]
export type Account = Record<Figure, number>

const noFigures = Object.fromEntries(figures.map((figure) => [figure, 0])) as Account

/** A fleet's page is its name, then its figures. */
const nameBytes = 256
const bytesOf = (layout: readonly Figure[]): number => nameBytes + layout.length * 8

/**
 * What stands in a book, by what its name begins with: gateways of an earlier version hand over to this one, too, and
 * their books have no figures that were added since.
 */
const layouts: Readonly<Record<string, readonly Figure[]>> = { book: figures.slice(0, 10), book2: figures }
const own = 'book2'

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
  const name = `${own}-${process.pid}-${startTimeOf(process.pid) ?? 0}`
  const file = openSync(join(folder, name), 'w', 0o600)
  const pageBytes = bytesOf(figures)
  const named: string[] = []
  const page = Buffer.alloc(pageBytes)
  return {
    write(number, fleet, account) {
      let at = nameBytes
      for (const figure of figures) at = page.writeDoubleLE(account[figure], at)
      // The name stands there already, but for the first time.
      const from = named[number] === fleet ? nameBytes : 0
      if (from === 0) page.fill(0, 0, nameBytes).write(fleet, 0, nameBytes - 1)
      named[number] = fleet
      writeSync(file, page, from, pageBytes - from, number * pageBytes + from)
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

function readPage(bytes: Buffer, at: number, layout: readonly Figure[]): [string, Account] {
  const name = bytes.subarray(at, at + nameBytes)
  const fleet = name.subarray(0, name.indexOf(0)).toString()
  const account = { ...noFigures }
  for (const [i, figure] of layout.entries()) account[figure] = bytes.readDoubleLE(at + nameBytes + i * 8)
  return [fleet, account]
}

function readBook(folder: string, name: string): Found {
  const [kind = '', pid = '', startTime = ''] = name.split('-')
  const layout = layouts[kind] ?? figures
  // Whether it lives is asked first: what is read of the dead is complete.
  const over = startTimeOf(pid) !== startTime
  const bytes = readFileSync(join(folder, name))
  const pageBytes = bytesOf(layout)
  const pages = Array.from({ length: Math.floor(bytes.length / pageBytes) }, (_, page) =>
    readPage(bytes, page * pageBytes, layout),
  )
  return { name, over, accounts: new Map(pages) }
}

/** Books of other gateways of this folder: those that hand over, and those that were killed. */
export function otherBooks(folder: string): Found[] {
  return readdirSync(folder)
    .filter((name) => (name.split('-')[0] ?? '') in layouts && !name.startsWith(`${own}-${process.pid}-`))
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
