import { expectedEvents } from './budget.ts'
import { burnOf, type Counts, type Objective, type WindowCounts } from './counts.ts'
import { chanceOfAtLeast } from './tail.ts'
import { type AlertWindow, alertWindows, type Severity } from './windows.ts'

/** Why an alert does not fire, first reason first. */
export type Quiet =
  /** The long window burns no faster than is allowed. */
  | 'burnsSlowly'
  /** It burned, and does no more. */
  | 'isOver'
  /** Of too little of the long window anything is known. */
  | 'littleIsKnown'
  /** In a quiet hour a few failures are many of all; of the period's budget they are nothing. */
  | 'spendsLittle'
  /** Too few bad events. */
  | 'areFew'
  /** So many may be bad by chance. */
  | 'mayBeChance'

export type AlertSeen = {
  readonly window: AlertWindow
  readonly longBurn: number
  readonly shortBurn: number
  readonly long: Counts
  /** Undefined: it fires. */
  readonly quiet?: Quiet
  /** It is a ticket, and a page of the same SLO says the same already. */
  readonly isSuppressed: boolean
}

/** How an SLO stands. */
export type Standing = {
  /** One for each alert of the SLO, the most urgent first. */
  readonly alerts: readonly AlertSeen[]
  /** What somebody is to be told now. */
  readonly severity?: Severity
}

/** The remedies for low traffic, in order; undefined when none of them keeps it quiet. */
function remedy(slo: Objective, window: AlertWindow, long: Counts, period: Counts): Quiet | undefined {
  const { bad, chance, coverage } = slo.lowTraffic
  const budget = expectedEvents(period) * (1 - slo.objective)
  if (long.coverage < coverage) return 'littleIsKnown'
  if (long.bad < window.budgetShare * budget) return 'spendsLittle'
  if (long.bad < bad) return 'areFew'
  const allowed = window.burn * (1 - slo.objective)
  return chanceOfAtLeast(long.bad, long.total, allowed) < chance ? undefined : 'mayBeChance'
}

function whyQuiet(
  slo: Objective,
  window: AlertWindow,
  long: Counts,
  short: Counts,
  period: Counts,
): Quiet | undefined {
  if (!(burnOf(long, slo) > window.burn)) return 'burnsSlowly'
  if (!(burnOf(short, slo) > window.burn)) return 'isOver'
  return remedy(slo, window, long, period)
}

/**
 * Judges the alerts of an SLO by what its windows count. Each needs a long window, to be worth telling, and a short one,
 * to be still so. Nothing is waited for: the short window ends an alert as soon as it is over.
 */
export function judgeSlo(slo: Objective, counts: WindowCounts): Standing {
  const period = counts(slo.window)
  const seen = alertWindows(slo.window).map((window) => {
    const long = counts(window.longMs)
    const short = counts(window.shortMs)
    const quiet = whyQuiet(slo, window, long, short, period)
    const burns = { longBurn: burnOf(long, slo), shortBurn: burnOf(short, slo) }
    return { window, long, ...burns, ...(quiet === undefined ? {} : { quiet }) }
  })
  const isPaging = seen.some(({ window, quiet }) => window.severity === 'page' && quiet === undefined)
  const alerts = seen.map((one) => ({ ...one, isSuppressed: isPaging && one.window.severity === 'ticket' }))
  const told = alerts.find(({ quiet, isSuppressed }) => quiet === undefined && !isSuppressed)
  return { alerts, ...(told ? { severity: told.window.severity } : {}) }
}
