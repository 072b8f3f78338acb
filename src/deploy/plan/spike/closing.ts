import { type Effect, type Instant, move, wait } from '../../../kernel/index.ts'
import { commandEffect, commandMarginMs, downKey, failureOf } from './commands.ts'
import { counted, effectOf, type SpikeDecision, tellSpike } from './moves.ts'
import {
  type Closing,
  type ClosingStep,
  closingSteps,
  type DependenciesDown,
  type SpikeSight,
  type SpikeState,
} from './state.ts'

const lookAgainMs = 250
/** What was told to end and has not is told again. */
const tellAgainMs = 2_000
const firstPauseMs = 5_000
const longestPauseMs = 600_000

/** After the n-th try that failed. */
const pauseMs = (attempt: number): number => Math.min(longestPauseMs, firstPauseMs * 2 ** (attempt - 1))

/** What is still there of what a step takes away; undefined when nothing is. */
function stillThere(state: SpikeState, step: ClosingStep, { left, up }: SpikeSight): string | undefined {
  switch (step) {
    case 'work':
      if (up === 'running') return 'what makes its dependencies is being stopped'
      return left.work > 0 ? `${left.work} runs or deployments are being stopped` : undefined
    case 'gateway':
      return left.gateway ? 'its gateway answers what is in flight' : undefined
    case 'instances':
      return left.fleets > 0 ? 'its instances are being stopped' : undefined
    case 'dependencies':
      return !state.down || state.down.standing === 'gone' || state.down.standing === 'left'
        ? undefined
        : 'what it depended on is being taken away'
    case 'folders':
      return left.folders ? 'its folders are being removed' : undefined
  }
}

/** The next try; why the one before failed stays known until one succeeds. */
function tryDown(state: SpikeState, attempt: number, now: Instant): SpikeState {
  const timeoutMs = state.settings.dependencies?.down.timeoutMs ?? 0
  const { because } = state.down ?? {}
  const deadline = now + timeoutMs + commandMarginMs
  return {
    ...state,
    down: { attempt, standing: 'running', deadline, ...(because === undefined ? {} : { because }) },
  }
}

function effectsOf(state: SpikeState, step: ClosingStep, now: Instant): Effect[] {
  switch (step) {
    case 'work':
      return [effectOf(state, 'stop', {}, String(now))]
    case 'dependencies':
      return state.down ? commandEffect(state, 'down', downKey(state, state.down.attempt)) : []
    case 'folders':
      return [effectOf(state, 'folders', { make: false })]
    default:
      return [effectOf(state, step)]
  }
}

function enter(state: SpikeState, closing: Closing, step: ClosingStep, now: Instant): SpikeDecision {
  const at: SpikeState = { ...state, closing: { ...closing, step, since: now } }
  // Whatever `up` has made, and however far it came, is taken away.
  const made = state.up !== undefined && state.up.standing !== 'never'
  const next = step === 'dependencies' && made ? tryDown(at, 1, now) : at
  return move(next, { effects: effectsOf(next, step, now) })
}

/** Nothing of it is left but the record. */
function finish(state: SpikeState, now: Instant): SpikeDecision {
  const next: SpikeState = { ...state, phase: 'closed', endedAt: now }
  return move(next, {
    ended: true,
    events: [tellSpike(next, 'spike.closed', { why: state.closing?.why ?? 'closed' })],
    effects: keepEffect(next),
  })
}

/** With each answer it is kept anew: evidence never changes. */
export const keepEffect = (state: SpikeState): Effect[] => [
  effectOf(state, 'keep', {}, String(state.answers.length)),
]

/** Why a try of `down` failed; undefined while it goes on. */
function downFailure(
  down: DependenciesDown,
  { down: found, problem }: SpikeSight,
  now: Instant,
): string | undefined {
  if (found === 'lost') return 'nobody knows how it ended'
  if (typeof found === 'object') return failureOf(found.ended)
  return now < down.deadline ? undefined : (problem ?? 'it did not end in time')
}

/** Tried until it succeeds, or a person lets it be; each failure is told. */
function followDown(state: SpikeState, seen: SpikeSight, now: Instant): SpikeDecision | undefined {
  const { down } = state
  if (down?.standing === 'waits' && now >= (down.again ?? now)) {
    const next = tryDown(state, down.attempt + 1, now)
    return move(next, { effects: effectsOf(next, 'dependencies', now) })
  }
  if (down?.standing !== 'running') return undefined
  if (typeof seen.down === 'object' && seen.down.ended.exit === 0)
    return move({ ...state, down: { attempt: down.attempt, deadline: down.deadline, standing: 'gone' } })
  const failure = downFailure(down, seen, now)
  if (failure === undefined) return undefined
  const because = seen.said ? `${failure}; ${seen.said}` : failure
  const again = now + pauseMs(down.attempt)
  const next: SpikeState = { ...state, down: { ...down, standing: 'waits', again, because } }
  return move(next, {
    events: [tellSpike(next, 'spike.dependenciesLeft', { because, attempt: down.attempt, again })],
  })
}

/** Takes away what there is, step by step; a step is over when nothing of it is seen any more. */
export function close(state: SpikeState, seen: SpikeSight, now: Instant): SpikeDecision {
  const { closing } = state
  if (!closing) return wait('it does not close')
  const { step, since } = closing
  const downs = step === 'dependencies' ? followDown(state, seen, now) : undefined
  if (downs) return downs
  const because = stillThere(state, step, seen)
  if (because !== undefined) {
    if (step === 'work' && now >= since + tellAgainMs) return enter(state, closing, step, now)
    return wait(because, state.down?.standing === 'waits' ? state.down.again : now + lookAgainMs)
  }
  const next = closingSteps[closingSteps.indexOf(step) + 1]
  if (!next) return finish(state, now)
  return enter(step === 'work' ? settled(state, seen, now) : state, closing, next, now)
}

/** Nothing goes on any more: the gateway's figures are read for the last time before it goes. */
function settled(state: SpikeState, seen: SpikeSight, now: Instant): SpikeState {
  const all = counted(state, seen, now)
  return state.up && seen.up === 'absent' ? { ...all, up: { ...state.up, standing: 'never' } } : all
}
