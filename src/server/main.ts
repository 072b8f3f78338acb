import { parseArgs } from 'node:util'
import pino from 'pino'
import { realClock } from '../host/clock.ts'
import { errorTable, PlimsollError } from '../kernel/index.ts'
import { homeFrom, makeHome } from './home.ts'

const { values } = parseArgs({
  options: {
    home: { type: 'string' },
    host: { type: 'string' },
    port: { type: 'string' },
    /** When it was decided to start this server (`machineMs`). */
    asked: { type: 'string' },
    /** Not to serve: to end all that runs, and go. */
    end: { type: 'boolean' },
  },
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

async function serve(): Promise<void> {
  const { startServer } = await import('./server.ts')
  const server = await startServer({
    home,
    host: values.host ?? '127.0.0.1',
    port: Number(values.port ?? 1876),
    logger,
    clock: realClock,
    ...(values.asked === undefined ? {} : { askedMs: Number(values.asked) }),
  })
  let ending = false
  const end = (how: 'server' | 'everything') => {
    // Told again while it ends: who wants more than it does by now looks after the rest when it has gone.
    if (ending) return
    ending = true
    server.stop(how).then(
      () => process.exit(0),
      (error) => {
        logger.error({ err: error }, 'could not stop in order')
        process.exit(1)
      },
    )
  }
  // TERM ends the server only, as for an upgrade; INT ends everything, instances and gateways first. Whoever is told
  // before that dies of it, as it may at any moment.
  process.on('SIGTERM', () => end('server'))
  process.on('SIGINT', () => end('everything'))
}

async function end(): Promise<void> {
  const { endEverything } = await import('./end.ts')
  await endEverything(home, realClock)
  process.exit(0)
}

await (values.end ? end() : serve()).catch(failToStart)
