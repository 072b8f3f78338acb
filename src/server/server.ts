import { writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import type { Logger } from 'pino'
import { repositories } from '../changes/index.ts'
import { type LaneState, takesRequests } from '../deploy/index.ts'
import { allCommands } from '../engine/index.ts'
import { type Plimsoll, startPlimsoll } from '../flow/plimsoll.ts'
import { beginPresence, keepPresent, type Presence } from '../flow/presence.ts'
import { readDeployment } from '../flow/records.ts'
import { type Clock, PlimsollError } from '../kernel/index.ts'
import { openStore } from '../store/index.ts'
import { alertRoutes } from './api/alerts.ts'
import { createApp } from './api/app.ts'
import { driftRoutes } from './api/drift.ts'
import { eventRoutes } from './api/events.ts'
import { forecastRoutes } from './api/forecasts.ts'
import { futuresRoutes } from './api/futures.ts'
import { gitRoutes } from './api/git.ts'
import { headroomRoutes } from './api/headroom.ts'
import { healthRoutes } from './api/health.ts'
import { heartbeatRoutes } from './api/heartbeats.ts'
import { historyRoutes } from './api/history.ts'
import { loadTestRoutes } from './api/load-tests.ts'
import { loadRoutes } from './api/loads.ts'
import { logRoutes } from './api/logs.ts'
import { metricsRoutes } from './api/metrics.ts'
import { notifierRoutes } from './api/notifiers.ts'
import { pageRoutes } from './api/page.ts'
import { readRoutes } from './api/reads.ts'
import { requestRoutes } from './api/requests.ts'
import { sloRoutes } from './api/slos.ts'
import { spikeRoutes } from './api/spikes.ts'
import { squeezeRoutes } from './api/squeezes.ts'
import { writeRoutes } from './api/writes.ts'
import {
  openWatching,
  startCollecting,
  startJudging,
  startKeepingForecasts,
  startLookingAhead,
} from './collecting.ts'
import { cookieOf, thisEngine } from './holding.ts'
import type { Home } from './home.ts'
import {
  enginePoints,
  storePoints,
  tracePoints,
  withCrashPoint,
  worldPoints,
} from './processes/crash-points.ts'
import { forgetResident, thisProcess, writeResident } from './processes/pid-file.ts'
import { machineMs, markStopped, unmarkStopped } from './processes/stopped.ts'
import { createPushes } from './pushes.ts'
import { secretsBehind } from './secrets-behind.ts'
import { stopEverything } from './stop.ts'
import { createTokens, type Tokens } from './tokens.ts'
import type { Watching } from './views/health.ts'
import { createWorld, newOwner, type RealWorld } from './world/index.ts'
import { readTracesSettings } from './world/traces.ts'

export type ServerOptions = {
  readonly home: Home
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  readonly logger: Logger
  readonly clock: Clock
  /** When it was decided to start it (`machineMs`): when everything was stopped since, it does not begin. Default: now. */
  readonly askedMs?: number
}

export type RunningServer = {
  readonly port: number
  /** `server`: instances, gateways and steps go on. `everything`: they end first. */
  stop(how: 'server' | 'everything'): Promise<void>
}

/** The first token, at the first start only; the command line of the same user finds it in a file. */
async function firstToken(tokens: Tokens, home: Home): Promise<void> {
  if ((await tokens.list()).length > 0) return
  await writeFile(home.token, `${await tokens.add('first')}\n`, { mode: 0o600 })
}

/** Gateways that serve something, and on which port. */
async function gatewayPorts(world: RealWorld): Promise<Map<string, number>> {
  const ports = new Map<string, number>()
  for (const record of await world.journal.list({ kind: 'environment' })) {
    const lane = record.state as unknown as LaneState
    const last = lane.live && (await readDeployment(world.journal, lane.live.deployment))
    if (last && takesRequests(last.settings)) ports.set(record.of.id, last.settings.port)
  }
  return ports
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host.startsWith('127.')

const noAddress = (host: string): string =>
  `--host is ${host}, expected an address of this machine, such as 127.0.0.1 or 0.0.0.0`

/** Why one cannot listen there, by the system's code; what is not here nobody expected. */
const notListening: Readonly<Record<string, (host: string, port: number) => string>> = {
  EADDRNOTAVAIL: noAddress,
  ENOTFOUND: noAddress,
  EAI_AGAIN: noAddress,
  EACCES: (_, port) => `--port is ${port}, which this user may not listen on: choose one above 1023`,
}

async function listen(
  app: { listen(at: { host: string; port: number }): Promise<string> },
  host: string,
  port: number,
): Promise<void> {
  try {
    await app.listen({ host, port })
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE')
      throw new PlimsollError('PLM_PORT_IN_USE', `port ${port} on ${host} is taken`, { cause: error })
    const why = notListening[code]
    throw why ? new PlimsollError('PLM_USAGE', why(host, port), { cause: error }) : error
  }
}

async function createApi(
  options: ServerOptions,
  plimsoll: Plimsoll,
  world: RealWorld,
  tokens: Tokens,
  watching: Watching,
  presence: Presence,
) {
  const { home, host, logger } = options
  const app = await createApp({ logger, tokens, onLoopback: isLoopback(host) })
  const gitFolders = repositories(home.repositories)
  const pushes = createPushes(plimsoll, gitFolders)
  readRoutes(app, plimsoll, presence)
  writeRoutes(app, plimsoll, tokens)
  notifierRoutes(app, plimsoll)
  eventRoutes(app, world.journal)
  logRoutes(app, world.commands)
  requestRoutes(app, plimsoll, world.gateways)
  driftRoutes(app, plimsoll)
  healthRoutes(app, plimsoll, watching)
  heartbeatRoutes(app, plimsoll)
  forecastRoutes(app, plimsoll)
  sloRoutes(app, plimsoll)
  alertRoutes(app, plimsoll)
  futuresRoutes(app, plimsoll)
  headroomRoutes(app, plimsoll)
  historyRoutes(app, plimsoll, watching.series)
  loadTestRoutes(app, plimsoll, { repositories: gitFolders, commands: world.commands })
  squeezeRoutes(app, plimsoll)
  loadRoutes(app, plimsoll, world.commands)
  spikeRoutes(app, plimsoll, { repositories: gitFolders, commands: world.commands })
  gitRoutes(app, { repositories: gitFolders, tokens, pushes, logger })
  await metricsRoutes(app, plimsoll, watching)
  await pageRoutes(app)
  return { app, pushes }
}

/** Opens the store, finds again what runs, drives what is open, and listens. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { home, host, logger, clock } = options
  const crashFile = process.env.PLIMSOLL_CRASH_FILE
  const traces = readTracesSettings(process.env)
  const store = withCrashPoint(await openStore(home.store), storePoints, crashFile)
  if (!(await unmarkStopped(home, options.askedMs ?? machineMs()))) {
    await store.close()
    throw new PlimsollError('PLM_STALE', 'everything was stopped before this server had begun')
  }
  const cookie = await cookieOf(store)
  const { engine } = withCrashPoint({ engine: thisEngine() }, enginePoints, crashFile)
  const commands = allCommands({ engine, folder: home.jobs, clock, cookie })
  const { series, storage } = await openWatching(home, logger)
  const world = withCrashPoint(
    createWorld(home, { store, series }, { commands, engine }, clock, cookie, traces),
    { ...worldPoints, ...tracePoints },
    crashFile,
  )
  const tokens = createTokens(world.journal, clock)
  await firstToken(tokens, home)
  await commands.adopt((key) => secretsBehind(world, key))
  await beginPresence(world.journal, clock.now())
  const plimsoll = await startPlimsoll({
    world,
    owner: newOwner(),
    signals: [commands, world.work, world.posts],
    onTrouble: ({ of, what, error, times }) =>
      logger.warn({ of, what, err: error, times }, 'could not do it yet'),
    onReactorTrouble: (error) => logger.warn({ err: error }, 'could not react yet'),
    onTracingTrouble: (error) => logger.warn({ err: error }, 'a trace did not get through'),
  })
  const presence = keepPresent(world.journal, clock, (error) =>
    logger.warn({ err: error }, 'could not write down that somebody listens'),
  )
  const collector = startCollecting(world, home, series, clock, logger)
  const burnLoop = startJudging(plimsoll, logger)
  const foretelling = startKeepingForecasts(plimsoll, series, logger)
  const foresight = startLookingAhead(plimsoll, logger)
  const { app, pushes } = await createApi(
    options,
    plimsoll,
    world,
    tokens,
    { series, collector, storage },
    presence,
  )
  await listen(app, host, options.port)
  const { port } = app.server.address() as AddressInfo
  await world.gateways.revive(await gatewayPorts(world))
  await pushes.takeAll()
  await writeResident(home.server, thisProcess({ port, host }))
  logger.info({ port, pid: process.pid }, 'listening')
  return {
    port,
    async stop(how) {
      await app.close()
      await burnLoop.stop()
      await foretelling.stop()
      await foresight.stop()
      await presence.stop()
      await plimsoll.stop()
      await collector.stop()
      await series.close()
      await world.work.close()
      if (how === 'everything') {
        await stopEverything(world.gateways, world.commands)
        await markStopped(home)
      }
      await commands.close()
      await store.close()
      await forgetResident(home.server)
    },
  }
}
