import {
  type Decision,
  type Happening,
  type Instant,
  type Json,
  type Machine,
  move,
  type Reason,
  wait,
} from '../../../kernel/index.ts'
import { cancelEffects, effectsOf } from './effects.ts'
import { doubtsOf } from './evidence.ts'
import { type Settled, settled } from './settled.ts'
import type { LifeCommand, LifeSight, LifeStanding, LifeState } from './state.ts'
import { restoreAt, type Step, titleOf } from './steps.ts'

const lookAgainMs = 250
/** What ran a command or a test may be lost once, with a restart of the machine. */
const mostTries = 2
/** Nothing is left awake because a command failed once. */
const mostRestTries = 3

const tell = (state: LifeState, type: string, more: { readonly [key: string]: Json } = {}): Happening => ({
  type,
  body: {
    service: state.service,
    environment: state.environment,
    loadTest: state.id,
    standing: state.standing,
    ...more,
  },
})

const closeRail = (state: LifeState, now: Instant, because?: string): LifeState['rail'] =>
  state.rail.map((done, i) =>
    i === state.rail.length - 1 && done.endedAt === undefined
      ? { ...done, endedAt: now, ...(because === undefined ? {} : { because }) }
      : done,
  )

const summaryOf = ({ found, doubts = [], reasons, settings }: LifeState): string => {
  if (reasons.length > 0) return reasons.map(({ text }) => text).join('; ')
  if (found)
    return doubts.length === 0 ? found.text : `${found.text}; it does not count: ${doubts.join('; ')}`
  return settings.test === undefined ? 'asleep' : 'nothing was found'
}

/** What it comes to: never green when nothing was found, or when what was found does not count. */
function standingOf({ standing, found, doubts = [], settings }: LifeState): LifeStanding {
  if (standing !== 'running') return standing
  if (settings.test === undefined) return 'passed'
  if (!found) return 'inconclusive'
  return found.standing === 'passed' && doubts.length > 0 ? 'inconclusive' : found.standing
}

function end(state: LifeState, now: Instant): Decision<LifeState> {
  const over = {
    ...state,
    phase: 'ended',
    standing: standingOf(state),
    text: summaryOf(state),
    endedAt: now,
  } as const
  return move<LifeState>(over, {
    ended: true,
    events: [tell(over, 'loadTest.ended', { because: over.text })],
    effects: [{ kind: 'loadTest.tidy', key: `loadTest/${state.id}/tidy`, spec: { id: state.id } }],
  })
}

function enter(before: LifeState, at: number, now: Instant, because?: string): Decision<LifeState> {
  const state = { ...before, rail: closeRail(before, now, because) }
  const step = state.steps[at]
  if (!step) return end(state, now)
  const next: LifeState = {
    ...state,
    at,
    tries: 1,
    phase: at >= restoreAt(state.settings) ? 'restoring' : 'going',
    text: titleOf(step),
    rail: [...state.rail, { title: titleOf(step), startedAt: now }],
  }
  return move(next, {
    events: [tell(next, 'loadTest.step', { title: titleOf(step) })],
    effects: effectsOf(next, step),
  })
}

const begin = (state: LifeState, now: Instant): Decision<LifeState> =>
  enter({ ...state, standing: 'running', startedAt: now }, 0, now)

/** Whatever has happened, the environment is left as it was found. What was never frozen needs a thaw only. */
function restore(
  state: LifeState,
  reasons: readonly Reason[],
  standing: LifeStanding,
  now: Instant,
): Decision<LifeState> {
  const at = state.live ? restoreAt(state.settings) : state.steps.length - 1
  const because = reasons.map(({ text }) => text).join('; ')
  return enter({ ...state, standing, reasons: [...state.reasons, ...reasons] }, at, now, because)
}

/** It begins the present step once more. */
function again(state: LifeState, step: Step): Decision<LifeState> {
  const next = { ...state, tries: state.tries + 1 }
  return move(next, { effects: effectsOf(next, step) })
}

function failedStep(
  state: LifeState,
  step: Step,
  { reasons, standing = 'failed' }: Extract<Settled, { is: 'failed' }>,
  now: Instant,
): Decision<LifeState> {
  if (state.phase !== 'restoring') return restore(state, reasons, standing, now)
  if (step.do === 'command' && state.tries < mostRestTries) return again(state, step)
  const because = reasons.map(({ text }) => text).join('; ')
  const left = { ...state, standing: 'failed', reasons: [...state.reasons, ...reasons] } as const
  return enter(left, state.at + 1, now, because)
}

/** What is known from the moment at which it is frozen, and when it is opened. */
function learned(state: LifeState, step: Step, seen: LifeSight): LifeState {
  const { lane, deployed, drift } = seen
  const { holder, live } = lane ?? {}
  if (step.do === 'freeze' && live && holder?.test === state.id)
    return {
      ...state,
      live,
      ...(deployed ? { deployed } : {}),
      ...(holder.fence === undefined ? {} : { fence: holder.fence }),
    }
  if (step.do === 'open')
    return { ...state, doubts: doubtsOf(drift), ...(drift ? { leader: drift.with } : {}) }
  return state
}

/** Instances that fell ill while they were measured. */
function illness({ instances }: LifeSight, { deployed, live }: LifeState): readonly string[] {
  const well = instances.filter(({ phase, runs }) => phase === 'ready' && runs === live?.release).length
  const wanted = deployed?.instances ?? 0
  return well >= wanted ? [] : [`${well} of ${wanted} instances were ready when it was over`]
}

/** It was cancelled while a command could not even be started: there is no end of it to wait for. */
const isStopped = ({ cancelledBy, phase }: LifeState, step: Step, { taskProblem }: LifeSight): boolean =>
  cancelledBy !== undefined && phase === 'going' && step.do === 'command' && taskProblem !== undefined

function goOn(state: LifeState, seen: LifeSight, now: Instant): Decision<LifeState> {
  const step = state.steps[state.at]
  if (!step) return end(state, now)
  const how = settled(state, step, seen, now)
  if (how.is === 'waits' && isStopped(state, step, seen))
    return restore(state, [{ text: `cancelled by ${state.cancelledBy}` }], 'cancelled', now)
  if (how.is === 'waits') return wait(how.because, now + lookAgainMs)
  const known = learned(state, step, seen)
  if (known.cancelledBy !== undefined && known.phase === 'going')
    return restore(known, [{ text: `cancelled by ${known.cancelledBy}` }], 'cancelled', now)
  if (how.is === 'failed') return failedStep(known, step, how, now)
  if (how.is === 'done') {
    const { found } = how
    const doubts = [...(known.doubts ?? []), ...illness(seen, known)]
    return enter(found ? { ...known, found, doubts } : known, state.at + 1, now)
  }
  if (state.tries < mostTries) return again(known, step)
  return failedStep(
    known,
    step,
    { is: 'failed', reasons: [{ text: how.because }], standing: 'inconclusive' },
    now,
  )
}

function decide(state: LifeState, seen: LifeSight, now: Instant): Decision<LifeState> {
  if (state.phase === 'ended') return wait('it has ended')
  if (state.phase !== 'waiting') return goOn(state, seen, now)
  return seen.ahead === undefined ? begin(state, now) : wait(`after ${seen.ahead}`, now + lookAgainMs)
}

function accept(state: LifeState, { actor, reason }: LifeCommand, now: Instant): Decision<LifeState> {
  const by = `${actor}: ${reason}`
  if (state.phase === 'waiting')
    return end({ ...state, standing: 'cancelled', reasons: [{ text: `cancelled by ${by}` }] }, now)
  if (state.phase !== 'going' || state.cancelledBy !== undefined) return wait('it is over, or being restored')
  const next = { ...state, cancelledBy: by }
  const step = state.steps[state.at]
  // Nothing runs yet that had to be waited for.
  if (step?.do === 'freeze' || step?.do === 'start')
    return restore(next, [{ text: `cancelled by ${by}` }], 'cancelled', now)
  return move(next, { effects: cancelEffects(state) })
}

/** The life of an environment around one load test; it always ends as it began. */
export const life: Machine<LifeState, LifeSight, LifeCommand> = { kind: 'loadTest', decide, accept }
