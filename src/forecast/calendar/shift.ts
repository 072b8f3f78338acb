import type { Level, Outlook } from '../outlook.ts'
import { dayMs, type SpecialDay } from './day.ts'
import { effectOf, type Grid, likeDayOffset, stepsOf } from './effects.ts'

type Known = {
  readonly grid: Grid
  /** On the model's scale; NaN where nothing was seen. */
  readonly seen: Float64Array
  /** The same without special days, gaps filled. */
  readonly usual: Float64Array
  readonly days: readonly SpecialDay[]
  /** Steps of the forecast; the outlook may be longer. */
  readonly horizon: number
}

/** From which step of the outlook a step takes its number, and what is added to it. */
type Plan = { readonly source: Int32Array; readonly added: Float64Array; readonly notes: string[] }

function planDay(known: Known, day: SpecialDay, plan: Plan): void {
  const { grid, seen, usual, days, horizon } = known
  const [first, last] = stepsOf(grid, day).map((step) => step - usual.length) as [number, number]
  if (last <= 0 || first >= horizon) return
  const [begin, end] = [Math.max(0, first), Math.min(horizon, last)]
  if (day.like !== undefined) {
    const offset = likeDayOffset(day, days)
    if (offset === undefined) return
    const away = Math.round((offset * dayMs) / grid.stepMs)
    for (let step = begin; step < end; step++) plan.source[step] = step + away
    plan.notes.push(`${day.kind} taken for a ${day.like}`)
    return
  }
  const effect = effectOf(grid, seen, usual, days, day.kind)
  if (!effect) {
    plan.notes.push(`no ${day.kind} has been seen, so it is taken for a usual day`)
    return
  }
  for (let step = begin; step < end; step++) plan.added[step] = effect.byStep[step - first] ?? 0
  plan.notes.push(`${day.kind} like ${effect.days} seen before`)
}

const anything = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const

/** An outlook of usual days with each special day put in its place. */
export function shifted(
  known: Known,
  outlook: Outlook,
): { readonly outlook: Outlook; readonly notes: string[] } {
  const { horizon, usual } = known
  const plan: Plan = {
    source: Int32Array.from({ length: horizon }, (_, step) => step),
    added: new Float64Array(horizon),
    notes: [],
  }
  for (const day of known.days) planDay(known, day, plan)
  const centreAt = (step: number): number =>
    (step >= 0 ? outlook.centre[step] : usual[usual.length + step]) ?? 0
  const widthAt = (level: Level, step: number): number =>
    outlook.halfWidth(level, Math.min(outlook.centre.length - 1, Math.max(step, plan.source[step] ?? step)))
  const { usual: keepsTo } = outlook
  return {
    outlook: {
      ...outlook,
      centre: Float64Array.from(
        plan.source,
        (source, step) => centreAt(source) + (plan.added[step] as number),
      ),
      halfWidth: widthAt,
      // What a special day does was not seen on the others.
      ...(keepsTo && { usual: (step: number) => (plan.added[step] === 0 ? keepsTo(step) : anything) }),
    },
    notes: [...new Set(plan.notes)],
  }
}
