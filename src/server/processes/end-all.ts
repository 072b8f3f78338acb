import { spawn } from 'node:child_process'
import { openSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Clock, exit, PlimsollError } from '../../kernel/index.ts'
import type { Home } from '../home.ts'
import { findResident, tellResident } from './pid-file.ts'
import { serverFlags } from './server-flags.ts'
import { isAllStopped } from './stopped.ts'

export const serverEntry = fileURLToPath(new URL('../main.ts', import.meta.url))

/** Instances may take their whole grace to end, and another may be at it already. */
export const stoppedWithinMs = 120_000
const againMs = 200

/** One process that takes the place of the server, ends everything and goes. @returns its exit code */
function endOnce(home: Home, entry: string): Promise<number | null> {
  const log = openSync(home.log, 'a', 0o600)
  const child = spawn(process.execPath, [...serverFlags, entry, '--home', home.folder, '--end'], {
    // Ctrl-C does not come to it.
    detached: true,
    stdio: ['ignore', log, log],
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => resolve(code))
  })
}

/**
 * Ends whatever was started from this folder and runs without a server, unless it is known that nothing does.
 * @param entry the server's entry file
 * @throws PlimsollError PLM_NOT_ENDED
 */
export async function endAll(home: Home, entry: string, clock: Clock): Promise<void> {
  for (const until = clock.now() + stoppedWithinMs; !(await isAllStopped(home)); ) {
    // One that only just began, and whose supervisor was killed, holds the store and was told by nobody.
    const server = await findResident(home.server)
    if (server) tellResident(server, 'SIGINT')
    const code = await endOnce(home, entry)
    if (code === exit.yes) return
    if (clock.now() > until) throw new PlimsollError('PLM_NOT_ENDED', `the log of who tried is ${home.log}`)
    // Killed, or a server holds the store that is about to end, or an engine that does not answer for a moment.
    await clock.until(clock.now() + againMs)
  }
}
