import { type SpecialDay, specialDay, type Weekday } from '../../../forecast/index.ts'
import { earliestAt, type Instant, localAt } from '../../../kernel/index.ts'
import { type Month, type Rule, readRule } from './rule.ts'

const dayMs = 86_400_000

/** Days of one kind, as the configuration lists them. */
export type ListedDays = {
  /** Dates, `2026-12-25`; those of its iCalendar file among them. */
  readonly on: readonly string[]
  /** What `readRule` understands. */
  readonly every?: string | undefined
  readonly kind: string
  readonly like?: Weekday | undefined
}

export type DaysConfig = { readonly timeZone: string; readonly days: readonly ListedDays[] }

const two = (n: number): string => String(n).padStart(2, '0')
const dateOf = ({ year, month }: Month, day: number): string => `${year}-${two(month)}-${two(day)}`

/** The months that a stretch of time touches where clocks show the time of a zone. */
function monthsOf(zone: string, from: Instant, to: Instant): readonly Month[] {
  const [first, last] = [localAt(zone, from), localAt(zone, to)]
  const begin = first.year * 12 + first.month - 1
  const count = last.year * 12 + last.month - begin
  return Array.from({ length: Math.max(0, count) }, (_, i) => ({
    year: Math.floor((begin + i) / 12),
    month: ((begin + i) % 12) + 1,
  }))
}

type Dated = {
  readonly listed: ListedDays
  readonly rule: Rule | undefined
  readonly dates: readonly string[]
}

const isRestful = ({ like }: ListedDays): boolean => like === 'saturday' || like === 'sunday'
const isWeekend = (date: string): boolean => [0, 6].includes(new Date(`${date}T12:00:00Z`).getUTCDay())

/** Dates of all of them, in the order of the list; which days people work follows from those that ask nothing of it. */
function datedIn({ days }: DaysConfig, months: readonly Month[]): readonly Dated[] {
  const byRule = (rule: Rule | undefined, rest: ReadonlySet<string>) =>
    months.flatMap((month) => {
      const day = rule?.dayIn(month, (n) => {
        const date = dateOf(month, n)
        return !isWeekend(date) && !rest.has(date)
      })
      return day === undefined ? [] : [dateOf(month, day)]
    })
  const read = days.map((listed): Dated => {
    const rule = listed.every === undefined ? undefined : readRule(listed.every)
    const plain = rule?.asksWork ? [] : byRule(rule, new Set())
    return { listed, rule, dates: [...listed.on, ...plain] }
  })
  const rest = new Set(read.filter(({ listed }) => isRestful(listed)).flatMap(({ dates }) => dates))
  return read.map((one) =>
    one.rule?.asksWork ? { ...one, dates: [...one.dates, ...byRule(one.rule, rest)] } : one,
  )
}

/**
 * The special days that lie in a stretch of time, even in part, oldest first. A date that is listed twice is what it is called first.
 * Working days are Monday to Friday without those that are listed as like a Saturday or Sunday.
 */
export function daysOf(config: DaysConfig, from: Instant, to: Instant): readonly SpecialDay[] {
  if (config.days.length === 0) return []
  const { timeZone } = config
  const byDate = new Map<string, ListedDays>()
  for (const { listed, dates } of datedIn(config, monthsOf(timeZone, from, to)))
    for (const date of dates) if (!byDate.has(date)) byDate.set(date, listed)
  const [first, last] = [from - 2 * dayMs, to + 2 * dayMs].map((at) =>
    new Date(at).toISOString().slice(0, 10),
  )
  return [...byDate]
    .filter(([date]) => date >= (first ?? '') && date <= (last ?? ''))
    .map(([date, { kind, like }]) => specialDay(date, timeZone, kind, like))
    .filter((day) => day.from < to && day.from + dayMs > from)
    .sort((a, b) => a.from - b.from)
}

/** When days begin where the requests come from, after midnight UTC, in milliseconds: as it is at that time of year. */
export function dayBeginsMs({ timeZone }: Pick<DaysConfig, 'timeZone'>, at: Instant): number {
  const begin = earliestAt(timeZone, { ...localAt(timeZone, at), hour: 0, minute: 0 })
  return ((begin % dayMs) + dayMs) % dayMs
}

/** Half a year, as far as forecasts look back. */
const lookBackMs = 26 * 7 * dayMs
/** A special day is taken for a usual one of the two weeks around it: those must be known to be usual. */
const aroundMs = 14 * dayMs

/**
 * What `forecast`, `backtest` and `crossing` are told of the calendar.
 * @param config undefined: of a service whose configuration was read before there was a calendar
 * @param aheadMs how far the forecast goes
 */
export const daysAround = (config: DaysConfig | undefined, at: Instant, aheadMs: number) => ({
  days: config ? daysOf(config, at - lookBackMs, at + aheadMs + aroundMs) : [],
  dayBeginsMs: config ? dayBeginsMs(config, at) : 0,
})
