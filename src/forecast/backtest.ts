import { type ForecastOptions, forecast } from './forecast.ts'
import { type History, type Refusal, refused } from './history.ts'
import { type Level, levels } from './outlook.ts'
import { readable } from './prepare/readable.ts'

/** How forecasts of the past fared. */
export type Backtest = {
  readonly is: 'backtest'
  /** From so many points in the past it was asked to go on. */
  readonly origins: number
  /** Forecast and compared, in all. */
  readonly points: number
  /** Mean absolute error, in the units of the history. */
  readonly error: number
  /** That of seasonal naive on the same points: of the day before or of the week before, whichever did better. */
  readonly naiveError: number
  /** Symmetric mean absolute percentage error, 0 to 200. */
  readonly smape: number
  /** The share of points within each band, 0 to 1. */
  readonly coverage: Readonly<Record<Level, number>>
  readonly isBetterThanNaive: boolean
  /** One sentence to be shown. */
  readonly why: string
}

export type BacktestOptions = ForecastOptions & {
  /** How far ahead each forecast goes; two days. */
  readonly horizonMs?: number
  /** How many; 5. They end one horizon apart, the last at the end of the history. */
  readonly origins?: number
}

const dayMs = 86_400_000
const mostOrigins = 1_000

/** A forecast of the past beside what came. */
type Tried = {
  readonly said: number
  readonly came: number
  readonly naive: readonly number[]
  readonly inBand: readonly boolean[]
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** What is known of a step of a longer length, as the mean of the history's own steps. */
function meanBetween({ from, stepMs, values }: History, begin: number, end: number): number {
  const known: number[] = []
  for (let i = Math.max(0, Math.round((begin - from) / stepMs)); i < Math.round((end - from) / stepMs); i++) {
    const value = values[i]
    if (value !== undefined && Number.isFinite(value)) known.push(value)
  }
  return known.length > 0 ? meanOf(known) : Number.NaN
}

function tryAt(
  history: History & { readonly values: Float64Array },
  end: number,
  horizonMs: number,
  options: ForecastOptions,
): readonly Tried[] | Refusal {
  const known = { ...history, values: history.values.subarray(0, end) }
  const said = forecast(known, horizonMs, options)
  if (said.is === 'refused') return said
  const until = history.from + end * history.stepMs
  const seen = (at: number) => meanBetween(history, at, at + said.stepMs)
  return said.at.flatMap((at, i) => {
    const came = seen(at)
    if (Number.isNaN(came)) return []
    const before = (season: number) => seen(at - Math.ceil((at + said.stepMs - until) / season) * season)
    const inBand = levels.map((level) => {
      const { lower, upper } = said.bands[level]
      return came >= (lower[i] ?? 0) && came <= (upper[i] ?? 0)
    })
    return [{ said: said.median[i] ?? 0, came, naive: [before(dayMs), before(7 * dayMs)], inBand }]
  })
}

function naiveErrorOf(tried: readonly Tried[]): number {
  const errors = [0, 1].map((which) =>
    meanOf(
      tried.flatMap(({ naive, came }) =>
        Number.isNaN(naive[which]) ? [] : Math.abs((naive[which] ?? 0) - came),
      ),
    ),
  )
  return Math.min(...errors.map((error) => (Number.isNaN(error) ? Number.POSITIVE_INFINITY : error)))
}

function summed(tried: readonly Tried[], origins: number): Backtest | Refusal {
  const error = meanOf(tried.map(({ said, came }) => Math.abs(said - came)))
  const naiveError = naiveErrorOf(tried)
  if (!Number.isFinite(naiveError))
    return refused(
      'too-short',
      `${tried.length} points have nothing a day or a week before to be compared with`,
    )
  const isBetterThanNaive = error < naiveError
  const covered = (i: number) => meanOf(tried.map(({ inBand }) => (inBand[i] ? 1 : 0)))
  const compared = `error ${error.toPrecision(3)}, seasonal naive ${naiveError.toPrecision(3)} on ${tried.length} points`
  return {
    is: 'backtest',
    origins,
    points: tried.length,
    error,
    naiveError,
    smape: meanOf(
      tried.map(({ said, came }) =>
        said === came ? 0 : (200 * Math.abs(said - came)) / (Math.abs(said) + Math.abs(came)),
      ),
    ),
    coverage: { 50: covered(0), 80: covered(1), 95: covered(2) },
    isBetterThanNaive,
    why: isBetterThanNaive ? compared : `no better than seasonal naive: ${compared}`,
  }
}

/**
 * Forecasts the past from several points of it, each time from what was known then, and compares with what came.
 * @returns a refusal when the history is too short to forecast from any of them
 */
export function backtest(history: History, options: BacktestOptions = {}): Backtest | Refusal {
  const read = readable(history)
  if (read.is === 'refused') return read
  const { horizonMs = 2 * dayMs, origins = 5 } = options
  if (!(horizonMs > 0) || !(origins >= 1))
    return refused(
      'unreadable',
      `a horizon of ${horizonMs} ms from ${origins} origins, expected both above 0`,
    )
  const steps = Math.ceil(horizonMs / history.stepMs)
  const values = Float64Array.from(read.history.values)
  const ends = Array.from(
    { length: Math.min(mostOrigins, origins) },
    (_, i) => values.length - (i + 1) * steps,
  )
  const answers = ends
    .filter((end) => end > 0)
    .map((end) => tryAt({ ...history, values }, end, horizonMs, options))
  const tried = answers.flatMap((answer) => ('is' in answer ? [] : [answer]))
  if (tried.flat().length > 0) return summed(tried.flat(), tried.length)
  return (
    answers.find((answer) => 'is' in answer) ??
    refused(
      'too-short',
      `${values.length === 0 ? 'none' : values.length} of its steps are known, expected more than the ${steps} that are forecast at a time`,
    )
  )
}
