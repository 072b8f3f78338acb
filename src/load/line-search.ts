import { runEngine } from './engine/engine.ts'
import type { EnginePlan, Load } from './engine/engine-plan.ts'
import { onStage } from './load-test.ts'
import { watchSteal } from './machine-noise.ts'
import { observationOf } from './observe.ts'
import {
  beginLine,
  type LineOptions,
  type LineResult,
  type LineState,
  type LineStep,
  nextStep,
  observe,
} from './plan/line/index.ts'
import { constant } from './plan/profile.ts'
import { cpuMsOf } from './process-cpu.ts'

export type LineSearch = {
  /** An address, or the name of a scenario's file: for people. */
  readonly target: string
  /** What is sent and how; the search chooses the load. */
  readonly plan: EnginePlan
  readonly options: LineOptions
  /** The service's process group, and the cores it may use: what it costs is then known, too. */
  readonly service?: { readonly group: number; readonly cores: number }
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

async function runStep(search: LineSearch, plan: EnginePlan, signal: AbortSignal | undefined) {
  const began = performance.now()
  const { service, options } = search
  const steal = watchSteal()
  const cpuBefore = service && cpuMsOf(service.group)
  const end = await runEngine({ plan, ...(signal ? { signal } : {}) })
  const tookMs = performance.now() - began
  const cpuMs =
    service && cpuBefore !== undefined ? (cpuMsOf(service.group) ?? cpuBefore) - cpuBefore : undefined
  const cpuShare = service && cpuMs !== undefined ? cpuMs / (tookMs * service.cores) : undefined
  return observationOf(end, plan, options.goal, {
    stealShare: steal(),
    tookMs,
    ...(cpuShare === undefined ? {} : { cpuShare }),
  })
}

/**
 * Searches the highest rate at which the goal is kept.
 * @throws PLM_LOAD_TARGET, PLM_LOAD_REQUEST, PLM_LOAD_SCENARIO when it cannot begin
 */
export function searchLoadLine(
  search: LineSearch,
  { onStep, signal }: LineSearchOptions = {},
): Promise<LineSearchEnd> {
  return onStage(search.plan, async (plan) => {
    let state = beginLine(search.options)
    for (;;) {
      const next = nextStep(state)
      if (next.is === 'result') return next.result
      onStep?.(next, state)
      const seen = await runStep(search, planOfStep({ ...search, plan }, next, state.steps), signal)
      if (signal?.aborted) return { is: 'interrupted' }
      state = observe(state, seen)
    }
  })
}
