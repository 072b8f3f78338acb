import type { History, Paths } from '../../../forecast/index.ts'
import type { Instant } from '../../../kernel/index.ts'
import type { SizeGiven } from './size-text.ts'

/** An hour in which so many times as much comes as usual. */
export type Moment = { readonly at: Instant; readonly times: number; readonly text: string }

/** What if. */
export type Assumed = {
  /** Each in words: `one instance less`. */
  readonly says: readonly string[]
  /** Instances that are added, or taken away. */
  readonly instances: number
  /** Each instance has so much in all; what is not given stays as it is. */
  readonly size?: SizeGiven
  /** 0.05: it grows by 5 % a week instead. */
  readonly growthPerWeek?: number
  readonly moments: readonly Moment[]
  /** Another release runs, by what somebody called it. */
  readonly release?: string
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const weekMs = 7 * dayMs
/** So many weeks tell what is usual in an hour of the week. */
const usualWeeks = 8

export const dayIn = ({ from }: Pick<Paths, 'from'>, at: Instant): number => Math.floor((at - from) / dayMs)

/** What usually comes in an hour of the week, as a share of the busiest hour of its day; 1 when nothing is known of it. */
export function usualShare({ from, stepMs, values }: History, at: Instant, { from: end }: Paths): number {
  const rateAt = (instant: number): number => values[Math.floor((instant - from) / stepMs)] ?? Number.NaN
  // Days begin where the futures' days begin.
  const dayBegin = end + dayIn({ from: end }, at) * dayMs
  const shares: number[] = []
  for (let week = 1; shares.length < usualWeeks && at - week * weekMs >= from; week++) {
    const hours = Array.from({ length: 24 }, (_, hour) => rateAt(dayBegin - week * weekMs + hour * hourMs))
    const highest = Math.max(...hours.filter((rate) => !Number.isNaN(rate)))
    const share = rateAt(at - week * weekMs) / highest
    if (Number.isFinite(share)) shares.push(share)
  }
  shares.sort((a, b) => a - b)
  return shares[Math.floor(shares.length / 2)] ?? 1
}

/** The futures as they would be. Growth is drawn with them; see `growthPerWeek` of the forecast. */
export function underAssumption(paths: Paths, history: History, { moments }: Assumed): Paths {
  if (moments.length === 0) return paths
  const raised = moments.map(({ at, times }) => ({
    day: dayIn(paths, at),
    by: Math.max(1, times * usualShare(history, at, paths)),
  }))
  const peaks = paths.peaks.map((path) => {
    const changed = path.slice()
    for (const { day, by } of raised) changed[day] = Math.max(changed[day] ?? 0, (path[day] ?? 0) * by)
    return changed
  })
  return { ...paths, peaks }
}

/** What comes in an hour, of each future, ascending: the middle of them and what holds 80 %. */
export function momentRates(paths: Paths, history: History, { at, times }: Moment) {
  const day = dayIn(paths, at)
  const usual = usualShare(history, at, paths)
  const rates = paths.peaks.map((path) => (path[day] ?? 0) * usual * times).sort((a, b) => a - b)
  const of = (share: number): number => rates[Math.floor(share * (rates.length - 1))] ?? 0
  return { low: of(0.1), at: of(0.5), high: of(0.9) }
}
