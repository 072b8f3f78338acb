import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { homeAt } from '../home.ts'
import { findResident, startTimeOf, tellResident, thisProcess, writeResident } from './pid-file.ts'
import { markStopped, unmarkStopped } from './stopped.ts'

/**
 * A server in little, for the supervisor: it has one instance that outlives it, and dies after a while unless told not to
 * (`lives` in its folder, in ms).
 */
const { values } = parseArgs({
  options: {
    home: { type: 'string', default: '' },
    host: { type: 'string' },
    port: { type: 'string' },
    asked: { type: 'string', default: '0' },
    end: { type: 'boolean' },
  },
})
const home = homeAt(values.home)
const instance = join(home.folder, 'instance.json')
const livesMs = Number(readFileSync(join(home.folder, 'lives'), 'utf8'))

/** Until it is gone: what was told to end has not ended yet. */
async function endInstance(): Promise<void> {
  for (let left = await findResident(instance); left; left = await findResident(instance)) {
    tellResident(left, 'SIGKILL')
    await pause(5)
  }
}

async function stop(): Promise<never> {
  await endInstance()
  await markStopped(home)
  process.exit(0)
}

if (values.end) await stop()
if (!(await unmarkStopped(home, Number(values.asked)))) process.exit(3)
if (!(await findResident(instance))) {
  const { pid = 0 } = spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' })
  writeFileSync(instance, JSON.stringify({ pid, startTime: startTimeOf(pid) }))
}
process.on('SIGINT', () => void stop())
process.on('SIGTERM', () => process.exit(0))
await writeResident(home.server, thisProcess({ port: 1, host: '127.0.0.1' }))
setTimeout(() => process.kill(process.pid, 'SIGKILL'), livesMs)
