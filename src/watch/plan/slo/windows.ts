const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** Periods that an objective may be promised over. */
export const periodsMs = [7 * dayMs, 28 * dayMs, 30 * dayMs] as const

export type Severity = 'page' | 'ticket'

/** One alert of an SLO: the budget burns too fast over a long window, and still does over a short one. */
export type AlertWindow = {
  readonly severity: Severity
  readonly longMs: number
  /** A twelfth of the long one: it is what clears the alert soon after all is well again. */
  readonly shortMs: number
  /** What of the period's budget is spent in the long window when it fires. */
  readonly budgetShare: number
  /** Times as fast as would spend the budget evenly over the period: above this it fires. */
  readonly burn: number
}

/** Chapter 5 of Google's SRE workbook. */
const pairs = [
  { severity: 'page', longMs: hourMs, budgetShare: 0.02 },
  { severity: 'page', longMs: 6 * hourMs, budgetShare: 0.05 },
  { severity: 'ticket', longMs: dayMs, budgetShare: 0.1 },
  { severity: 'ticket', longMs: 3 * dayMs, budgetShare: 0.1 },
] as const

/** The alerts of an SLO, the most urgent first. The same share of the budget is a slower burn of a shorter period. */
export const alertWindows = (periodMs: number): readonly AlertWindow[] =>
  pairs.map((pair) => ({
    ...pair,
    shortMs: pair.longMs / 12,
    burn: (pair.budgetShare * periodMs) / pair.longMs,
  }))

/** The share of events that must be bad for an alert to fire; 1 or more: it never can. */
export const neededBadShare = ({ burn }: AlertWindow, objective: number): number => burn * (1 - objective)

export const canFire = (window: AlertWindow, objective: number): boolean =>
  neededBadShare(window, objective) < 1

/** How long it takes to fire when that share of all events is bad from now on, and none was before; Infinity: it does not. */
export const timeToFireMs = (window: AlertWindow, objective: number, badShare: number): number => {
  const needed = neededBadShare(window, objective)
  return badShare > needed ? (needed / badShare) * window.longMs : Number.POSITIVE_INFINITY
}

/** A window, and the parts by which it is said how much of it is known. */
export type CountedWindow = { readonly lengthMs: number; readonly partMs: number }

/** What is counted of an objective: the windows of its alerts, and its period. */
export function countedWindows(periodMs: number): readonly CountedWindow[] {
  const windows = alertWindows(periodMs)
  const all: readonly CountedWindow[] = [
    ...windows.map(({ shortMs }) => ({ lengthMs: shortMs, partMs: shortMs })),
    // What is short for one alert may be long for another: then how much of it is known counts.
    ...windows.map(({ longMs, shortMs }) => ({ lengthMs: longMs, partMs: shortMs })),
    { lengthMs: periodMs, partMs: hourMs },
  ]
  return [...new Map(all.map((one) => [one.lengthMs, one])).values()]
}

/**
 * Share of a window of which something is known, by its parts: a part counts when anything of it is known.
 * @param knownMs for how long something is
 */
export const coverageOf = ({ lengthMs, partMs }: CountedWindow, knownMs: number): number =>
  Math.min(1, (Math.max(0, Math.ceil(knownMs / partMs - 1e-9)) * partMs) / lengthMs)
