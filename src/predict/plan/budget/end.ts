import { type Crossing, outcomeOf } from '../../../forecast/index.ts'
import { type Random, seededRandom } from '../../../kernel/index.ts'
import { certainly } from '../certain.ts'
import { type BudgetPromise, hourMs, type Spending } from './spending.ts'

const day = 24
const futures = 400
export const horizonDays = 90
/** Nobody knows for how many days it has been as it is now; each future takes one of these for true. */
const latelyDays = [1, 2, 3, 5, 7] as const

/** A whole number by its mean (Knuth). */
function poisson(mean: number, random: Random): number {
  const limit = Math.exp(-Math.min(mean, 500))
  let [count, product] = [0, random.next()]
  while (product > limit) {
    count++
    product *= random.next()
  }
  return count
}

const pick = <T>(all: readonly T[], random: Random): T => all[Math.floor(random.next() * all.length)] as T

/** An incident that goes on: the longer it has, the longer it will. */
const remaining = (age: number, random: Random): number => age * (1 / (1 - random.next()) - 1)

/** Bad events of each past hour, had there been no incidents. */
function withoutIncidents({ total, bad, incidents, usual }: Spending): Float64Array {
  const failed = bad.slice()
  for (const { begin, end } of incidents)
    for (let hour = begin; hour < end; hour++) failed[hour] = usual * (total[hour] as number)
  return failed
}

/** All events of the hours to come, and those that are bad: the past stands before them. */
type Ahead = { readonly total: Float64Array; readonly bad: Float64Array }

/** Days as they were lately. */
function drawDays({ total }: Spending, failed: Float64Array, random: Random, into: Ahead): void {
  const days = Math.min(pick(latelyDays, random), Math.floor(total.length / day))
  for (let hour = total.length; hour < into.total.length; hour += day) {
    const begin = total.length - day * (1 + Math.floor(random.next() * days))
    into.total.set(total.subarray(begin, begin + day), hour)
    into.bad.set(failed.subarray(begin, begin + day), hour)
  }
}

/** Incidents: one that goes on, and others as often and as bad as there were. */
function drawIncidents({ total, bad, incidents, knownHours }: Spending, random: Random, into: Ahead): void {
  const last = incidents.at(-1)
  if (!last) return
  const add = (hour: number, failed: number): void => {
    const most = into.total[hour] as number
    into.bad[hour] = Math.min(most, (into.bad[hour] as number) + failed)
  }
  const hours = into.total.length
  let hour = total.length
  if (last.end === total.length) {
    const until = Math.min(hours, hour + remaining(last.end - last.begin, random))
    for (; hour < until; hour++) add(hour, bad[total.length - 1] as number)
  }
  const chance = poisson(incidents.length, random) / Math.max(1, knownHours)
  if (chance === 0) return
  // The time until the next is as memoryless as they are rare.
  for (;;) {
    hour += Math.ceil(-Math.log(1 - random.next()) / chance)
    if (hour >= hours) return
    const { begin, end } = pick(incidents, random)
    for (let past = begin; past < end && hour < hours; past++) add(hour++, bad[past] as number)
  }
}

/** The hour, from now, in which more is spent than there is; what was spent a period ago is given back. */
function endOf({ total, bad }: Ahead, now: number, { objective, window }: BudgetPromise): number | undefined {
  const period = window / hourMs
  let [all, failed] = [0, 0]
  for (let hour = Math.max(0, now - period); hour < now; hour++) {
    all += total[hour] as number
    failed += bad[hour] as number
  }
  for (let hour = now; hour < total.length; hour++) {
    all += (total[hour] as number) - (total[hour - period] ?? 0)
    failed += (bad[hour] as number) - (bad[hour - period] ?? 0)
    if (failed > (1 - objective) * all) return hour - now
  }
  return undefined
}

/** The days after which the budget ends, of the futures in which it does. */
function simulate(spending: Spending, promise: BudgetPromise, random: Random): readonly number[] {
  const now = spending.total.length
  const ahead: Ahead = {
    total: new Float64Array(now + horizonDays * day),
    bad: new Float64Array(now + horizonDays * day),
  }
  ahead.total.set(spending.total)
  ahead.bad.set(spending.bad)
  const failed = withoutIncidents(spending)
  return Array.from({ length: futures }, () => {
    drawDays(spending, failed, random, ahead)
    drawIncidents(spending, random, ahead)
    return endOf(ahead, now, promise)
  }).flatMap((hour) => (hour === undefined ? [] : [hour / day]))
}

/**
 * When an error budget ends: hours to come are drawn from those of the last days, incidents from all that is known, and the
 * period rolls on with them.
 */
export function budgetEnd(spending: Spending, promise: BudgetPromise, seed = 1): Crossing {
  const now = spending.from + spending.total.length * hourMs
  if (spending.spent >= 1) return certainly(now, now, 'it is spent')
  return outcomeOf(simulate(spending, promise, seededRandom(seed)), {
    ...{ futures, from: now, horizonDays },
    why: 'days to come are drawn from the last seven',
  })
}
