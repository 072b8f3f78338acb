import { commands } from './commands/index.ts'
import { runCommandLine } from './dispatch.ts'
import { processIo } from './process-io.ts'

const interrupted = new AbortController()
process.once('SIGINT', () => interrupted.abort())
process.once('SIGTERM', () => interrupted.abort())
// A reader that has seen enough (`| head`) is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 3))

// Children and timers that do not hold the process are waited for all the same.
const awake = setInterval(() => {}, 60_000)
process.exitCode = await runCommandLine(commands, process.argv.slice(2), processIo(interrupted.signal))
clearInterval(awake)
// Sockets that wait for an answer that nobody wants any more do not keep the command alive.
if (process.stdout.writableLength === 0) process.exit()
process.stdout.once('drain', () => process.exit())
