import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sourcesWith } from './page-build.ts'

const builder = fileURLToPath(new URL('./program-build.ts', import.meta.url))
const cache = fileURLToPath(new URL('../../node_modules/.cache/plimsoll', import.meta.url))

/**
 * The command line, and the server that it starts, each in one file; built once from what the source is now.
 * @returns the command line's file
 * @throws Error when it cannot be built, with what the builder said
 */
export function builtProgram(): string {
  const folder = join(cache, `program-${sourcesWith(builder).slice(0, 16)}`)
  if (!existsSync(folder)) {
    const { status, stderr } = spawnSync(process.execPath, [builder, folder], { encoding: 'utf8' })
    if (status !== 0) throw new Error(`the program cannot be built: ${stderr}`)
  }
  return join(folder, 'cli.js')
}
