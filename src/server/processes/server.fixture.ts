import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { homeAt } from '../home.ts'
import { findResident, startTimeOf, thisProcess, writeResident } from './pid-file.ts'
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

function endInstance(): void {
  try {
    process.kill(JSON.parse(readFileSync(instance, 'utf8')).pid, 'SIGKILL')
  } catch {
    // It never began, or has ended.
  }
}

async function stop(): Promise<never> {
  endInstance()
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
