import { narrow } from './bracket.ts'
import { concludeLine } from './conclude.ts'
import { afterRung, ladderStep } from './ladder.ts'
import type { LineObservation, LineStep } from './observation.ts'
import { budgetShare, type LineOptions, type LinePlan, planOf } from './options.ts'
import { afterConfirm } from './reopen.ts'
import type { LineResult } from './result.ts'
import { climb } from './staircase.ts'
import { affords, ended, type LinePhase, type LineState } from './state.ts'
import { type Judgement, judgeTrial, trialOf } from './trial.ts'
import { whyVoid, withVoided } from './void.ts'
import { afterWarmUp, warmUpRate, warmUpStep } from './warm-up.ts'

type OpenPhase = Extract<LinePhase, { is: 'bracket' | 'bisect' | 'staircase' | 'confirm' }>

/** The beginning of a search. */
export function beginLine(options: LineOptions): LineState {
  const plan = planOf(options)
  return {
    plan,
    phase: { is: 'warmUp', ratePerSecond: warmUpRate(plan), doneMs: 0 },
    warmUp: [],
    rungs: [],
    trials: [],
    parts: [],
    voided: [],
    voidedInARow: 0,
    generatorReasons: [],
    flags: [],
    estimate: null,
    spentMs: 0,
    orderedMs: 0,
    steps: 0,
  }
}

/** The bracket only asks for the order of magnitude: half a trial does. */
const lengthMs = (plan: LinePlan, is: OpenPhase['is']): number =>
  is === 'confirm' ? plan.confirmMs : is === 'bracket' ? plan.trialMs / 2 : plan.trialMs

function stepOf({ plan }: LineState, phase: Exclude<LinePhase, { is: 'ended' }>): LineStep {
  if (phase.is === 'warmUp') return warmUpStep(plan, phase)
  if (phase.is === 'ladder') return ladderStep(phase)
  return {
    is: phase.is === 'confirm' ? 'confirm' : 'open',
    ratePerSecond: phase.ratePerSecond,
    settleMs: plan.settleMs,
    durationMs: lengthMs(plan, phase.is),
  }
}

const stepMs = (step: LineStep): number => step.durationMs + ('settleMs' in step ? step.settleMs : 0)

/** What the search wants next: a step to be run and observed, or its result. */
export function nextStep(
  state: LineState,
): LineStep | { readonly is: 'result'; readonly result: LineResult } {
  const { phase } = state
  if (phase.is === 'ended') return { is: 'result', result: concludeLine(state, phase.because) }
  return stepOf(state, phase)
}

/** Bracket and bisection wait for certainty; the staircase has whole trials as its unit and never extends one. */
const mostParts: Readonly<Record<OpenPhase['is'], number>> = {
  bracket: 3,
  bisect: 3,
  staircase: 1,
  confirm: 1,
}

const afterTrial: {
  readonly [K in OpenPhase['is']]: (state: LineState, phase: Extract<OpenPhase, { is: K }>) => LineState
} = { bracket: narrow, bisect: narrow, staircase: climb, confirm: afterConfirm }

function afterOpen(state: LineState, phase: OpenPhase, o: LineObservation): LineState {
  const parts = [...state.parts, o]
  const seconds = parts.flatMap((part) => part.seconds)
  const budget = budgetShare(state.plan.goal)
  const judgement: Judgement = judgeTrial(seconds, budget, parts.length, mostParts[phase.is])
  if (judgement.is === 'extend') return { ...state, parts }
  const trial = trialOf(phase.is, phase.ratePerSecond, parts, { ...judgement, is: judgement.is })
  const next = { ...state, parts: [], trials: [...state.trials, trial], voidedInARow: 0 }
  // The table's entry takes exactly the phase it is filed under.
  return (afterTrial[phase.is] as (state: LineState, phase: OpenPhase) => LineState)(next, phase)
}

/** A step that no longer fits ends the search with what it has. */
function withinBudget(state: LineState): LineState {
  const { phase } = state
  if (phase.is === 'ended' || affords(state, stepMs(stepOf(state, phase)))) return state
  return ended({ ...state, parts: [] }, state.estimate === null ? 'budget' : 'searched')
}

function afterStep(state: LineState, phase: LinePhase, o: LineObservation): LineState {
  if (phase.is === 'ended') return state
  if (phase.is === 'warmUp') return afterWarmUp(state, phase, o)
  const reasons = whyVoid(o)
  if (reasons.length > 0 && !(phase.is === 'ladder' && o.generator.is === 'saturated'))
    return withVoided(state, phase, o, reasons)
  return phase.is === 'ladder' ? afterRung(state, phase, o) : afterOpen(state, phase, o)
}

/** What the search knows after a step was run. */
export function observe(state: LineState, o: LineObservation): LineState {
  const { phase } = state
  if (phase.is === 'ended') return state
  const counted = {
    ...state,
    spentMs: state.spentMs + o.tookMs,
    // A trial that was stopped early took less than was ordered; that is no negative overhead.
    orderedMs: state.orderedMs + Math.min(o.tookMs, stepMs(stepOf(state, phase))),
    steps: state.steps + 1,
  }
  return withinBudget(afterStep(counted, phase, o))
}
