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
const lookEveryMs = 3_600_000
/** Where there was nothing to look at, something may run soon. */
const emptyEveryMs = 60_000
/** How often it is seen which places there are. */
const lookAroundMs = 5_000

/** A configuration that was read before there was anything to look ahead by has the defaults. */
const withPredict = (config: ServiceConfig): ServiceConfig =>
  (config as Partial<ServiceConfig>).predict ? config : { ...config, predict: predictConfig.parse({}) }

/** A place, and the commit by whose configuration one looks there. */
type GuardedPlace = ForeseenPlace & { readonly commit: string }

/** All places of all services, as their protected branches have them. */
const placesOf = (services: readonly Pick<ServiceState, 'name' | 'guard'>[]): readonly GuardedPlace[] =>
  services.flatMap(({ name, guard }) =>
    guard
      ? futurePlacesIn(guard.config).map((environment) => ({
          service: name,
          environment,
          config: withPredict(guard.config),
          commit: guard.commit,
        }))
      : [],
  )

/**
 * Looks ahead everywhere, at once after the start and whenever the configuration has changed, and else each hour; one place
 * after the other: nothing of it is urgent, and whoever asks the server for something else is not to wait for it.
 */
export function startForesight(deps: Deps): { stop(): Promise<void> } {
  const { world, runner, onTrouble } = deps
  const stopped = new AbortController()
  const last = new Map<string, { readonly at: Instant; readonly commit: string; readonly everyMs: number }>()
  const idOf = ({ service, environment }: ForeseenPlace): string => laneId(service, environment)

  async function places(): Promise<readonly GuardedPlace[]> {
    const states = await world.journal.list({ kind: 'service' })
    return placesOf(states.map(({ state }) => state as unknown as ServiceState))
  }
  /** What nobody looks at any more sees so itself, and closes. */
  async function wakeOthers(all: readonly ForeseenPlace[]): Promise<void> {
    const known = new Set(all.map(idOf))
    for (const one of await readFutures(world.journal))
      if (!known.has(laneId(one.service, one.environment))) runner.wake(futureRef(one))
  }
  const isDue = (place: GuardedPlace, now: Instant): boolean => {
    const before = last.get(idOf(place))
    if (before === undefined || before.commit !== place.commit) return true
    // A clock that was set back keeps nobody waiting.
    return before.at > now || now - before.at >= before.everyMs
  }
  async function lookAround(): Promise<void> {
    const all = await places()
    await wakeOthers(all)
    for (const place of all) {
      if (stopped.signal.aborted) return
      const now = world.clock.now()
      if (!isDue(place, now)) continue
      const things = await lookAheadAt(deps, place)
      const everyMs = things === 0 ? emptyEveryMs : lookEveryMs
      last.set(idOf(place), { at: now, commit: place.commit, everyMs })
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
