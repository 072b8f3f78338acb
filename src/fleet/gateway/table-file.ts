import { open, readFile, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type GatewayTable, gatewayTable } from './table.ts'

const fileIn = (folder: string): string => join(folder, 'table.json')

/** Writes the table so that it is there whole or not at all, and survives a loss of power. */
export async function writeTable(folder: string, table: GatewayTable): Promise<void> {
  const temporary = `${fileIn(folder)}.${process.pid}.new`
  const file = await open(temporary, 'w', 0o600)
  try {
    await file.writeFile(JSON.stringify(table))
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(temporary, fileIn(folder))
  const holder = await open(folder, 'r')
  await holder.sync().finally(() => holder.close())
}

/** The table that was written last; undefined when there is none or it cannot be read. */
export async function readTable(folder: string): Promise<GatewayTable | undefined> {
  try {
    return gatewayTable.parse(JSON.parse(await readFile(fileIn(folder), 'utf8')))
  } catch {
    return undefined
  }
}

/** Calls `changed` whenever another table has been written. */
export function watchTable(folder: string, everyMs: number, changed: () => void): void {
  let before: string | undefined
  const look = async () => {
    const found = await stat(fileIn(folder)).catch(() => undefined)
    const now = found && `${found.ino} ${found.mtimeMs}`
    if (now !== undefined && now !== before) changed()
    before = now
  }
  setInterval(() => void look(), everyMs).unref()
}
