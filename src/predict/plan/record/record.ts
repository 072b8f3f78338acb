import type { Level } from '../../../forecast/index.ts'
import type { Instant } from '../../../kernel/index.ts'
import type { Around } from '../dates.ts'
import { added, noScore } from './score.ts'
import { dayMs, type ForetoldState, type Warning } from './state.ts'
import { recordText, warningsText } from './text.ts'

/** What is looked at, unless somebody asks for all. */
export const recentDays = 28
/** Of fewer days nobody can say whether forecasts are any good. */
const leastDays = 7

/** How forecasts fared over some days. */
export type Score = {
  readonly days: number
  /** Compared; an hour counts once for each forecast of it. */
  readonly hours: number
  /** Forecast, and nobody knows what came. */
  readonly unknown: number
  /** Of what came, the share within each band; undefined while nothing was compared. */
  readonly coverage?: Readonly<Record<Level, number>>
  /** Mean absolute error, in requests a second, and that of the same hour of the week before. */
  readonly error?: number
  readonly naiveError?: number
  /** The one over the other: below 1 is better; undefined where the week before was right always. */
  readonly errorRatio?: number
  /** Not worse, strictly: both may be right always. Undefined while too little was compared to tell. */
  readonly isBetterThanNaive?: boolean
}

export type WarningOutcome = 'open' | 'came' | 'did-not-come'

/** A warning and what became of it. */
export type WarningRecord = Omit<Warning, 'silentAt'> & {
  readonly outcome: WarningOutcome
  /** From when it was told first, and from its ticket, to when it came. */
  readonly warningDays?: number
  readonly ticketWarningDays?: number
}

/** The record of the forecasts of a place. */
export type ForecastRecord = {
  /** When the first forecast that is kept was made. */
  readonly since: Instant
  /** In the recent days: forecasts that were made, days on which there was nothing to say, and days on which nobody looked. */
  readonly forecasts: number
  readonly refused: number
  readonly missed: number
  readonly recent: Score
  readonly whole: Score
  readonly warnings: readonly WarningRecord[]
  /** Of those with tickets that are over: so many did not come. */
  readonly falseTickets: number
  /** Two lines for people. */
  readonly text: readonly [string, string]
}

function scoreOf({ scores }: ForetoldState, days: number, now: Instant): Score {
  // Whole days: a day counts by its end.
  const own = scores.filter(({ day }) => day + dayMs > now - days * dayMs)
  const { hours, unknown, within, both, error, naiveError } = own.reduce(added, noScore(0))
  const known = own.filter((one) => one.hours > 0).length
  return {
    ...{ days: own.length, hours, unknown },
    ...(hours > 0
      ? { coverage: { 50: within[50] / hours, 80: within[80] / hours, 95: within[95] / hours } }
      : {}),
    ...(both > 0 ? { error: error / both, naiveError: naiveError / both } : {}),
    ...(naiveError > 0 ? { errorRatio: error / naiveError } : {}),
    ...(both > 0 && known >= leastDays ? { isBetterThanNaive: error <= naiveError } : {}),
  }
}

function recordedOf({ silentAt: _, ...warning }: Warning): WarningRecord {
  const { cameAt, endedAt, toldAt, ticketAt } = warning
  if (cameAt === undefined) return { ...warning, outcome: endedAt === undefined ? 'open' : 'did-not-come' }
  return {
    ...warning,
    outcome: 'came',
    warningDays: (cameAt - toldAt) / dayMs,
    ...(ticketAt === undefined ? {} : { ticketWarningDays: Math.max(0, cameAt - ticketAt) / dayMs }),
  }
}

/** Days of the recent ones on which nobody looked: between the first look and now. */
function missedIn(looks: ForetoldState['looks'], from: Instant, now: Instant): number {
  const dayOf = (at: Instant) => Math.floor(at / dayMs)
  const first = Math.max(dayOf(from) + 1, dayOf(looks[0]?.at ?? now))
  const seen = new Set(looks.map(({ at }) => dayOf(at)))
  // That of today may still come.
  return Array.from({ length: Math.max(0, dayOf(now) - first) }, (_, i) => first + i).filter(
    (day) => !seen.has(day),
  ).length
}

/**
 * What is known of how the forecasts of a place fared.
 * @returns undefined before the first forecast: what was brought along later was never forecast
 */
export function recordOf(state: ForetoldState, around: Around): ForecastRecord | undefined {
  const { now } = around
  const since = state.looks.find(({ made }) => made)?.at
  if (since === undefined) return undefined
  const from = now - recentDays * dayMs
  const recentLooks = state.looks.filter(({ at }) => at > from)
  const forecasts = recentLooks.filter(({ made }) => made).length
  const warnings = state.warnings.map(recordedOf)
  const told = {
    since,
    forecasts,
    refused: recentLooks.length - forecasts,
    missed: missedIn(state.looks, from, now),
    recent: scoreOf(state, recentDays, now),
    whole: scoreOf(state, Number.POSITIVE_INFINITY, now),
    warnings,
    falseTickets: warnings.filter(
      ({ ticketAt, outcome }) => ticketAt !== undefined && outcome === 'did-not-come',
    ).length,
  }
  return { ...told, text: [recordText(told, around), warningsText(told, around)] }
}
