import { parseArgs } from 'node:util'
import pino from 'pino'
import { realClock } from '../host/clock.ts'
import { errorTable, PlimsollError } from '../kernel/index.ts'
import { homeFrom, makeHome } from './home.ts'
import { startServer } from './server.ts'

const { values } = parseArgs({
  options: { home: { type: 'string' }, host: { type: 'string' }, port: { type: 'string' } },
})
const logger = pino(
  { base: null, timestamp: pino.stdTimeFunctions.isoTime },
  pino.destination({ dest: 1, sync: true }),
)

function failToStart(error: unknown): never {
  if (!(error instanceof PlimsollError)) {
    logger.error({ err: error }, 'the server could not start')
    process.exit(errorTable.PLM_INTERNAL.exit)
  }
  // `plimsoll up` reads this line to say why.
  process.stdout.write(
    `${JSON.stringify({ plimsollError: { code: error.code, problems: error.problems } })}\n`,
  )
  process.exit(errorTable[error.code].exit)
}

const home = homeFrom(values.home, process.env)
await makeHome(home)
const server = await startServer({
  home,
  host: values.host ?? '127.0.0.1',
  port: Number(values.port ?? 1876),
  logger,
  clock: realClock,
}).catch(failToStart)

const end = (how: 'server' | 'everything') =>
  server.stop(how).then(
    () => process.exit(0),
    (error) => {
      logger.error({ err: error }, 'could not stop in order')
      process.exit(1)
    },
  )
// TERM ends the server only, as for an upgrade; INT ends everything, instances and gateways first.
process.once('SIGTERM', () => void end('server'))
process.once('SIGINT', () => void end('everything'))
