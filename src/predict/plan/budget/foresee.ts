import type { Crossing } from '../../../forecast/index.ts'
import type { Instant } from '../../../kernel/index.ts'
import { aboutText, dateText } from '../dates.ts'
import type { Finding } from '../finding.ts'
import { budgetEnd, horizonDays } from './end.ts'
import {
  type BudgetHours,
  type BudgetPromise,
  costOf,
  hourMs,
  type Spending,
  spendingOf,
} from './spending.ts'

/** Something that was deployed, and when. */
export type Deployed = { readonly name: string; readonly from: Instant; readonly to: Instant }

export type BudgetSeen = {
  readonly name: string
  readonly promise: BudgetPromise
  /** Fewer bad events than these alert nobody. */
  readonly leastBad: number
  readonly hours: BudgetHours
  /** Newest first. */
  readonly deployed: readonly Deployed[]
}

const dayMs = 24 * hourMs
/** Less says nothing of the days to come. */
const leastHours = 72
/** A deployment that spent less is none to be told of. */
const leastCost = 0.01
/** What it spoils shows until so long after its end. */
const afterMs = hourMs

const percent = (share: number): string => `${Number((100 * share).toPrecision(2))} %`

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const weekdayOf = (at: Instant): string => weekdays[new Date(at).getUTCDay()] as string
const clockOf = (at: Instant): string => new Date(at).toISOString().slice(11, 16)
/** Within so many days a weekday is enough to know which. */
const thisWeekMs = 6 * dayMs

/** `Thursday 14:00 UTC (80 %: Wed – Sat)`; farther away, dates. */
export function endText(crossing: Crossing, now: Instant): string | undefined {
  const { date, early, late } = crossing
  if (date === undefined) return undefined
  if (early === undefined || late === undefined || late - now > thisWeekMs) return aboutText(crossing, now)
  const [a, b] = [weekdayOf(early).slice(0, 3), weekdayOf(late).slice(0, 3)]
  const range =
    early - late === 0
      ? ''
      : a === b
        ? ` (80 %: ${clockOf(early)} – ${clockOf(late)})`
        : ` (80 %: ${a} – ${b})`
  return `${weekdayOf(date)} ${clockOf(date)} UTC${range}`
}

function sentence(name: string, { spent }: Spending, crossing: Crossing, now: Instant): string {
  if (spent >= 1) return `its ${name} budget is spent: ${percent(spent)} of it`
  const end = endText(crossing, now)
  return end === undefined
    ? `its ${name} budget is not seen to end within ${horizonDays} days`
    : `its ${name} budget ends ${end}`
}

/** What one more would cost like the newest deployment that spent something. */
function oneMore(spending: Spending, deployed: readonly Deployed[], now: Instant): readonly string[] {
  const costs = deployed.map((one) => ({ ...one, cost: costOf(spending, one.from, one.to + afterMs) }))
  const bad = costs.find(({ cost }) => cost >= leastCost)
  return bad
    ? [`one more like ${bad.name} of ${dateText(bad.from, now)} would spend ${percent(bad.cost)} of it`]
    : []
}

function foundOf(spending: Spending, { promise, deployed }: BudgetSeen, now: Instant): readonly string[] {
  const { spent, incidents, knownHours } = spending
  const lately = costOf({ ...spending, usual: 0 }, now - 3 * dayMs, now)
  const often =
    incidents.length === 1 ? 'once' : incidents.length === 2 ? 'twice' : `${incidents.length} times`
  return [
    `${percent(spent)} of it is spent over ${promise.window / dayMs} days, ${percent(lately)} in the last 3`,
    ...(incidents.length > 0
      ? [`${often} in ${Math.round(knownHours / 24)} days an hour spent 2 % or more, and may again as often`]
      : []),
    ...oneMore(spending, deployed, now),
  ]
}

/** When an error budget ends, and what one more bad deployment costs. */
export function foreseeBudget(seen: BudgetSeen, now: Instant): Finding {
  const { name, promise, leastBad, hours } = seen
  const spending = spendingOf(hours, promise)
  const unknown = (text: string): Finding => ({
    ...{ is: 'unforeseen', kind: 'budget', name },
    text: `its ${name} budget: ${text}`,
  })
  if (spending.knownHours < leastHours)
    return unknown(`${spending.knownHours} of the ${leastHours} hours that it takes are known`)
  if (spending.events < leastBad)
    return unknown(
      `it has so few events that ${Number(spending.events.toPrecision(2))} bad ones are all of it, expected ${leastBad} or more`,
    )
  const crossing = budgetEnd(spending, promise)
  return {
    ...{ is: 'foreseen', kind: 'budget', name, crossing, isThere: spending.spent >= 1 },
    text: sentence(name, spending, crossing, now),
    found: foundOf(spending, seen, now),
    next: 'find out what spends it, and put off risky changes until it is given back; plimsoll slo tells how fast it burns',
  }
}
