import type { Instant } from '../kernel/index.ts'
import { dayMs, type SpecialDay } from './calendar/day.ts'
import { withoutSpecialDays } from './calendar/effects.ts'
import { shifted } from './calendar/shift.ts'
import { type History, type Refusal, refused } from './history.ts'
import { chooseOutlook } from './model/choose.ts'
import { edgeOf, type Level, type Method, type Outlook } from './outlook.ts'
import { fillGaps } from './prepare/gaps.ts'
import { outliersOf } from './prepare/outliers.ts'
import { type Prepared, prepare } from './prepare/prepare.ts'
import { type Scale, scaleOf } from './scale.ts'
import { seasonsFor } from './seasons.ts'

export type Band = { readonly lower: readonly number[]; readonly upper: readonly number[] }

/** What is to come, step by step, in the units of the history. */
export type Forecast = {
  readonly is: 'forecast'
  /** Of the forecast; an hour where the history was finer and long enough. */
  readonly stepMs: number
  /** When each step begins; the first follows the history. */
  readonly at: readonly Instant[]
  /** As likely too high as too low. */
  readonly median: readonly number[]
  /** Each holds so many percent of what is to come, at each step by itself. */
  readonly bands: Readonly<Record<Level, Band>>
  readonly method: Method
  /** Why this method, and what was done to the history: sentences to be shown. */
  readonly why: string
}

export type ForecastOptions = {
  /** Past and coming days that are not like others of their weekday. */
  readonly days?: readonly SpecialDay[]
}

/** More steps than that nobody looks at one by one. */
const mostSteps = 10_000

function inUnits({ from, stepMs, values, notes }: Prepared, outlook: Outlook, scale: Scale): Forecast {
  const { method, why, centre } = outlook
  const edge = (level: Level, side: -1 | 1): readonly number[] =>
    Array.from(centre, (_, step) => edgeOf(outlook, scale, level, step, side))
  const band = (level: Level): Band => ({ lower: edge(level, -1), upper: edge(level, 1) })
  return {
    is: 'forecast',
    stepMs,
    at: Array.from(centre, (_, step) => from + (values.length + step) * stepMs),
    median: Array.from(centre, scale.back),
    bands: { 50: band(50), 80: band(80), 95: band(95) },
    method,
    why: [why, ...notes].join('; '),
  }
}

/** What is unlike anything else does not say either how far a forecast may go. */
function scaleWithout(values: Float64Array, outliers: readonly number[], wide: Scale): Scale {
  const left = new Set(outliers)
  const narrow = scaleOf(values.filter((value, t) => !Number.isNaN(value) && !left.has(t)))
  return narrow.isLog === wide.isLog ? narrow : wide
}

/**
 * Says what a history goes on with.
 *
 * Hours and days with at least three weeks get a sparse seasonal autoregression on logarithms with conformal bands; shorter ones a damped
 * trend (Theta); where nothing repeats, a flat line. Gaps, spikes and changes of level are expected.
 * @param history evenly spaced (`evenly` makes it so); finer than an hour, it is rolled up to hours when there are three days
 * @param horizonMs how far ahead
 * @returns a refusal where a number would be a guess: too short, too many gaps, ended too long ago
 */
export function forecast(
  history: History,
  horizonMs: number,
  { days = [] }: ForecastOptions = {},
): Forecast | Refusal {
  if (Number.isNaN(horizonMs)) return refused('unreadable', 'the horizon is NaN, expected milliseconds')
  const prepared = prepare(history)
  if (prepared.is === 'refused') return prepared
  const { stepMs, values } = prepared
  const horizon = Math.min(mostSteps, Math.max(1, Math.ceil(horizonMs / stepMs)))
  const wide = scaleOf(values.filter((value) => !Number.isNaN(value)))
  const seen = values.map(wide.forth)
  const usual = withoutSpecialDays(prepared, seen, days)
  const seasons = seasonsFor(stepMs, values.length)
  const season = seasons.long ?? seasons.short ?? 0
  const outliers = outliersOf(fillGaps(usual, season), seasons.short ?? 0)
  for (const t of outliers) usual[t] = Number.NaN
  const scale = outliers.length > 0 ? scaleWithout(values, outliers, wide) : wide
  const y = fillGaps(usual, season)
  const isSeen = Uint8Array.from(usual, (value) => (Number.isNaN(value) ? 0 : 1))
  const ahead = days.length > 0 ? Math.ceil((14 * dayMs) / stepMs) : 0
  const outlook = chooseOutlook({ y, isSeen, seasons, horizon: horizon + ahead, scale })
  const notes = [...prepared.notes, ...(outliers.length > 0 ? [`${outliers.length} outliers left out`] : [])]
  const { outlook: withDays, notes: dayNotes } = shifted(
    { grid: prepared, seen, usual: y, days, horizon },
    outlook,
  )
  return inUnits({ ...prepared, notes: [...notes, ...dayNotes] }, withDays, scale)
}
