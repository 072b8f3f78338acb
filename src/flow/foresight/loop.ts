import type { ServiceConfig } from '../../config/schema.ts'
import { laneId } from '../../deploy/index.ts'
import type { Instant } from '../../kernel/index.ts'
import { predictConfig } from '../../predict/config.ts'
import { futurePlacesIn } from '../futures.ts'
import { futureRef, readFutures } from '../records.ts'
import type { ServiceState } from '../service.ts'
import type { ForeseenPlace } from './index.ts'
import { type Deps, lookAheadAt } from './look.ts'

/** How often one looks ahead in each place. */
export const lookEveryMs = 3_600_000
/** How often it is seen which places there are. */
const lookAroundMs = 60_000

/** A configuration that was read before there was anything to look ahead by has the defaults. */
const withPredict = (config: ServiceConfig): ServiceConfig =>
  (config as Partial<ServiceConfig>).predict ? config : { ...config, predict: predictConfig.parse({}) }

/** All places of all services, as their protected branches have them. */
export const foreseenPlaces = (
  services: readonly Pick<ServiceState, 'name' | 'guard'>[],
): readonly ForeseenPlace[] =>
  services.flatMap(({ name, guard }) =>
    guard
      ? futurePlacesIn(guard.config).map((environment) => ({
          service: name,
          environment,
          config: withPredict(guard.config),
        }))
      : [],
  )

/**
 * Looks ahead everywhere, at once after the start and then each hour, one place after the other: nothing of it is urgent,
 * and whoever asks the server for something else is not to wait for it.
 */
export function startForesight(deps: Deps): { stop(): Promise<void> } {
  const { world, runner, onTrouble } = deps
  const stopped = new AbortController()
  const last = new Map<string, Instant>()
  const idOf = ({ service, environment }: ForeseenPlace): string => laneId(service, environment)

  async function places(): Promise<readonly ForeseenPlace[]> {
    const states = await world.journal.list({ kind: 'service' })
    return foreseenPlaces(states.map(({ state }) => state as unknown as ServiceState))
  }
  /** What nobody looks at any more sees so itself, and closes. */
  async function wakeOthers(all: readonly ForeseenPlace[]): Promise<void> {
    const known = new Set(all.map(idOf))
    for (const one of await readFutures(world.journal))
      if (!known.has(laneId(one.service, one.environment))) runner.wake(futureRef(one))
  }
  const isDue = (place: ForeseenPlace, now: Instant): boolean => {
    const before = last.get(idOf(place))
    // A clock that was set back keeps nobody waiting.
    return before === undefined || before > now || now - before >= lookEveryMs
  }
  async function lookAround(): Promise<void> {
    const all = await places()
    await wakeOthers(all)
    for (const place of all) {
      if (stopped.signal.aborted) return
      const now = world.clock.now()
      if (!isDue(place, now)) continue
      last.set(idOf(place), now)
      await lookAheadAt(deps, place)
    }
  }
  async function loop(): Promise<void> {
    while (!stopped.signal.aborted) {
      await lookAround().catch((error) => onTrouble('what is coming', error))
      await world.clock.until(world.clock.now() + lookAroundMs, stopped.signal)
    }
  }
  const running = loop()
  return {
    async stop() {
      stopped.abort()
      // A store that does not answer is not waited for.
      await Promise.race([running, world.clock.until(world.clock.now() + 2_000)])
    },
  }
}
