import { seededRandom } from '../../../kernel/index.ts'
import { beginLine, nextStep, observe } from './line.ts'
import type { LineGoal, LineOptions } from './options.ts'
import { closedTrial, openTrial, type SimulatedQueue } from './queue.fixture.ts'
import type { LineResult } from './result.ts'

/** A queue with the rate that is known to be its load line. */
export type KnownService = {
  readonly name: string
  readonly queue: SimulatedQueue
  readonly goal: LineGoal
  /** The rate at which the expected share of bad requests equals the budget. */
  readonly knownPerSecond: number
}

const mostSteps = 500

/** One whole search against a simulated queue, in virtual time. */
export function searchLine(
  { queue, goal }: Pick<KnownService, 'queue' | 'goal'>,
  seed: number,
  options: Partial<LineOptions> = {},
): LineResult {
  const random = seededRandom(seed).fork('service')
  let state = beginLine({ goal, minPerSecond: 10, maxPerSecond: 10_000, budgetMs: 480_000, seed, ...options })
  for (let step = 0; step < mostSteps; step++) {
    const next = nextStep(state)
    if (next.is === 'result') return next.result
    const atS = state.spentMs / 1_000
    const durationS = next.durationMs / 1_000
    const belowS = goal.belowMs / 1_000
    const settleS = 'settleMs' in next ? next.settleMs / 1_000 : 0
    const observation =
      next.is === 'closed'
        ? closedTrial(queue, next.users, durationS, random)
        : openTrial(queue, { ratePerSecond: next.ratePerSecond, settleS, durationS, belowS, atS }, random)
    // As through a journal: what is not plain JSON is lost.
    state = JSON.parse(JSON.stringify(observe(state, observation)))
  }
  throw new Error(`the search did not end after ${mostSteps} steps`)
}
