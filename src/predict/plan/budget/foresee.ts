import type { Crossing } from '../../../forecast/index.ts'
import { type Instant, zoneName } from '../../../kernel/index.ts'
import { type Around, aboutMomentText, clockText, dateText, weekdayText, zoneFound } from '../dates.ts'
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
/** What is less likely is not worth a word. */
const worthSaying = 0.1
/**
 * One incident ends a budget, or none comes: until it does, that is hardly ever as likely as not. A budget of which a third of the futures
 * have seen the end is worth a ticket, until nearly none have.
 */
export const budgetTicketAt = { openAt: 0.3, closeAt: 0.1 }
/** What it spoils shows until so long after its end. */
const afterMs = hourMs

const percent = (share: number): string => `${Number((100 * share).toPrecision(2))} %`

/** Within so many days a weekday is enough to know which. */
const thisWeekMs = 6 * dayMs

/** `Thursday 14:00 UTC (80 %: Wed – Sat)`; farther away, dates. */
export function endText(crossing: Crossing, around: Around): string | undefined {
  const { date, early, late } = crossing
  if (date === undefined) return undefined
  if (early === undefined || late === undefined || late - around.now > thisWeekMs)
    return aboutMomentText(crossing, around)
  const [a, b] = [weekdayText(early, around).slice(0, 3), weekdayText(late, around).slice(0, 3)]
  const range =
    early - late === 0
      ? ''
      : a === b
        ? ` (80 %: ${clockText(early, around)} – ${clockText(late, around)})`
        : ` (80 %: ${a} – ${b})`
  return `${weekdayText(date, around)} ${clockText(date, around)} ${zoneName(around.timeZone)}${range}`
}

function sentence(name: string, { spent }: Spending, crossing: Crossing, around: Around): string {
  if (spent >= 1) return `its ${name} budget is spent: ${percent(spent)} of it`
  const end = endText(crossing, around)
  if (end !== undefined) return `its ${name} budget ends ${end}`
  const chance = crossing.within[90]
  return chance < worthSaying
    ? `its ${name} budget is not seen to end within ${horizonDays} days`
    : `its ${name} budget may end, and more likely does not: in ${percent(chance)} of futures it does within ${horizonDays} days`
}

/** The newest incident that spent as much as is left. */
function endedByOne(spending: Spending, around: Around): readonly string[] {
  const { from, incidents, spent } = spending
  const left = 1 - spent
  const found = incidents.findLast(
    ({ begin, end }) => costOf(spending, from + begin * hourMs, from + end * hourMs) >= left,
  )
  if (!found || left <= 0) return []
  const begin = from + found.begin * hourMs
  const cost = costOf(spending, begin, from + found.end * hourMs)
  return [
    `one more incident like that of ${dateText(begin, around)}, which spent ${percent(cost)} of it, ends it: ${percent(left)} is left`,
  ]
}

/** What one more would cost like the newest deployment that spent something. */
function oneMore(spending: Spending, deployed: readonly Deployed[], around: Around): readonly string[] {
  const costs = deployed.map((one) => ({ ...one, cost: costOf(spending, one.from, one.to + afterMs) }))
  const bad = costs.find(({ cost }) => cost >= leastCost)
  return bad
    ? [`one more like ${bad.name} of ${dateText(bad.from, around)} would spend ${percent(bad.cost)} of it`]
    : []
}

function foundOf(spending: Spending, { promise, deployed }: BudgetSeen, around: Around): readonly string[] {
  const { spent, incidents, knownHours } = spending
  const lately = costOf({ ...spending, usual: 0 }, around.now - 3 * dayMs, around.now)
  const often =
    incidents.length === 1 ? 'once' : incidents.length === 2 ? 'twice' : `${incidents.length} times`
  return [
    `${percent(spent)} of it is spent over ${promise.window / dayMs} days, ${percent(lately)} in the last 3`,
    ...(incidents.length > 0
      ? [`${often} in ${Math.round(knownHours / 24)} days an hour spent 2 % or more, and may again as often`]
      : []),
    ...endedByOne(spending, around),
    ...oneMore(spending, deployed, around),
    ...zoneFound(around),
  ]
}

/** When an error budget ends, and what one more bad deployment costs. */
export function foreseeBudget(seen: BudgetSeen, around: Around): Finding {
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
    text: sentence(name, spending, crossing, around),
    found: foundOf(spending, seen, around),
    ticketAt: budgetTicketAt,
    next: 'find out what spends it, and put off risky changes until it is given back; plimsoll slo tells how fast it burns',
  }
}
