import type { Instant } from '../../../kernel/index.ts'
import { dayMs, keptDays, type ThingSeen, type Warning } from './state.ts'

/** So long it must not be told before the warning is over: what swings is one warning. */
const silenceMs = 1.5 * dayMs
/** Beyond that nobody reads them one by one. */
const mostWarnings = 60
const mostDates = 30

const isTold = ({ date, hasTicket, hasCome }: ThingSeen): boolean =>
  date !== undefined || hasTicket || hasCome

/** What was told before, and this, if it has moved by a day or more. */
function moved(dates: Warning['dates'], date: Instant | undefined, at: Instant): Warning['dates'] {
  const last = dates.at(-1)
  if (date === undefined || (last && Math.abs(last.date - date) < dayMs)) return dates
  const [first, ...rest] = [...dates, { at, date }]
  return first ? [first, ...rest.slice(-(mostDates - 1))] : []
}

function going(warning: Warning, seen: ThingSeen, at: Instant): Warning {
  const { silentAt: _, ...rest } = warning
  return {
    ...rest,
    dates: moved(warning.dates, warning.cameAt === undefined ? seen.date : undefined, at),
    ...(seen.hasTicket && warning.ticketAt === undefined ? { ticketAt: at } : {}),
    ...(seen.hasCome && warning.cameAt === undefined ? { cameAt: at } : {}),
  }
}

function silent(warning: Warning, at: Instant): Warning {
  const { silentAt = at } = warning
  return at - silentAt >= silenceMs ? { ...warning, silentAt, endedAt: silentAt } : { ...warning, silentAt }
}

const isSame = (a: { kind: string; name: string }, b: { kind: string; name: string }): boolean =>
  a.kind === b.kind && a.name === b.name

/**
 * Goes on with all warnings after a look. What comes without ever having been told is a warning of no days.
 * @param seen everything that was looked at; what is not among it is not told
 */
export function warned(
  before: readonly Warning[],
  seen: readonly ThingSeen[],
  at: Instant,
): readonly Warning[] {
  const told = seen.filter(isTold)
  const all = before.map((warning) => {
    if (warning.endedAt !== undefined) return warning
    const own = told.find((one) => isSame(one, warning))
    return own ? going(warning, own, at) : silent(warning, at)
  })
  const isOpen = (thing: ThingSeen) => all.some((one) => one.endedAt === undefined && isSame(one, thing))
  const fresh = told
    .filter((thing) => !isOpen(thing))
    .map((thing) => going({ kind: thing.kind, name: thing.name, toldAt: at, dates: [] }, thing, at))
  return [...all, ...fresh]
    .filter(({ endedAt }) => endedAt === undefined || at - endedAt < keptDays * dayMs)
    .slice(-mostWarnings)
}
