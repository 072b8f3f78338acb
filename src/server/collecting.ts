import type { Logger } from 'pino'
import type { NamedUse } from '../engine/index.ts'
import { startBurnLoop } from '../flow/burn-loop.ts'
import { startForesight } from '../flow/foresight/loop.ts'
import { startForetelling } from '../flow/foretold/loop.ts'
import { heartbeatStates } from '../flow/heartbeats.ts'
import type { Plimsoll } from '../flow/plimsoll.ts'
import { readFleet } from '../flow/records.ts'
import { watchedIn } from '../flow/watched.ts'
import { usesOf } from '../host/index.ts'
import { type Clock, shortDigest } from '../kernel/index.ts'
import { openSeries } from '../series/embedded/open.ts'
import { memorySeries, type SeriesStore } from '../series/index.ts'
import {
  type Collector,
  type InstanceUse,
  type Surroundings,
  startCollector,
} from '../watch/collect/index.ts'
import type { Home } from './home.ts'
import type { Storage } from './views/storage.ts'
import type { RealWorld } from './world/index.ts'
import { createJourneys } from './world/journeys.ts'

/** Which release a fleet runs never changes: it is asked once. */
function versionsIn(world: RealWorld): Surroundings['versions'] {
  const known = new Map<string, string>()
  return async (fleets) => {
    for (const fleet of fleets.filter((one) => !known.has(one))) {
      const state = await readFleet(world.journal, fleet)
      if (state) known.set(fleet, shortDigest(state.want.release))
    }
    return Object.fromEntries(
      fleets.flatMap((fleet) => (known.has(fleet) ? [[fleet, known.get(fleet) ?? '']] : [])),
    )
  }
}

/** All containers of an instance together. */
function sumOf(containers: readonly NamedUse[]): InstanceUse {
  const sum = (of: (one: NamedUse) => number) => containers.reduce((total, one) => total + of(one), 0)
  return {
    cpuMs: sum(({ cpuMs }) => cpuMs),
    residentBytes: sum(({ memoryBytes }) => memoryBytes),
    containers,
  }
}

function usesIn({ commands }: RealWorld): Surroundings['uses'] {
  return async (instances) => {
    const seen = await Promise.all(
      instances.map(async ({ instance, key }) => ({
        instance,
        pid: (await commands.running(key))?.pid,
        containers: await commands.containerUse(key),
      })),
    )
    const uses = usesOf(seen.flatMap(({ pid }) => pid ?? []))
    return new Map(
      seen.flatMap(({ instance, pid, containers }): [string, InstanceUse][] => {
        const use = containers ? sumOf(containers) : pid === undefined ? undefined : uses.get(pid)
        return use ? [[instance, use]] : []
      }),
    )
  }
}

/**
 * The store of what is collected, and how it stands. One that cannot be opened keeps nobody from deploying: what is
 * collected then lasts as long as this server, and log, health and metrics say why.
 */
export async function openWatching(
  home: Home,
  logger: Logger,
): Promise<{ readonly series: SeriesStore; readonly storage: Storage }> {
  const onProblem = (error: Error) => logger.warn({ err: error }, 'the store of time series has a problem')
  try {
    const series = await openSeries(home.series, { onProblem })
    return { series, storage: series.status }
  } catch (error) {
    const text = 'the store of time series could not be opened: what is collected is not kept'
    logger.error({ err: error }, text)
    const because = error instanceof Error ? error.message : String(error)
    return { series: memorySeries(), storage: async () => ({ because }) }
  }
}

/** A thing that goes on being wrong is said once in so long. */
const saidAgainMs = 60_000

/** Says what goes wrong, and the same of the same no more often than that. */
function sayer(logger: Logger, clock: Clock, text: string) {
  const said = new Map<string, number>()
  return (what: string, error: unknown): void => {
    const now = clock.elapsedMs()
    if (now - (said.get(what) ?? Number.NEGATIVE_INFINITY) < saidAgainMs) return
    said.set(what, now)
    logger.warn({ what, err: error }, text)
  }
}

/** Judges what is promised, and has told whoever is to know. */
export const startJudging = ({ world, runner }: Plimsoll, logger: Logger) =>
  startBurnLoop({ world, runner, onTrouble: sayer(logger, world.clock, 'could not judge what is promised') })

/** Keeps what is forecast, and compares it with what came. */
export const startKeepingForecasts = ({ world, runner }: Plimsoll, series: SeriesStore, logger: Logger) =>
  startForetelling({
    ...{ world, runner, series },
    onTrouble: sayer(logger, world.clock, 'could not keep what is forecast'),
  })

/** Looks ahead everywhere, and keeps the tickets of what is likely. */
export const startLookingAhead = ({ world, runner }: Plimsoll, logger: Logger) =>
  startForesight({ world, runner, onTrouble: sayer(logger, world.clock, 'could not look ahead') })

/** Collects what is to be known of everything that runs here, or is watched from here. */
export function startCollecting(
  world: RealWorld,
  home: Home,
  store: SeriesStore,
  clock: Clock,
  logger: Logger,
): Collector {
  return startCollector({
    store,
    clock,
    around: {
      watched: () => watchedIn(world),
      traffic: (gateway) => world.gateways.observe(gateway),
      versions: versionsIn(world),
      heartbeats: (service, environment) => heartbeatStates(world, service, environment),
      uses: usesIn(world),
      secrets: world.secrets,
      journey: createJourneys({ world, repositories: home.repositories, folder: home.journeys }),
    },
    onTrouble: sayer(logger, clock, 'could not collect'),
  })
}
