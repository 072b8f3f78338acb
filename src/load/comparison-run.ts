import { PlimsollError } from '../kernel/index.ts'
import { type Instance, type Service, startInstance } from './compare/instance.ts'
import { type RoundPlan, runRound, type Starters } from './compare/round.ts'
import { closedSlice, type Slicing } from './compare/slice.ts'
import type { EnginePlan } from './engine/engine-plan.ts'
import { onStage } from './load-test.ts'
import {
  addRound,
  beginComparison,
  type CompareOptions,
  type Comparison,
  type ComparisonState,
  nextRound,
} from './plan/compare/index.ts'
import type { LineGoal } from './plan/line/index.ts'

/** One of the two: started afresh for each round, or an address that runs already and only is asked. */
export type ComparedSide =
  | { readonly is: 'service'; readonly service: Service }
  | { readonly is: 'address'; readonly url: string }

export type ComparisonRun = {
  readonly base: ComparedSide
  readonly change: ComparedSide
  /** What is sent; its addresses are replaced by those of the instances. */
  readonly plan: EnginePlan
  readonly goal: LineGoal
  readonly options: CompareOptions
  /** No more than this rate is sent to an address. */
  readonly mostPerSecond?: number
}

export type ComparisonProgress = {
  readonly onRound?: (state: ComparisonState, elapsedMs: number) => void
  readonly signal?: AbortSignal
}

export type ComparisonEnd = Comparison | { readonly is: 'interrupted' }

const start = async (side: ComparedSide): Promise<Instance> =>
  side.is === 'service'
    ? startInstance(side.service)
    : { url: side.url.replace(/\/$/, ''), group: undefined, stop: async () => {} }

const rungMs = 1_000
const leastGain = 1.05
const mostUsers = 256

/**
 * How many users the base needs to give all that it has: twice as many, again and again, until that brings no more. Not
 * so many that half of the objective is spent waiting for each other.
 */
async function findUsers(how: Slicing, base: Instance): Promise<{ users: number; perSecond: number }> {
  await closedSlice(how, base, 4, 2_000)
  let best = { users: 1, perSecond: 0 }
  for (let users = 1; users <= mostUsers; users *= 2) {
    const { good, durationMs, p99Ms } = await closedSlice(how, base, users, rungMs)
    const perSecond = (1_000 * good) / durationMs
    if (perSecond > best.perSecond) best = { users, perSecond }
    const enough = perSecond < best.perSecond / leastGain || (users >= 4 * best.users && users > 4)
    if (enough || (p99Ms ?? Number.POSITIVE_INFINITY) > how.goal.belowMs / 2) break
  }
  return best
}

const usual = { slices: 3, sliceMs: 1_000, openMs: 2_000, warmUpMs: 1_500 }

async function planRounds(
  how: Slicing,
  starters: Starters,
  mostPerSecond: number | undefined,
): Promise<RoundPlan> {
  if (mostPerSecond !== undefined)
    return { ...how, ...usual, mostPerSecond, users: 1, ratePerSecond: mostPerSecond / 2 }
  const base = await starters.base()
  try {
    const { users, perSecond } = await findUsers(how, base)
    if (perSecond <= 0)
      throw new PlimsollError('PLM_LOAD_TARGET', 'the base answered no request within the objective')
    return { ...how, ...usual, users, ratePerSecond: Math.max(1, perSecond / 2) }
  } finally {
    await base.stop()
  }
}

/**
 * Compares what two releases carry, round by round, side by side in fresh instances, until there is a verdict or the
 * budget is over.
 * @throws PLM_LOAD_TARGET when a side does not start, PLM_LOAD_SCENARIO when the scenario cannot be used
 */
export function runComparison(
  { base, change, plan, goal, options, mostPerSecond }: ComparisonRun,
  { onRound, signal }: ComparisonProgress = {},
): Promise<ComparisonEnd> {
  const began = performance.now()
  const elapsed = () => performance.now() - began
  const starters = { base: () => start(base), change: () => start(change) }
  return onStage(plan, async (ready) => {
    const how = { plan: ready, goal, ...(signal ? { signal } : {}) }
    const roundPlan = await planRounds(how, starters, mostPerSecond)
    let state = beginComparison(options)
    for (;;) {
      onRound?.(state, elapsed())
      const next = nextRound(state, elapsed())
      if (next.is === 'verdict') return next.comparison
      const at = elapsed()
      const round = await runRound(roundPlan, starters, next.order)
      if (signal?.aborted) return { is: 'interrupted' }
      state = addRound(state, round, elapsed() - at)
    }
  })
}
