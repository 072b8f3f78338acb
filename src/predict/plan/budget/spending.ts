import type { Instant } from '../../../kernel/index.ts'

/** Events hour by hour, the newest last. */
export type BudgetHours = {
  readonly from: Instant
  readonly total: ArrayLike<number>
  readonly bad: ArrayLike<number>
  /** 1 where something is known. */
  readonly known: ArrayLike<number>
}

export type BudgetPromise = { readonly objective: number; readonly window: number }

export const hourMs = 3_600_000

/** An hour that alone spends so much of the budget is an incident: what burns so fast pages. */
const incidentShare = 0.02
/** Incidents that are so many hours apart are one. */
const apartHours = 2

/** Hours of the past that begin and end, the end not included. */
export type Span = { readonly begin: number; readonly end: number }

/** What was spent of an error budget, and how. */
export type Spending = {
  readonly from: Instant
  /** Hours that nobody knows are taken for usual ones without failures. */
  readonly total: Float64Array
  readonly bad: Float64Array
  readonly knownHours: number
  /** Bad events that the period may have, going by its last one. */
  readonly events: number
  /** Share that is spent of it. */
  readonly spent: number
  readonly incidents: readonly Span[]
  /** Share of events that are bad in hours that are no incidents, over all that is known. */
  readonly usual: number
}

function spansOf(is: (hour: number) => boolean, hours: number): readonly Span[] {
  const spans: { begin: number; end: number }[] = []
  for (let hour = 0; hour < hours; hour++) {
    if (!is(hour)) continue
    const last = spans.at(-1)
    if (last && hour - last.end < apartHours) last.end = hour + 1
    else spans.push({ begin: hour, end: hour + 1 })
  }
  return spans
}

const sum = (values: Float64Array): number => values.reduce((all, one) => all + one, 0)

export function spendingOf(
  { from, total, bad, known }: BudgetHours,
  { objective, window }: BudgetPromise,
): Spending {
  const hours = total.length
  const isKnown = (hour: number): boolean => known[hour] === 1
  const knownHours = Array.from(known).filter((one) => one === 1).length
  const mean = sum(Float64Array.from(total, (value, i) => (isKnown(i) ? value : 0))) / Math.max(1, knownHours)
  const totals = Float64Array.from(total, (value, i) => (isKnown(i) ? value : mean))
  const bads = Float64Array.from(bad, (value, i) => (isKnown(i) ? value : 0))
  const begin = hours - window / hourMs
  const events = sum(totals.slice(begin)) * (1 - objective)
  const isIncident = (hour: number): boolean => (bads[hour] as number) >= incidentShare * events
  const usualHours = [...totals.keys()].filter((hour) => isKnown(hour) && !isIncident(hour))
  const of = (values: Float64Array): number =>
    usualHours.reduce((all, hour) => all + (values[hour] as number), 0)
  return {
    ...{ from, total: totals, bad: bads, knownHours, events },
    spent: events > 0 ? sum(bads.slice(begin)) / events : 0,
    incidents: events > 0 ? spansOf(isIncident, hours) : [],
    usual: of(totals) > 0 ? of(bads) / of(totals) : 0,
  }
}

/** What a stretch of time spent of the budget, beyond what is usual; a share of all of it. */
export function costOf({ total, bad, from, usual, events }: Spending, since: Instant, to: Instant): number {
  const first = Math.max(0, Math.floor((since - from) / hourMs))
  const last = Math.min(total.length, Math.ceil((to - from) / hourMs))
  let cost = 0
  for (let hour = first; hour < last; hour++) cost += (bad[hour] as number) - usual * (total[hour] as number)
  return events > 0 ? Math.max(0, cost) / events : 0
}
