import { quantileOf } from '../../kernel/index.ts'
import { type EngineEnd, runEngine } from '../engine/engine.ts'
import type { EnginePlan, Load, RequestSpec } from '../engine/engine-plan.ts'
import type { LineGoal } from '../plan/line/index.ts'
import { constant } from '../plan/profile.ts'
import { cpuMsOf } from '../process-cpu.ts'
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

const lateOf = ({ tally: { response } }: EngineEnd, belowMs: number): number =>
  response.upperMs.reduce((sum, upper, i) => sum + (upper > belowMs ? (response.counts[i] ?? 0) : 0), 0)

async function runSlice({ plan, goal, signal }: Slicing, instance: Instance, load: Load): Promise<Slice> {
  const { group } = instance
  const cpuBefore = group === undefined ? undefined : cpuMsOf(group)
  const end = await runEngine({
    plan: {
      ...plan,
      script: toInstance(plan, instance),
      load,
      warmUpMs: settleMs,
      connections: load.model === 'closed' ? load.users : plan.connections,
      timeoutMs: Math.max(1_000, 4 * goal.belowMs),
    },
    ...(signal ? { signal } : {}),
  })
  const cpuAfter = group === undefined ? undefined : cpuMsOf(group)
  const { counts, response, users, warmUp } = end.tally
  const wrong = counts.errors - counts.failed - counts.timedOut - counts.unsent
  return {
    good: Math.max(0, counts.answered - wrong - lateOf(end, goal.belowMs)),
    answered: counts.answered,
    through: plan.script.is === 'scenarios' ? users.passed + users.failed : counts.answered,
    durationMs: end.measuredMs,
    p50Ms: quantileOf(response, 0.5),
    p99Ms: quantileOf(response, 0.99),
    cpuMs: cpuBefore === undefined || cpuAfter === undefined ? undefined : cpuAfter - cpuBefore,
    answeredInAll: counts.answered + warmUp.answered,
    saturated: end.health.some(({ busyMs }) => busyMs > mostBusy * (end.measuredMs + settleMs)),
  }
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
