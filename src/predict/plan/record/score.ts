import type { levels } from '../../../forecast/index.ts'
import type { Instant } from '../../../kernel/index.ts'
import { type DayScore, dayMs, type Hours, hourMs, type KeptForecast } from './state.ts'

export const noScore = (day: Instant): DayScore => ({
  day,
  hours: 0,
  unknown: 0,
  within: { 50: 0, 80: 0, 95: 0 },
  both: 0,
  error: 0,
  naiveError: 0,
})

/** Two scores as one, of the day of the first. */
export const added = (a: DayScore, b: DayScore): DayScore => ({
  day: a.day,
  hours: a.hours + b.hours,
  unknown: a.unknown + b.unknown,
  within: {
    50: a.within[50] + b.within[50],
    80: a.within[80] + b.within[80],
    95: a.within[95] + b.within[95],
  },
  both: a.both + b.both,
  error: a.error + b.error,
  naiveError: a.naiveError + b.naiveError,
})

/** One hour of a forecast beside what came. */
function scoreOf(forecast: KeptForecast, i: number, came: number | null | undefined): DayScore {
  const at = forecast.from + i * hourMs
  const none = noScore(Math.floor(at / dayMs) * dayMs)
  if (came === null || came === undefined) return { ...none, unknown: 1 }
  const naive = forecast.naive[i] ?? undefined
  const isWithin = (level: (typeof levels)[number]): number => {
    const { lower, upper } = forecast.bands[level]
    return came >= (lower[i] ?? 0) && came <= (upper[i] ?? 0) ? 1 : 0
  }
  const score = { ...none, hours: 1, within: { 50: isWithin(50), 80: isWithin(80), 95: isWithin(95) } }
  if (naive === undefined) return score
  return {
    ...score,
    both: 1,
    error: Math.abs((forecast.median[i] ?? 0) - came),
    naiveError: Math.abs(naive - came),
  }
}

/** A forecast without its first hours. */
function without(forecast: KeptForecast, hours: number): KeptForecast {
  const band = (level: (typeof levels)[number]) => ({
    lower: forecast.bands[level].lower.slice(hours),
    upper: forecast.bands[level].upper.slice(hours),
  })
  return {
    ...forecast,
    from: forecast.from + hours * hourMs,
    median: forecast.median.slice(hours),
    bands: { 50: band(50), 80: band(80), 95: band(95) },
    naive: forecast.naive.slice(hours),
  }
}

/**
 * Compares what was forecast with what came.
 * @param came all hours that `hoursWanted` names
 * @returns what is left to be compared, and the scores of the days that those hours belong to
 */
export function compared(
  open: readonly KeptForecast[],
  came: Hours,
): { readonly open: readonly KeptForecast[]; readonly scores: readonly DayScore[] } {
  const until = came.from + came.values.length * hourMs
  const byDay = new Map<Instant, DayScore>()
  const left = open.map((forecast) => {
    const over = Math.max(0, Math.min(forecast.median.length, Math.round((until - forecast.from) / hourMs)))
    for (let i = 0; i < over; i++) {
      const value = came.values[Math.round((forecast.from - came.from) / hourMs) + i]
      const score = scoreOf(forecast, i, value)
      byDay.set(score.day, added(byDay.get(score.day) ?? noScore(score.day), score))
    }
    return without(forecast, over)
  })
  return { open: left.filter(({ median }) => median.length > 0), scores: [...byDay.values()] }
}
