import { PlimsollError } from '../kernel/index.ts'
import { type Cores, shareCores } from './compare/cores.ts'
import { type Instance, type Service, startInstance } from './compare/instance.ts'
import { type RoundPlan, runRound, type Starters } from './compare/round.ts'
import { closedSlice, openSlice, type Slicing } from './compare/slice.ts'
import type { EnginePlan } from './engine/engine-plan.ts'
import { onStage } from './load-test.ts'
import {
  addRound,
  beginComparison,
  type CompareOptions,
  type Comparison,
  type ComparisonState,
  nextRound,
  type Round,
  type Side,
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

/** What was found, and every round that it was found by. */
export type ComparisonEnd =
  | { readonly is: 'compared'; readonly comparison: Comparison; readonly rounds: readonly Round[] }
  | { readonly is: 'interrupted' }

const start = async (side: ComparedSide, cores: Cores | undefined): Promise<Instance> =>
  side.is === 'service'
    ? startInstance(side.service, cores)
    : { url: side.url.replace(/\/$/, ''), group: undefined, stop: async () => {} }

/** How long the parts of a round last; `fullMs` of each side, in turns. */
type Lengths = Pick<RoundPlan, 'openMs' | 'warmUpMs'> & { readonly fullMs: number; readonly rungMs: number }

const usual: Lengths = { fullMs: 5_000, openMs: 1_500, warmUpMs: 1_000, rungMs: 1_000 }
/** What a usual round takes, with starts, settling and stops. */
const usualRoundMs = 19_500
const shortest = 0.35

/**
 * Short budgets get short rounds: a verdict needs ten of them, and some may not count. More rounds tell more than longer
 * ones, until what is measured in a round is mostly its beginning.
 */
function lengthsFor({ budgetMs, minRounds }: CompareOptions): Lengths {
  const share = Math.min(1, Math.max(shortest, budgetMs / (1.4 * minRounds * usualRoundMs)))
  const scaled = (ms: number) => Math.round(ms * share)
  return {
    fullMs: scaled(usual.fullMs),
    openMs: scaled(usual.openMs),
    warmUpMs: scaled(usual.warmUpMs),
    rungMs: scaled(usual.rungMs),
  }
}

/**
 * The shorter the turns, the less of what slows the machine meets one side alone: with turns of 50 ms the ratio of two
 * equal releases differs from round to round by half as much as with 150 ms. But several requests long.
 */
const [shortestTurnMs, longestTurnMs, answersInTurn] = [40, 1_000, 4]

/** So many turns of both take as long as they are meant to; their last answers belong to them. */
function turnsOf(fullMs: number, p50Ms: Readonly<Record<Side, number>>): Pick<RoundPlan, 'turns' | 'turnMs'> {
  const { base, change } = p50Ms
  const longer = answersInTurn * Math.max(base, change)
  const turnMs = Math.round(Math.min(longestTurnMs, Math.max(shortestTurnMs, longer)))
  return { turnMs, turns: Math.max(2, Math.round((2 * fullMs) / (2 * turnMs + base + change))) }
}

const leastGain = 1.05
const mostUsers = 256

/** What the base gives when so many users ask it, per second. */
type Rung = {
  readonly users: number
  readonly good: number
  readonly through: number
  readonly p50Ms: number
}

/**
 * How many users the base needs to give all that it has: twice as many, again and again, until that brings no more. Not
 * so many that half of the objective is spent waiting for each other.
 */
async function findUsers(how: Slicing, base: Instance, { rungMs, warmUpMs }: Lengths): Promise<Rung> {
  await closedSlice(how, base, 4, warmUpMs)
  let best: Rung = { users: 1, good: 0, through: 0, p50Ms: 0 }
  for (let users = 1; users <= mostUsers; users *= 2) {
    const slice = await closedSlice(how, base, users, rungMs)
    const perSecond = (count: number) => (1_000 * count) / slice.durationMs
    const good = perSecond(slice.good)
    if (good > best.good) best = { users, good, through: perSecond(slice.through), p50Ms: slice.p50Ms ?? 0 }
    const enough = good < best.good / leastGain || (users >= 4 * best.users && users > 4)
    if (enough || (slice.p99Ms ?? Number.POSITIVE_INFINITY) > how.goal.belowMs / 2) break
  }
  return best
}

/** Before anything is known of a scenario so few of its users begin. */
const carefulShare = 0.05
const carefulMs = 4_000

/** The rate that sends no more than so many requests a second: users of a scenario send several each. */
async function rateWithin(how: Slicing, base: Instance, mostPerSecond: number): Promise<number> {
  if (how.plan.script.is === 'requests') return mostPerSecond
  const { answered, through } = await openSlice(how, base, mostPerSecond * carefulShare, carefulMs)
  if (through === 0)
    throw new PlimsollError(
      'PLM_LOAD_TARGET',
      'no user of the scenario came to its end, so nobody knows what one sends',
    )
  return mostPerSecond / Math.max(1, answered / through)
}

/** Of what the base answers in time; with fewer good answers than this a change is asked by fewer users. */
const mostlyGood = 0.5

/**
 * As many users as the base has, so that both are asked alike; fewer only where they would keep the change from answering
 * in time: a slow one carries less, and not nothing.
 */
async function usersFor(how: Slicing, change: Instance, users: number, { rungMs, warmUpMs }: Lengths) {
  await closedSlice(how, change, Math.min(4, users), warmUpMs)
  for (let fewer = users; fewer > 1; fewer = Math.floor(fewer / 2)) {
    const { good, answered, p50Ms } = await closedSlice(how, change, fewer, rungMs)
    if (good > mostlyGood * answered) return { users: fewer, p50Ms: p50Ms ?? 0 }
  }
  return { users: 1, p50Ms: 0 }
}

async function withInstance<T>(
  starter: () => Promise<Instance>,
  work: (one: Instance) => Promise<T>,
): Promise<T> {
  const instance = await starter()
  return work(instance).finally(() => instance.stop())
}

const plainRound = ({ order, base, change, void: because }: Round): Round => ({
  order,
  base,
  change,
  ...(because === undefined ? {} : { void: because }),
})

async function planRounds(
  how: Slicing,
  starters: Starters,
  options: CompareOptions,
  mostPerSecond: number | undefined,
): Promise<RoundPlan> {
  const lengths = lengthsFor(options)
  const { fullMs, openMs, warmUpMs } = lengths
  const known = { ...how, openMs, warmUpMs }
  if (mostPerSecond !== undefined) {
    const most = await withInstance(starters.base, (base) => rateWithin(how, base, mostPerSecond))
    const users = { base: 1, change: 1 }
    const turns = turnsOf(fullMs, { base: 0, change: 0 })
    return { ...known, ...turns, mostPerSecond: most, users, ratePerSecond: most / 2 }
  }
  const found = await withInstance(starters.base, (base) => findUsers(how, base, lengths))
  if (found.good <= 0)
    throw new PlimsollError('PLM_LOAD_TARGET', 'the base answered no request within the objective')
  const change = await withInstance(starters.change, (one) => usersFor(how, one, found.users, lengths))
  return {
    ...known,
    ...turnsOf(fullMs, { base: found.p50Ms, change: change.p50Ms }),
    users: { base: found.users, change: change.users },
    ratePerSecond: Math.max(1, found.through / 2),
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
  const cores = base.is === 'service' && change.is === 'service' ? shareCores() : undefined
  const starters = { base: () => start(base, cores), change: () => start(change, cores) }
  return onStage(plan, async (ready) => {
    const how = { plan: ready, goal, ...(signal ? { signal } : {}) }
    const roundPlan = await planRounds(how, starters, options, mostPerSecond)
    let state = beginComparison(options)
    for (;;) {
      onRound?.(state, elapsed())
      const next = nextRound(state, elapsed())
      if (next.is === 'verdict')
        return { is: 'compared', comparison: next.comparison, rounds: state.rounds.map(plainRound) }
      const at = elapsed()
      const round = await runRound(roundPlan, starters, next.order)
      if (signal?.aborted) return { is: 'interrupted' }
      state = addRound(state, round, elapsed() - at)
    }
  })
}
