import type { EnvironmentHeadroom, PlaceForecast } from '../../contract/index.ts'
import type { World } from '../../flow/world.ts'
import { backtest, type Forecast, fanOf, forecast, type History } from '../../forecast/index.ts'
import type { ErrorCode } from '../../kernel/index.ts'
import type { Calendar } from '../../predict/index.ts'

const dayMs = 86_400_000
/** So far hours are told one by one, and shown of what was. */
const aheadMs = 7 * dayMs

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

export function hoursAhead(history: History, { days }: Calendar): PlaceForecast['forecast'] {
  const said = forecast(history, aheadMs, days ? { days } : {})
  if (said.is === 'refused') return { ...said }
  const { is, stepMs, method, why } = said
  return { is, stepMs, method, why, ...saidOf(said) }
}

type Futures = Awaited<ReturnType<World['loads']['futuresOf']>>

/** What comes in the busiest part of a week, as far as it is known how much busier parts of an hour are than the whole. */
export function weeksAhead({ paths, within }: Pick<Futures, 'paths' | 'within'>): PlaceForecast['peaks'] {
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

/**
 * Why hours and weeks say different things, where they do: hours go on from the last ones, and the peaks of days take a week to believe that
 * a level has changed. Which is right shows when it stays so.
 */
export function differs(
  hours: PlaceForecast['forecast'],
  { paths }: Pick<Futures, 'paths'>,
): readonly string[] {
  if (hours.is === 'refused' || paths.is === 'refused') return []
  // The first day that is all to come.
  const { at, bands } = fanOf(paths)
  const [from = 0, low = 0, high = 0] = [at[1], bands[80].lower[1], bands[80].upper[1]]
  const within = [...hours.at.keys()].filter(
    (i) => (hours.at[i] ?? 0) >= from && (hours.at[i] ?? 0) < from + dayMs,
  )
  if (within.length === 0) return []
  const highest = (values: readonly number[]): number => Math.max(...within.map((i) => values[i] ?? 0))
  const isLess = highest(hours.bands[80].upper) < low
  if (!isLess && highest(hours.bands[80].lower) <= high) return []
  return [
    `the hours of tomorrow are expected to be ${isLess ? 'less' : 'more'} busy than the days: the last hours are unlike the days before, and the peaks of days, by which weeks and dates are told, take a week to believe that it stays so`,
  ]
}

export function lastHours({ from, stepMs, values }: History): PlaceForecast['past'] {
  const count = Math.min(values.length, Math.round(aheadMs / stepMs))
  const begin = values.length - count
  return { from: from + begin * stepMs, stepMs, values: known(Array.from(values).slice(begin)) }
}

const code: ErrorCode = 'PLM_HISTORY_SHORT'
const untilThen =
  'wait for three days of requests, or bring along what another tool has counted: plimsoll slo import'

/** How forecasts of its past fared, or what it takes to tell. */
export function backtestOf(history: History, { days }: Calendar): NonNullable<PlaceForecast['backtest']> {
  const values = Array.from(history.values)
  const tried = backtest(history, days ? { days } : {})
  if (tried.is === 'backtest') return { ...tried, coverage: { ...tried.coverage } }
  const known = values.some((value) => !Number.isNaN(value))
  return { ...tried, ...(known ? {} : { why: 'no request of it is known yet' }), code, next: untilThen }
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
export function wordsOf(headroom: EnvironmentHeadroom | undefined): Words {
  if (!headroom) return { text: 'nobody measures what it carries: nothing is in step with it', found: [] }
  const { line, ahead, reasons } = headroom
  const [reason] = reasons
  // Why there is no load line, and what to do about that, it knows best.
  if (!ahead || (!line && reason))
    return { text: reason?.text ?? 'nothing runs there', found: [], ...nextOf(reason?.next) }
  const ways = (ahead.restores ?? []).flatMap((way) => [way.text, way.next])
  const next = [...ways, ahead.next].filter((one) => one !== undefined).join('; ')
  return {
    text: ahead.text,
    ...(ahead.chances === undefined ? {} : { chances: ahead.chances }),
    found: [...lineFound(headroom), ...ahead.found],
    ...nextOf(next === '' ? undefined : next),
    ...(line ? { line: { low: line.low, at: line.at, high: line.high } } : {}),
    ...(ahead.crossing ? { crossing: ahead.crossing } : {}),
  }
}
