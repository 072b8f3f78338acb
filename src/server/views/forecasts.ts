import { setImmediate as others } from 'node:timers/promises'
import type { EnvironmentHeadroom, ForecastsView, PlaceForecast } from '../../contract/index.ts'
import { calendarOf, type HeadroomPlace } from '../../flow/headroom.ts'
import type { ServiceState } from '../../flow/service.ts'
import type { World } from '../../flow/world.ts'
import type { History } from '../../forecast/index.ts'
import type { Instant } from '../../kernel/index.ts'
import { aroundOf, type Calendar } from '../../predict/index.ts'
import { viewBackFilled } from './back-filled.ts'
import { backtestOf, differs, hoursAhead, lastHours, weeksAhead, wordsOf } from './forecast-figures.ts'
import { recordAt, viewRecord, withCaution } from './forecast-record.ts'
import { viewHeadroom } from './headroom.ts'

const dayMs = 86_400_000
/** Special days are told for as long as what was is shown, and what is to come is told. */
const [daysBeforeMs, daysAheadMs] = [13 * 7 * dayMs, 180 * dayMs]

type Shown = Pick<PlaceForecast, 'past' | 'forecast' | 'peaks'> & { readonly differs: readonly string[] }

/** Of which places forecasts are asked for. */
export type Asked = { readonly service?: string | undefined; readonly environment?: string | undefined }

/** What is to come, in every environment that a gateway stands before. */
export interface Forecasts {
  view(asked: Asked, withBacktest: boolean): Promise<ForecastsView>
}

/** Forecasts are made anew when the history is read anew: some minutes later, or when some was brought along. */
export function createForecasts(world: World): Forecasts {
  const kept = new WeakMap<History, Map<string, Promise<Shown>>>()
  async function make(place: HeadroomPlace, calendar: Calendar, at: Instant): Promise<Shown> {
    const futures = await world.loads.futuresOf(place, calendar, at)
    await others()
    const forecast = hoursAhead(futures.history, calendar)
    return {
      past: lastHours(futures.history),
      forecast,
      peaks: weeksAhead(futures),
      differs: differs(forecast, futures),
    }
  }
  function shownOf(place: HeadroomPlace, history: History, calendar: Calendar, at: Instant): Promise<Shown> {
    const ofHistory = kept.get(history) ?? new Map<string, Promise<Shown>>()
    kept.set(history, ofHistory)
    const key = JSON.stringify(calendar)
    const shown = ofHistory.get(key) ?? make(place, calendar, at)
    ofHistory.set(key, shown)
    // What could not be read is read again.
    shown.catch(() => ofHistory.delete(key))
    return shown
  }
  async function viewPlace(
    place: HeadroomPlace,
    headroom: EnvironmentHeadroom | undefined,
    at: Instant,
    withBacktest: boolean,
  ): Promise<PlaceForecast> {
    const { service, environment, config } = place
    const history = await world.loads.hoursOf(place, at)
    const calendar = calendarOf(config, at)
    const { differs: why, ...shown } = await shownOf(place, history, calendar, at)
    const around = aroundOf(config.predict, at)
    const words = wordsOf(headroom)
    const record = await recordAt(world, place, around)
    const backFilled = await viewBackFilled(world.journal, place, history.from)
    const isShown = (from: Instant) => from >= at - daysBeforeMs && from < at + daysAheadMs
    return {
      service,
      environment,
      timeZone: around.timeZone,
      ...shown,
      forecast: withCaution(shown.forecast, record),
      ...words,
      found: [...words.found, ...why],
      days: (calendar.days ?? []).flatMap(({ from, kind }) => (isShown(from) ? [{ at: from, kind }] : [])),
      // Older history is not kept, so that it tells of nothing.
      ...(backFilled ? { backFilled: { ...backFilled, from: Math.max(backFilled.from, history.from) } } : {}),
      ...(record ? { record: viewRecord(record) } : {}),
      ...(withBacktest ? { backtest: backtestOf(history, calendar) } : {}),
    }
  }
  return {
    async view({ service, environment }, withBacktest) {
      const at = world.clock.now()
      const places = (await world.journal.list({ kind: 'service' }))
        .map(({ state }) => state as unknown as ServiceState)
        .filter(({ name }) => service === undefined || name === service)
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .flatMap(({ name, guard }) =>
          Object.keys(guard?.config.environments ?? {}).flatMap((one) =>
            guard && (environment === undefined || one === environment)
              ? [{ service: name, environment: one, config: guard.config }]
              : [],
          ),
        )
      const seen: PlaceForecast[] = []
      // One after the other: whoever else asks the server has a turn in between.
      const { environments } = await viewHeadroom(world, service)
      for (const place of places) {
        const headroom = environments.find(
          (known) => known.service === place.service && known.environment === place.environment,
        )
        seen.push(await viewPlace(place, headroom, at, withBacktest))
        await others()
      }
      return { schemaVersion: 1, at, places: seen }
    },
  }
}
