import {
  type Crossing,
  crossing,
  type Refusal,
  runsOut,
  type SpecialDay,
  type TicketRules,
} from '../../src/forecast/index.ts'
import type { Random } from '../../src/kernel/index.ts'
import { budgetRules, ends, spending } from './budgets.ts'
import { leak } from './leaks.ts'
import { dayMs, filling, historyOf, requests, type World } from './worlds.ts'

export type Look = (world: World, days: number) => Crossing | Refusal
export type Family = {
  readonly make: (random: Random) => World
  readonly look: Look
  /** As its own finding has it. */
  readonly rules?: TicketRules
}

const deadlinesOf = ({ deadlines }: World): readonly SpecialDay[] =>
  deadlines.map((day) => ({ from: day * dayMs, kind: 'deadline' }))

const crosses: Look = (world, days) =>
  crossing(historyOf(world, days), world.line, { days: deadlinesOf(world) })
const fills: Look = (world, days) => runsOut(historyOf(world, days), world.line)
/** What reaches its limit is killed. */
const leaks: Look = (world, days) => runsOut(historyOf(world, days), world.line, { killsFrom: 0.98 })

/** What is coming. */
export const growing: Readonly<Record<string, Family>> = {
  'growth, weekdays': { make: (random) => requests(random, {}), look: crosses },
  'and deadlines': { make: (random) => requests(random, { hasDeadlines: true }), look: crosses },
  'and a change of level': { make: (random) => requests(random, { hasShift: true }), look: crosses },
  'growth that wanders': { make: (random) => requests(random, { wander: 0.02 }), look: crosses },
  'disk that fills': { make: (random) => filling(random, {}), look: fills },
  'disk with clean-ups': { make: (random) => filling(random, { cleanUps: 'some' }), look: fills },
  'leak with restarts': { make: (random) => filling(random, { cleanUps: 'to the ground' }), look: leaks },
}

/** Asked for tickets only. */
export const rare: Readonly<Record<string, Family>> = {
  'leak its limit ends': {
    make: (random) => leak(random, { every: [500, 500], room: [0.01, 0.05] }),
    look: leaks,
  },
  'and restarts, too late': { make: (random) => leak(random, { room: [0.7, 1.3] }), look: leaks },
  'and a pause of restarts': {
    make: (random) => leak(random, { room: [1.6, 4], pauses: true }),
    look: leaks,
  },
  'budget, faster': {
    make: (random) => spending(random, { usual: [0.1, 0.6], becomes: [1.2, 3] }),
    look: ends,
    rules: budgetRules,
  },
  'budget, incidents': {
    make: (random) => spending(random, { usual: [0.05, 0.4], monthly: [0.7, 2], each: [0.15, 0.6] }),
    look: ends,
    rules: budgetRules,
  },
}

/** What does not come. */
export const flat: Readonly<Record<string, Family>> = {
  'no growth, line near': {
    make: (random) => requests(random, { growth: [0, 0], room: [1.35, 1.8], hasDeadlines: false }),
    look: crosses,
  },
  'no growth, wanders': {
    make: (random) => requests(random, { growth: [0, 0], wander: 0.02, room: [1.6, 2.2] }),
    look: crosses,
  },
  'growth, line far': { make: (random) => requests(random, { daysAway: [150, 190] }), look: crosses },
  'and deadlines, line near': {
    make: (random) => requests(random, { growth: [0, 0], room: [2, 2.6], hasDeadlines: true }),
    look: crosses,
  },
  'leak restarted in time': { make: (random) => leak(random, { room: [1.6, 4] }), look: leaks },
  'budget burned evenly': {
    make: (random) => spending(random, { usual: [0.3, 0.9] }),
    look: ends,
    rules: budgetRules,
  },
  'budget, small incidents': {
    make: (random) => spending(random, { usual: [0.05, 0.4], monthly: [0.5, 1.2], each: [0.05, 0.2] }),
    look: ends,
    rules: budgetRules,
  },
  'full but steady disk': { make: (random) => filling(random, { isFlat: true }), look: fills },
}
