import type { Crossing } from '../../forecast/index.ts'
import type { Instant } from '../../kernel/index.ts'

const dayMs = 86_400_000

/** What is known to happen at a moment, in the shape of what is only likely: one future, in which it does. */
export function certainly(at: Instant, now: Instant, why: string): Crossing {
  const day = Math.max(0, (at - now) / dayMs)
  const within = (days: number): number => (day < days ? 1 : 0)
  return {
    ...{ is: 'crossing', date: at, early: at, late: at, days: [day], futures: 1, from: now, why },
    within: { 7: within(7), 30: within(30), 90: within(90) },
    horizonDays: Math.ceil(day) + 1,
  }
}
