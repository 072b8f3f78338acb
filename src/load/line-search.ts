import { runEngine } from './engine/engine.ts'
import type { EnginePlan, Load } from './engine/engine-plan.ts'
import { onStage } from './load-test.ts'
import { watchNoise } from './machine-noise.ts'
import { observationOf, type WatchedSecond } from './observe.ts'
import {
  beginLine,
  type LineObservation,
  type LineOptions,
  type LineResult,
  type LineState,
  type LineStep,
  nextStep,
  observe,
} from './plan/line/index.ts'
import { constant } from './plan/profile.ts'
import {
  processesBehind,
  processesOfContainer,
  processesOfGroup,
  type ServiceProcesses,
  type WatchedContainer,
  watchParts,
} from './service/index.ts'

export type LineSearch = {
  /** An address, or the name of a scenario's file: for people. */
  readonly target: string
  /** What is sent and how; the search chooses the load. */
  readonly plan: EnginePlan
  readonly options: LineOptions
  /**
   * The service's process group, and the cores that it may use; or its containers. Without it the processes are looked for
   * that listen where the load goes, when that is on this machine.
   */
  readonly service?:
    | { readonly group: number; readonly cores: number }
    | { readonly containers: readonly WatchedContainer[] }
}

export type LineSearchOptions = {
  /** Told before each step, with what is known so far. */
  readonly onStep?: (step: LineStep, state: LineState) => void
  readonly signal?: AbortSignal
}

/** What was found, or that it was interrupted, which finds nothing. */
export type LineSearchEnd = LineResult | { readonly is: 'interrupted' }

const loadOf = (step: LineStep): Load =>
  step.is === 'closed'
    ? { model: 'closed', users: step.users, thinkMs: 0, durationMs: step.durationMs }
    : { model: 'open', stages: constant(step.ratePerSecond, step.durationMs), arrivals: 'poisson' }

/**
 * An answer that takes four times as long as the goal allows is as bad as none, and nobody waits for it: what is left
 * of one step must not load the next.
 */
const patienceMs = (belowMs: number): number => Math.max(1_000, 4 * belowMs)

function planOfStep({ plan, options }: LineSearch, step: LineStep, steps: number): EnginePlan {
  return {
    ...plan,
    load: loadOf(step),
    warmUpMs: 'settleMs' in step ? step.settleMs : 0,
    connections: step.is === 'closed' ? step.users : plan.connections,
    timeoutMs: Math.min(plan.timeoutMs, patienceMs(options.goal.belowMs)),
    // Each step has arrivals of its own.
    seed: plan.seed + steps,
  }
}

/** Makes the load of one step, and watches the machine and the service meanwhile. */
async function runStep(
  plan: EnginePlan,
  { goal }: LineOptions,
  parts: readonly ServiceProcesses[],
  signal: AbortSignal | undefined,
): Promise<LineObservation> {
  const began = performance.now()
  const noise = watchNoise()
  const service = watchParts(parts)
  if (plan.warmUpMs === 0) service.sample()
  const seconds: WatchedSecond[] = []
  const end = await runEngine({
    plan,
    onSecond: (second) => {
      // From the last moment of the warm-up on; answers that come in after the load tell nothing of a full service.
      if (second.second >= -1 && second.lengthMs > 0) service.sample()
      const cpuMs = service.lastCpuMs()
      seconds.push({ ...second, ...(cpuMs === undefined ? {} : { cpuMs }) })
      return undefined
    },
    ...(signal ? { signal } : {}),
  })
  return observationOf(end, seconds, plan, goal, {
    noise: noise(),
    tookMs: performance.now() - began,
    service: service.use(),
  })
}

/** The processes of what is measured: each part has limits of its own. */
async function partsOf(
  service: LineSearch['service'],
  plan: EnginePlan,
): Promise<readonly ServiceProcesses[]> {
  if (service && 'containers' in service) return service.containers.map(processesOfContainer)
  const find = service ? processesOfGroup(service.group, service.cores) : await processesBehind(plan)
  return find ? [find] : []
}

/**
 * Searches the highest rate at which the goal is kept.
 * @throws PLM_LOAD_TARGET, PLM_LOAD_REQUEST, PLM_LOAD_SCENARIO when it cannot begin
 */
export function searchLoadLine(
  search: LineSearch,
  { onStep, signal }: LineSearchOptions = {},
): Promise<LineSearchEnd> {
  const work = async (plan: EnginePlan): Promise<LineSearchEnd> => {
    const parts = await partsOf(search.service, plan)
    let state = beginLine(search.options)
    for (;;) {
      const next = nextStep(state)
      if (next.is === 'result') return next.result
      onStep?.(next, state)
      const seen = await runStep(
        planOfStep({ ...search, plan }, next, state.steps),
        search.options,
        parts,
        signal,
      )
      if (signal?.aborted) return { is: 'interrupted' }
      state = observe(state, seen)
    }
  }
  return onStage(search.plan, work, signal)
}
