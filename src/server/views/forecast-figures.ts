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
  const highest = Math.max(...hours.median)
  const { lower, upper } = fanOf(paths, 7).bands[95]
  const [low, high] = [lower[0] ?? 0, upper[0] ?? Number.POSITIVE_INFINITY]
  if (highest >= low && highest <= high) return []
  const way = highest < low ? 'less' : 'more'
  return [
    `the hours to come expect ${way} than the weeks: the last hours are unlike the days before, and daily peaks, by which weeks and dates are told, take a week to believe that they stay so`,
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
