import type { ServiceConfig } from '../../config/schema.ts'
import { laneId } from '../../deploy/index.ts'
import type { Instant } from '../../kernel/index.ts'
import { predictConfig } from '../../predict/config.ts'
import type { Finding } from '../../predict/index.ts'
import { type Again, again } from '../again.ts'
import { backFilledMark } from '../back-filled.ts'
import { futurePlacesIn } from '../futures.ts'
import { futureRef, readFutures } from '../records.ts'
import type { ServiceState } from '../service.ts'
import type { ForeseenPlace } from './index.ts'
import { type Deps, lookAheadAt } from './look.ts'

/** How often one looks ahead in each place. */
const lookEveryMs = 3_600_000
/** Where there was nothing to look at, something may run soon. */
const emptyEveryMs = 60_000
/** A load line may be measured soon, where nobody can tell yet when it is crossed. */
const lineEveryMs = 600_000
/** How often it is seen which places there are. */
const lookAroundMs = 5_000

/** A configuration that was read before there was anything to look ahead by has the defaults. */
const withPredict = (config: ServiceConfig): ServiceConfig =>
  (config as Partial<ServiceConfig>).predict ? config : { ...config, predict: predictConfig.parse({}) }

/** A place, and the commit by whose configuration one looks there. */
type GuardedPlace = ForeseenPlace & { readonly commit: string }

function nextLookIn(found: readonly Finding[]): number {
  if (found.length === 0) return emptyEveryMs
  return found.some(({ is, kind }) => is === 'unforeseen' && kind === 'headroom') ? lineEveryMs : lookEveryMs
}

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
 * Looks ahead everywhere, at once after the start, and whenever the configuration has changed or history was brought along, and else
 * each hour; one place after the other: nothing of it is urgent, and whoever asks the server for something else is not to wait for it.
 */
export function startForesight(deps: Deps): Again {
  const { world, runner, onTrouble } = deps
  const last = new Map<string, { readonly at: Instant; readonly mark: string; readonly everyMs: number }>()
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
  const markOf = async (place: GuardedPlace): Promise<string> =>
    JSON.stringify([place.commit, (await backFilledMark(world.journal, place)) ?? null])
  const isDue = (place: GuardedPlace, mark: string, now: Instant): boolean => {
    const before = last.get(idOf(place))
    if (before === undefined || before.mark !== mark) return true
    // A clock that was set back keeps nobody waiting.
    return before.at > now || now - before.at >= before.everyMs
  }
  async function lookAround(stopped: AbortSignal): Promise<void> {
    const all = await places()
    await wakeOthers(all)
    for (const place of all) {
      if (stopped.aborted) return
      const now = world.clock.now()
      const mark = await markOf(place)
      if (!isDue(place, mark, now)) continue
      const found = await lookAheadAt(deps, place)
      last.set(idOf(place), { at: now, mark, everyMs: nextLookIn(found) })
    }
  }
  return again(world.clock, lookAroundMs, lookAround, (error) => onTrouble('what is coming', error))
}
