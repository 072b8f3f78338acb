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
import { tell } from '../lane-state.ts'
import { aftermath } from './aftermath.ts'
import { cancelEffects, effectsOf, leaveEffects } from './effects.ts'
import { learned } from './learned.ts'
import { type Settled, settled } from './settled.ts'
import { sizeMeasured } from './size.ts'
import type { LifeCommand, LifeSight, LifeStanding, LifeState, TestFound } from './state.ts'
import { changesData, restoreAt, type Step, titleOf } from './steps.ts'

const lookAgainMs = 250
/** A pipeline takes its time. */
const calmLookMs = 1_000
/** What ran a command or a test may be lost once, with a restart of the machine. */
const mostTries = 2
/** Nothing is left awake because a command failed once. */
const mostRestTries = 3

const told = (state: LifeState, type: string, more: { readonly [key: string]: Json }): Happening =>
  tell(state, type, { loadTest: state.id, standing: state.standing, ...more })

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
    events: [told(over, 'loadTest.ended', { because: over.text })],
    effects: leaveEffects(over),
  })
}

/** A guest that has not touched the data leaves none behind. */
const isNeedless = ({ dataOf }: LifeState, step: Step): boolean =>
  step.do === 'command' && step.back === true && dataOf === undefined

/** From here on the data are as the guest wants them, when it has a migration of its own. */
const touching = (state: LifeState, step: Step): Pick<LifeState, 'dataOf'> =>
  step.do === 'command' && step.of === 'guest' && step.command !== 'wake' && state.guest && changesData(state)
    ? { dataOf: state.guest.release }
    : {}

function enter(before: LifeState, at: number, now: Instant, because?: string): Decision<LifeState> {
  const state = { ...before, rail: closeRail(before, now, because) }
  const step = state.steps[at]
  if (!step) return end(state, now)
  if (isNeedless(state, step)) return enter(state, at + 1, now)
  const next: LifeState = {
    ...state,
    ...touching(state, step),
    at,
    tries: 1,
    phase: at >= restoreAt(state) ? 'restoring' : 'going',
    text: titleOf(step),
    rail: [...state.rail, { title: titleOf(step), startedAt: now }],
  }
  return move(next, {
    events: [told(next, 'loadTest.step', { title: titleOf(step) })],
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
  const at = state.live ? restoreAt(state) : state.steps.length - 1
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
  const isData = step.do === 'command' && step.back === true
  const next: LifeState = {
    ...state,
    standing: 'failed',
    reasons: [...state.reasons, ...reasons],
    left: [...(state.left ?? []), because],
    ...(isData ? { dataLeft: true } : {}),
  }
  return enter(next, state.at + 1, now, because)
}

/** It was cancelled while a command could not even be started: there is no end of it to wait for. */
const isStopped = ({ cancelledBy, phase }: LifeState, step: Step, { taskProblem }: LifeSight): boolean =>
  cancelledBy !== undefined && phase === 'going' && step.do === 'command' && taskProblem !== undefined

/** What was found is known at once; whether it counts, when what was measured had time to recover from it. */
function foundOut(state: LifeState, measured: TestFound, seen: LifeSight, now: Instant): Decision<LifeState> {
  if (state.foundAt === undefined) return move({ ...state, foundAt: now })
  const { recovering, doubts: ofIllness, restarts } = aftermath(state, seen, now)
  if (recovering !== undefined) return wait(recovering, now + lookAgainMs)
  const { doubts: ofSize, ...sized } = sizeMeasured(seen)
  const found = { ...measured, text: [measured.text, ...restarts].join('; ') }
  const doubts = [...(state.doubts ?? []), ...ofIllness, ...ofSize]
  return enter({ ...state, ...sized, found, doubts }, state.at + 1, now)
}

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
    return how.found ? foundOut(known, how.found, seen, now) : enter(known, state.at + 1, now)
  }
  if (state.tries < mostTries) return again(known, step)
  return failedStep(
    known,
    step,
    { is: 'failed', reasons: [{ text: how.because }], standing: 'inconclusive' },
    now,
  )
}

/** What a pipeline has built is brought; one that has built nothing good leaves nothing to be measured: that is red. */
function built(state: LifeState, { change }: LifeSight, now: Instant): Decision<LifeState> {
  if (!change || change.is === 'going') return wait(change?.text ?? 'its pipeline begins', now + calmLookMs)
  if ('release' in change)
    return move({ ...state, guest: { release: change.release }, text: 'waits for its turn' })
  return end({ ...state, standing: 'failed', reasons: [{ text: `its pipeline: ${change.because}` }] }, now)
}

function waiting(state: LifeState, seen: LifeSight, now: Instant): Decision<LifeState> {
  if (state.change && !state.guest) return built(state, seen, now)
  return seen.ahead === undefined ? begin(state, now) : wait(`after ${seen.ahead}`, now + lookAgainMs)
}

function decide(state: LifeState, seen: LifeSight, now: Instant): Decision<LifeState> {
  if (state.phase === 'ended') return wait('it has ended')
  return state.phase === 'waiting' ? waiting(state, seen, now) : goOn(state, seen, now)
}

function accept(state: LifeState, { actor, reason }: LifeCommand, now: Instant): Decision<LifeState> {
  const by = `${actor}: ${reason}`
  if (state.phase === 'waiting')
    return end(
      { ...state, cancelledBy: by, standing: 'cancelled', reasons: [{ text: `cancelled by ${by}` }] },
      now,
    )
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
