import { burnOf, type Counts, type Objective, type WindowCounts } from './counts.ts'
import { alertWindows } from './windows.ts'

/** Of a period of which little is known, no more than this is worked out: a minute says little of a month. */
const leastCoverage = 1 / 1_000

/** How many events the whole period is expected to have, going by what is known of it. */
export const expectedEvents = ({ total, coverage }: Counts): number =>
  total / Math.max(leastCoverage, Math.min(1, coverage))

/** What is left of an SLO's error budget, which weighs events, not time. */
export type Budget = {
  /** Bad events that the period may have. */
  readonly events: number
  /** Share of it that is left; negative when more was spent than there is. */
  readonly left: number
  /** How many times as fast as evenly it was spent over what is known of the period: 1 spends just all of it. */
  readonly evenBurn: number
  /** The same over the last hour. */
  readonly burnNow: number
  /** When nothing is left at this burn, in milliseconds from now; undefined: never. */
  readonly endsInMs?: number
  /** Share of the period of which anything is known. */
  readonly coverage: number
}

const hourMs = 3_600_000

/**
 * Time until nothing is left when it goes on as in the last hour. What falls out of the period at its other end is not
 * given back: it is the earliest that it may be.
 */
function endsIn(left: number, burn: number, periodMs: number): number | undefined {
  if (left <= 0) return 0
  return burn > 0 ? (left * periodMs) / burn : undefined
}

/** The budget of an SLO now; undefined when nothing happened in its period, or nothing is known of it. */
export function budgetOf(slo: Objective, counts: WindowCounts): Budget | undefined {
  const period = counts(slo.window)
  const events = expectedEvents(period) * (1 - slo.objective)
  if (!(events > 0)) return undefined
  const left = 1 - period.bad / events
  const burnNow = burnOf(counts(hourMs), slo)
  const endsInMs = endsIn(left, burnNow, slo.window)
  return {
    events,
    left,
    evenBurn: burnOf(period, slo),
    burnNow,
    ...(endsInMs === undefined ? {} : { endsInMs }),
    coverage: period.coverage,
  }
}

/** How fast the budget burns over each window of its alerts of which anything is known, the shortest first. */
export function burnsOf(
  slo: Objective,
  counts: WindowCounts,
): readonly { readonly lengthMs: number; readonly burn: number }[] {
  const lengths = new Set(alertWindows(slo.window).flatMap(({ shortMs, longMs }) => [shortMs, longMs]))
  return [...lengths]
    .toSorted((a, b) => a - b)
    .map((lengthMs) => ({ lengthMs, counted: counts(lengthMs) }))
    .filter(({ counted }) => counted.coverage > 0)
    .map(({ lengthMs, counted }) => ({ lengthMs, burn: burnOf(counted, slo) }))
}
