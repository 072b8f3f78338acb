import type { Crossing, Refusal } from '../../src/forecast/index.ts'
import type { Random } from '../../src/kernel/index.ts'
import { budgetTicketAt, foreseeBudget } from '../../src/predict/index.ts'
import { between, dayMs, normal, type World } from './worlds.ts'

const day = 24
const hourMs = dayMs / day
const promise = { objective: 0.999, window: 28 * dayMs }
const perHour = 10_000
/** Hours of the past that are looked at: eight weeks. */
const lookBack = 56 * day
const ahead = 130

/** When tickets of budgets open and close. */
export const budgetRules = budgetTicketAt

export type Spending = {
  /** Spent of the budget in a period by what is usual. */
  readonly usual: readonly [number, number]
  /** What it becomes, some days before the first look. */
  readonly becomes?: readonly [number, number]
  /** Incidents a month, and the share of the budget that each spends. */
  readonly monthly?: readonly [number, number]
  readonly each?: readonly [number, number]
}

/** Bad events hour by hour; the budget is spent in the hour in which more of the last period is bad than may be. */
export function spending(random: Random, { usual, becomes, monthly, each }: Spending): World & BudgetWorld {
  const known = 60
  const hours = (known + ahead) * day
  const burn = between(random, ...usual)
  const burnThen = becomes ? between(random, ...becomes) : burn
  const changes = (known - between(random, 0, 6)) * day
  const values = new Float64Array(hours)
  const bad = Float64Array.from(values, (_, hour) => {
    const spent = (hour >= changes ? burnThen : burn) * perHour * (1 - promise.objective)
    return Math.round(Math.max(0, spent * (1 + 0.3 * normal(random))))
  })
  const budget = perHour * 28 * day * (1 - promise.objective)
  const rate = monthly ? between(random, ...monthly) / (28 * day) : 0
  for (let hour = 0; rate > 0; ) {
    hour += Math.ceil(-Math.log(1 - random.next()) / rate)
    if (hour >= hours) break
    const lasts = 1 + Math.floor(3 * random.next())
    const spends = between(random, ...(each ?? [0, 0]))
    for (let i = 0; i < lasts && hour + i < hours; i++)
      bad[hour + i] = Math.min(perHour, (bad[hour + i] as number) + Math.round((spends * budget) / lasts))
  }
  // What is spent, as a share of all: it is over at 1.
  let sum = 0
  bad.forEach((failed, hour) => {
    sum += failed - (bad[hour - 28 * day] ?? 0)
    values[hour] = sum > budget ? 1 : sum / budget
  })
  return { values, line: 1, known, deadlines: [], bad }
}

export type BudgetWorld = { readonly bad: Float64Array }

/** What is foreseen of the budget after so many days. */
export function ends(world: World & Partial<BudgetWorld>, days: number): Crossing | Refusal {
  const now = days * dayMs
  const bad = (world.bad ?? new Float64Array()).slice(days * day - lookBack, days * day)
  const hours = {
    from: now - lookBack * hourMs,
    bad,
    total: bad.map(() => perHour),
    known: bad.map(() => 1),
  }
  const around = { now, timeZone: 'Etc/UTC' }
  const found = foreseeBudget({ name: 'a', promise, leastBad: 5, hours, deployed: [] }, around)
  if (found.is === 'foreseen') return found.crossing
  return { is: 'refused', because: 'too-short', why: found.text }
}
