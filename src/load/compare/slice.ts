import { cpuMsOf } from '../../host/process-stats.ts'
import { quantileOf } from '../../kernel/index.ts'
import { runDuet } from '../engine/duet.ts'
import { runEngine } from '../engine/engine.ts'
import type { EnginePlan, Load, RequestSpec } from '../engine/engine-plan.ts'
import type { WholeTally } from '../engine/merge.ts'
import type { Side } from '../plan/compare/index.ts'
import type { LineGoal } from '../plan/line/index.ts'
import { constant } from '../plan/profile.ts'
import type { Instance } from './instance.ts'

/** What one slice of load on one instance showed. */
export type Slice = {
  /** Answered as they should be, within the objective. */
  readonly good: number
  readonly answered: number
  /** What a rate counts: requests, or users of a scenario that came to an end. */
  readonly through: number
  readonly durationMs: number
  readonly p50Ms: number | undefined
  readonly p99Ms: number | undefined
  /** Of the service, over the slice and its settling; undefined where it is not known. */
  readonly cpuMs: number | undefined
  /** All that it answered meanwhile, also while it settled. */
  readonly answeredInAll: number
  /** The generator had no strength left. */
  readonly saturated: boolean
}

/** How slices are made; `plan` says what is sent, its addresses are those of the instance. */
export type Slicing = { readonly plan: EnginePlan; readonly goal: LineGoal; readonly signal?: AbortSignal }

const settleMs = 300
const mostBusy = 0.85

const moved = (url: string, base: string): string => {
  const { pathname, search } = new URL(url)
  return `${base}${pathname}${search}`
}

/** The same requests, sent to this instance. */
function toInstance({ script }: EnginePlan, { url }: Instance): EnginePlan['script'] {
  if (script.is === 'scenarios') return { ...script, baseUrl: url }
  return {
    ...script,
    requests: script.requests.map((one): RequestSpec => ({ ...one, url: moved(one.url, url) })),
  }
}

const lateOf = ({ response }: WholeTally, belowMs: number): number =>
  response.upperMs.reduce((sum, upper, i) => sum + (upper > belowMs ? (response.counts[i] ?? 0) : 0), 0)

/** What was used between two looks; undefined where it is not known. */
const usedMs = (before: number | undefined, after: number | undefined): number | undefined =>
  before === undefined || after === undefined ? undefined : after - before

const cpuOf = ({ group }: Instance): number | undefined => (group === undefined ? undefined : cpuMsOf(group))

type Seen = {
  readonly tally: WholeTally
  readonly measuredMs: number
  readonly cpuMs: number | undefined
  readonly saturated: boolean
}

function sliceOf({ plan, goal }: Slicing, { tally, measuredMs, cpuMs, saturated }: Seen): Slice {
  const { counts, response, users, warmUp } = tally
  const wrong = counts.errors - counts.failed - counts.timedOut - counts.unsent
  return {
    good: Math.max(0, counts.answered - wrong - lateOf(tally, goal.belowMs)),
    answered: counts.answered,
    through: plan.script.is === 'scenarios' ? users.passed + users.failed : counts.answered,
    durationMs: measuredMs,
    p50Ms: quantileOf(response, 0.5),
    p99Ms: quantileOf(response, 0.99),
    cpuMs,
    answeredInAll: counts.answered + warmUp.answered,
    saturated,
  }
}

/** Longer than the objective, so that an answer that comes late is still heard. */
const patienceFor = ({ belowMs }: LineGoal): number => Math.max(1_000, 4 * belowMs)

async function runSlice(how: Slicing, instance: Instance, load: Load): Promise<Slice> {
  const { plan, goal, signal } = how
  const cpuBefore = cpuOf(instance)
  const { tally, measuredMs, health } = await runEngine({
    plan: {
      ...plan,
      script: toInstance(plan, instance),
      load,
      warmUpMs: settleMs,
      connections: load.model === 'closed' ? load.users : plan.connections,
      timeoutMs: patienceFor(goal),
    },
    ...(signal ? { signal } : {}),
  })
  return sliceOf(how, {
    tally,
    measuredMs,
    cpuMs: usedMs(cpuBefore, cpuOf(instance)),
    saturated: health.some(({ busyMs }) => busyMs > mostBusy * (measuredMs + settleMs)),
  })
}

/** How two instances take turns. */
export type Turns = {
  /** Of each, so many wait for their answers. */
  readonly users: Readonly<Record<Side, number>>
  readonly turnMs: number
  /** Of each, those that count. */
  readonly turns: number
  /** Of each, before them. */
  readonly warmUpMs: number
}

/**
 * Both asked for all that they have, in turns so short that what slows the machine for longer slows both alike.
 * @param order who begins
 */
export async function slicesInTurn(
  how: Slicing,
  sides: Readonly<Record<Side, Instance>>,
  order: readonly [Side, Side],
  { users, turnMs, turns, warmUpMs }: Turns,
): Promise<Record<Side, Slice>> {
  const planFor = (side: Side) => ({
    ...how.plan,
    script: toInstance(how.plan, sides[side]),
    users: users[side],
    thinkMs: 0,
    connections: users[side],
    warmUpMs: 2 * warmUpMs,
    timeoutMs: patienceFor(how.goal),
  })
  const before = { base: cpuOf(sides.base), change: cpuOf(sides.change) }
  const {
    sides: found,
    health,
    lastedMs,
  } = await runDuet({
    plans: [planFor(order[0]), planFor(order[1])],
    turnMs,
    turns,
    ...(how.signal ? { signal: how.signal } : {}),
  })
  const saturated = health.busyMs > mostBusy * lastedMs
  const one = (at: 0 | 1): Slice =>
    sliceOf(how, { ...found[at], saturated, cpuMs: usedMs(before[order[at]], cpuOf(sides[order[at]])) })
  return order[0] === 'base' ? { base: one(0), change: one(1) } : { base: one(1), change: one(0) }
}

/** So many users who wait for their answers: what the instance carries when it is asked for all that it has. */
export const closedSlice = (how: Slicing, to: Instance, users: number, durationMs: number): Promise<Slice> =>
  runSlice(how, to, { model: 'closed', users, thinkMs: 0, durationMs })

/** A rate, whatever becomes of the answers: how long they take. */
export const openSlice = (
  how: Slicing,
  to: Instance,
  ratePerSecond: number,
  durationMs: number,
): Promise<Slice> =>
  runSlice(how, to, { model: 'open', stages: constant(ratePerSecond, durationMs), arrivals: 'poisson' })
