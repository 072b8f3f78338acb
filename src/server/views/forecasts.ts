import type { ForecastsView, PlaceForecast } from '../../contract/index.ts'
import type { ServiceState } from '../../flow/service.ts'
import type { World } from '../../flow/world.ts'
import { backtest, type ForecastOptions, forecast, type History } from '../../forecast/index.ts'
import { daysAround, hourlyRequests } from '../../predict/index.ts'
import type { SeriesStore } from '../../series/index.ts'

const aheadMs = 7 * 86_400_000

function forecastOf(history: History, options: ForecastOptions): PlaceForecast['forecast'] {
  const said = forecast(history, aheadMs, options)
  if (said.is === 'refused') return { ...said }
  const band = ({ lower, upper }: (typeof said.bands)[50]) => ({ lower: [...lower], upper: [...upper] })
  const { 50: half, 80: most, 95: nearlyAll } = said.bands
  return {
    ...said,
    at: [...said.at],
    median: [...said.median],
    bands: { 50: band(half), 80: band(most), 95: band(nearlyAll) },
  }
}

function backtestOf(history: History, options: ForecastOptions): NonNullable<PlaceForecast['backtest']> {
  const tried = backtest(history, options)
  return tried.is === 'refused' ? { ...tried } : { ...tried, coverage: { ...tried.coverage } }
}

/**
 * The requests that are to come in the next week, of every environment that a gateway stands before.
 * @param only the name of one service; all of them otherwise
 */
export async function viewForecasts(
  world: World,
  store: SeriesStore,
  only: string | undefined,
  withBacktest: boolean,
): Promise<ForecastsView> {
  const at = world.clock.now()
  const places = (await world.journal.list({ kind: 'service' }))
    .map(({ state }) => state as unknown as ServiceState)
    .filter(({ name }) => only === undefined || name === only)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(({ name, guard }) =>
      Object.keys(guard?.config.environments ?? {}).map((environment) => ({
        service: name,
        environment,
        options: daysAround(guard?.config.predict, at, aheadMs),
      })),
    )
  const seen = places.map(async ({ options, ...place }) => {
    const history = await hourlyRequests(store, place, at)
    return {
      ...place,
      forecast: forecastOf(history, options),
      ...(withBacktest && { backtest: backtestOf(history, options) }),
    }
  })
  return { schemaVersion: 1, at, places: await Promise.all(seen) }
}
