import type { LineObservation, LineStep } from './observation.ts'
import { within } from './options.ts'
import { flagged, inPhase, type LinePhase, type LineState } from './state.ts'

type Ladder = Extract<LinePhase, { is: 'ladder' }>

const rungMs = 3_000
const leastGain = 1.05
const mostUsers = 1_024

export const ladderStep = ({ users }: Ladder): LineStep => ({ is: 'closed', users, durationMs: rungMs })

/** The most that a rung carried; what was expected, or the least there is, when none did. */
export const seedOf = (state: LineState): number =>
  Math.max(0, ...state.rungs.map((rung) => rung.answeredPerSecond)) ||
  (state.plan.expectedPerSecond ?? state.plan.minPerSecond)

/** From a quarter of the seed: well below the line, so that the first trial says what good looks like. */
export const toBracket = (state: LineState): LineState =>
  inPhase(state, { is: 'bracket', ratePerSecond: within(state.plan, seedOf(state) / 4) })

export function afterRung(state: LineState, { users }: Ladder, o: LineObservation): LineState {
  const before = Math.max(0, ...state.rungs.map((rung) => rung.answeredPerSecond))
  const rung = { users, answeredPerSecond: o.answeredPerSecond, p50Ms: o.p50Ms, p99Ms: o.p99Ms }
  if (o.generator.is === 'saturated')
    return toBracket(flagged(state, `the ladder ended at ${users} users: the generator was saturated`))
  const next = { ...state, rungs: [...state.rungs, rung] }
  const enough = o.answeredPerSecond < before * leastGain || o.answeredPerSecond >= state.plan.maxPerSecond
  // A closed ladder always finds some rate; the eighth of the budget it may cost is worth more later.
  const late = state.spentMs > state.plan.budgetMs / 4
  return enough || late || users >= mostUsers
    ? toBracket(next)
    : inPhase(next, { is: 'ladder', users: users * 2 })
}
