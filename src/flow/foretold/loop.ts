import type { Instant } from '../../kernel/index.ts'
import { type ForetoldState, isForgotten } from '../../predict/index.ts'
import { type Again, again } from '../again.ts'
import { foretoldRef, readForetolds } from '../records.ts'
import type { ServiceState } from '../service.ts'
import { type Deps, lookAtForecast } from './look.ts'
import { forecastPlaces } from './places.ts'

/** How often it is seen whether a forecast is to be made: that of a day is made soon after midnight (UTC), or when a server is back. */
const lookAroundMs = 10 * 60_000

type Place = { readonly service: string; readonly environment: string }

/** Makes the forecasts that are kept, one after the other: nothing of it is urgent. */
export function startForetelling(deps: Deps): Again {
  const { world, runner, onTrouble } = deps

  /** What is looked at no more is kept as long as all that is kept. */
  async function forgetOld(places: readonly Place[], now: Instant): Promise<void> {
    const isPlace = ({ service, environment }: ForetoldState) =>
      places.some((one) => one.service === service && one.environment === environment)
    for (const one of await readForetolds(world.journal))
      if (!isPlace(one) && isForgotten(one, now))
        await runner.tell(foretoldRef(one.service, one.environment), { is: 'forget', at: now })
  }
  async function lookAround(stopped: AbortSignal): Promise<void> {
    const states = await world.journal.list({ kind: 'service' })
    const places = forecastPlaces(states.map(({ state }) => state as unknown as ServiceState))
    await forgetOld(places, world.clock.now())
    for (const place of places) {
      if (stopped.aborted) return
      const what = `${place.service}.${place.environment}`
      await lookAtForecast(deps, place).catch((error) => onTrouble(what, error))
    }
  }
  return again(world.clock, lookAroundMs, lookAround, (error) => onTrouble('what was forecast', error))
}
