import { forecast } from '../../forecast/index.ts'
import type { Json } from '../../kernel/index.ts'
import {
  daysAround,
  type ForetoldCommand,
  hourlyRequests,
  hoursBetween,
  hoursWanted,
  isLookDue,
  keptForecast,
  newForetold,
  recordAheadMs,
} from '../../predict/index.ts'
import type { SeriesStore } from '../../series/index.ts'
import { foretoldRef, readForetold } from '../records.ts'
import type { Runner } from '../runner.ts'
import type { World } from '../world.ts'
import type { ForecastPlace } from './places.ts'
import { thingsIn } from './things.ts'

export type Deps = {
  readonly world: World
  readonly runner: Runner
  readonly series: SeriesStore
  /** Told of each look that failed, and of what. */
  readonly onTrouble: (what: string, error: unknown) => void
}

/**
 * Keeps the forecast of a place, compares those before with what came, and notes what is seen coming; once a day. Of a place
 * of which nothing could ever be said, nothing is kept.
 */
export async function lookAtForecast(deps: Deps, place: ForecastPlace): Promise<void> {
  const { world, runner, series } = deps
  const { service, environment, config } = place
  const at = world.clock.now()
  const of = foretoldRef(service, environment)
  const known = await readForetold(world.journal, of)
  const state = known ?? newForetold(service, environment)
  if (!isLookDue(state, at)) return
  const history = await hourlyRequests(series, place, at)
  const said = forecast(history, recordAheadMs, daysAround(config.predict, at, recordAheadMs))
  const made = said.is === 'forecast' ? keptForecast(history, said, at) : undefined
  const things = await thingsIn(world, place)
  if (!known && !made && things.length === 0) return
  const { from, to } = hoursWanted(state, at)
  const came = hoursBetween(history, from, to)
  const command: ForetoldCommand = { is: 'looked', at, ...(made ? { made } : {}), came, things }
  await runner.create(of, newForetold(service, environment) as unknown as Json)
  await runner.tell(of, command)
}
