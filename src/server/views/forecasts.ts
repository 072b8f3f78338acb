import { setImmediate as others } from 'node:timers/promises'
import type { EnvironmentHeadroom, ForecastsView, PlaceForecast } from '../../contract/index.ts'
import { calendarOf, type HeadroomPlace } from '../../flow/headroom.ts'
import type { ServiceState } from '../../flow/service.ts'
import type { World } from '../../flow/world.ts'
import { backtest, type Forecast, fanOf, forecast, type History, type Refusal } from '../../forecast/index.ts'
import type { Instant } from '../../kernel/index.ts'
import type { Calendar } from '../../predict/index.ts'
import { viewBackFilled } from './back-filled.ts'
import { viewHeadroom } from './headroom.ts'

const dayMs = 86_400_000
const aheadMs = 7 * dayMs
/** Special days are told for as long as what was is shown, and what is to come is told. */
const [daysBeforeMs, daysAheadMs] = [13 * 7 * dayMs, 180 * dayMs]

type Said = Pick<Forecast, 'at' | 'median' | 'bands'>

/** Four digits say all that there is to know of what is to come. */
const rounded = (values: readonly number[]): number[] => values.map((value) => Number(value.toPrecision(4)))

function saidOf({ at, median, bands }: Said) {
  const band = ({ lower, upper }: Said['bands'][50]) => ({ lower: rounded(lower), upper: rounded(upper) })
  return {
    at: [...at],
    median: rounded(median),
    bands: { 50: band(bands[50]), 80: band(bands[80]), 95: band(bands[95]) },
  }
}

const known = (values: Iterable<number>): (number | null)[] =>
  Array.from(values, (value) => (Number.isFinite(value) ? Number(value.toPrecision(4)) : null))

function hoursAhead(history: History, { days }: Calendar): PlaceForecast['forecast'] {
  const said = forecast(history, aheadMs, days ? { days } : {})
  if (said.is === 'refused') return { ...said }
  const { is, stepMs, method, why } = said
  return { is, stepMs, method, why, ...saidOf(said) }
}

type Futures = Awaited<ReturnType<World['loads']['futuresOf']>>

/** What comes in the busiest part of a week, as far as it is known how much busier parts of an hour are than the whole. */
function weeksAhead({ paths, within }: Pick<Futures, 'paths' | 'within'>): PlaceForecast['peaks'] {
  if (paths.is === 'refused') return { ...paths }
  const factor = within?.factor ?? 1
  const times = (values: readonly number[]): number[] => values.map((value) => value * factor)
  const { at, median, bands, past } = fanOf(paths, 7)
  const band = ({ lower, upper }: Said['bands'][50]) => ({ lower: times(lower), upper: times(upper) })
  const scaled = {
    at,
    median: times(median),
    bands: { 50: band(bands[50]), 80: band(bands[80]), 95: band(bands[95]) },
  }
  return {
    is: 'peaks',
    of: within ? 'fiveMinutes' : 'hour',
    stepMs: 7 * dayMs,
    past: { from: past.from, stepMs: dayMs, values: known(times(past.values)) },
    ...saidOf(scaled),
  }
}

function lastHours({ from, stepMs, values }: History): PlaceForecast['past'] {
  const count = Math.min(values.length, Math.round(aheadMs / stepMs))
  const begin = values.length - count
  return { from: from + begin * stepMs, stepMs, values: known(Array.from(values).slice(begin)) }
}

type Shown = Pick<PlaceForecast, 'past' | 'forecast' | 'peaks'>

function backtestOf(history: History, { days }: Calendar): NonNullable<PlaceForecast['backtest']> {
  const tried: Refusal | ReturnType<typeof backtest> = backtest(history, days ? { days } : {})
  return tried.is === 'refused' ? { ...tried } : { ...tried, coverage: { ...tried.coverage } }
}

type Words = Pick<PlaceForecast, 'text' | 'chances' | 'found' | 'next' | 'line' | 'crossing'>

const nextOf = (next: string | undefined) => (next === undefined ? {} : { next })

/** Where the line was measured. */
function lineFound({ line }: EnvironmentHeadroom): string[] {
  if (!line) return []
  const places = [...new Set(line.measured.map(({ environment }) => environment))]
  return [`its load line is that of ${places.join(' and ')}: ${line.how}`]
}

/** What the headroom's own forecast says: dates are told in one way everywhere. */
function wordsOf(headroom: EnvironmentHeadroom | undefined): Words {
  if (!headroom) return { text: 'nobody measures what it carries: nothing is in step with it', found: [] }
  const { line, ahead, reasons } = headroom
  const [reason] = reasons
  // Why there is no load line, and what to do about that, it knows best.
  if (!ahead || (!line && reason))
    return { text: reason?.text ?? 'nothing runs there', found: [], ...nextOf(reason?.next) }
  const next = [ahead.restores?.text, ahead.next].filter((one) => one !== undefined).join('; ')
  return {
    text: ahead.text,
    ...(ahead.chances === undefined ? {} : { chances: ahead.chances }),
    found: [...lineFound(headroom), ...ahead.found],
    ...nextOf(next === '' ? undefined : next),
    ...(line ? { line: { low: line.low, at: line.at, high: line.high } } : {}),
    ...(ahead.crossing ? { crossing: ahead.crossing } : {}),
  }
}

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
    return {
      past: lastHours(futures.history),
      forecast: hoursAhead(futures.history, calendar),
      peaks: weeksAhead(futures),
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
    const shown = await shownOf(place, history, calendar, at)
    const backFilled = await viewBackFilled(world.journal, place, history.from)
    const isShown = (from: Instant) => from >= at - daysBeforeMs && from < at + daysAheadMs
    return {
      service,
      environment,
      ...shown,
      ...wordsOf(headroom),
      days: (calendar.days ?? []).flatMap(({ from, kind }) => (isShown(from) ? [{ at: from, kind }] : [])),
      ...(backFilled ? { backFilled } : {}),
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
