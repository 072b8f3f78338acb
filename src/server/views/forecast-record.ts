import type { ForecastRecordView, PlaceForecast } from '../../contract/index.ts'
import { foretoldRef, readForetold, readForetolds } from '../../flow/records.ts'
import type { World } from '../../flow/world.ts'
import { type Around, aroundOf, cautionOf, type ForecastRecord, recordOf } from '../../predict/index.ts'
import type { Family, Labels } from '../../series/index.ts'

/** How the forecasts of a place fared; undefined before the first. */
export async function recordAt(
  world: World,
  { service, environment }: { readonly service: string; readonly environment: string },
  around: Around,
): Promise<ForecastRecord | undefined> {
  const state = await readForetold(world.journal, foretoldRef(service, environment))
  return state && recordOf(state, around)
}

export const viewRecord = (record: ForecastRecord): ForecastRecordView => ({
  ...record,
  recent: { ...record.recent },
  whole: { ...record.whole },
  warnings: record.warnings.map(({ dates, ...rest }) => ({ ...rest, dates: [...dates] })),
  text: [...record.text],
})

/** A forecast says so itself when those before it were no better than the week before. */
export function withCaution(
  forecast: PlaceForecast['forecast'],
  record: ForecastRecord | undefined,
): PlaceForecast['forecast'] {
  const caution = record && cautionOf(record)
  return caution === undefined || forecast.is === 'refused'
    ? forecast
    : { ...forecast, why: `${forecast.why}; ${caution}` }
}

type Samples = Family['samples'][number][]

/** The record of every place in Prometheus' terms: how the bands held and how large the error was in the last 28 days. */
export async function recordFamilies(world: World): Promise<readonly Family[]> {
  const records = (await readForetolds(world.journal)).flatMap((state) => {
    const record = recordOf(state, aroundOf(undefined, world.clock.now()))
    const labels: Labels = {
      service_name: state.service,
      deployment_environment_name: state.environment,
    }
    return record ? [{ labels, record }] : []
  })
  const of = (pick: (record: ForecastRecord) => number | undefined): Samples =>
    records.flatMap(({ labels, record }) => {
      const value = pick(record)
      return value === undefined ? [] : [{ labels, value }]
    })
  const coverage: Samples = records.flatMap(({ labels, record }) =>
    Object.entries(record.recent.coverage ?? {}).map(([level, value]) => ({
      labels: { ...labels, level },
      value,
    })),
  )
  return [
    {
      name: 'plimsoll_forecast_coverage_ratio',
      help: 'Share of the hours of the last 28 days that lay within the band that was forecast, by the level of the band in percent.',
      type: 'gauge',
      samples: coverage,
    },
    {
      name: 'plimsoll_forecast_error_ratio',
      help: 'Error of the forecasts of the last 28 days over that of the same hour a week before; above 1 they are worse.',
      type: 'gauge',
      samples: of(({ recent }) => recent.errorRatio),
    },
    {
      name: 'plimsoll_forecast_compared_hours',
      help: 'Hours of forecasts that were compared with what came in the last 28 days.',
      type: 'gauge',
      samples: of(({ recent }) => recent.hours),
    },
    {
      name: 'plimsoll_forecast_false_tickets',
      help: 'Tickets of the last 90 days of what did not come.',
      type: 'gauge',
      samples: of(({ falseTickets }) => falseTickets),
    },
  ]
}
