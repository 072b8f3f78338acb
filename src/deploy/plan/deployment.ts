import { type Decision, type Instant, type Machine, wait } from '../../kernel/index.ts'
import { compatibleName } from './gates/compatible.ts'
import { giveWay, passageThrough, takeTurn, waitAside, waiting } from './gating.ts'
import { judgeOn, planOn } from './judging.ts'
import { extendLedger, openLedger } from './ledger.ts'
import { letOn } from './let-on.ts'
import { end, enter, finish, liveFrom, turnRound } from './moves.ts'
import { heldText, undo } from './no-way-back.ts'
import { cannotRun, hopeless, unsettled } from './settled.ts'
import type { Stage } from './stage.ts'
import type { DeploymentCommand, DeploymentSight, DeploymentState, GateSeen } from './state.ts'
import { planStages } from './strategy.ts'
import { cancelTask, letThrough, taskSeen, taskWaiver } from './tasks.ts'

const lookAgainMs = 100

const giveSecret =
  'add it to secrets.env in the home of Plimsoll, or to the environment of `plimsoll up`; then promote or deploy it again'

function begin(state: DeploymentState, seen: DeploymentSight, now: Instant): Decision<DeploymentState> {
  if (seen.lack !== undefined)
    return end({ ...state, reasons: [{ text: cannotRun(seen.lack) }] }, 'failed', now)
  if (seen.noSecret !== undefined)
    return end({ ...state, reasons: [{ text: cannotRun(seen.noSecret), next: giveSecret }] }, 'failed', now)
  const live = seen.lane?.live
  const oneWay = live && state.gates.find(isAboutData)?.oneWay
  const started: DeploymentState = {
    ...state,
    phase: 'moving',
    standing: 'running',
    startedAt: now,
    ...(live ? { from: live } : {}),
    ...(oneWay ? { noWayBack: oneWay } : {}),
    stages: planStages(state.kind, state.settings, live?.size ?? 0),
    ledger: openLedger(seen.traffic, now),
  }
  return enter(started, 0, now)
}

function queued(state: DeploymentState, seen: DeploymentSight, now: Instant): Decision<DeploymentState> {
  const { holder } = seen.lane ?? {}
  const gone = giveWay(state, seen, now)
  if (gone) return gone
  if (!seen.lane || holder?.deployment !== state.id)
    return wait(
      holder ? `the environment is held by ${holder.owner}: ${holder.reason}` : 'waits for the environment',
      now + lookAgainMs,
    )
  return takeTurn(state, seen.lane)
}

const isAboutData = ({ name }: GateSeen): boolean => name === compatibleName

function gating(state: DeploymentState, seen: DeploymentSight, now: Instant): Decision<DeploymentState> {
  const judged = { ...state, gates: seen.gates }
  // A way back waits for nobody, and for no gate but the one that the data are.
  const asked = state.kind === 'rollback' ? seen.gates.filter(isAboutData) : seen.gates
  const passage = passageThrough(asked)
  switch (passage.is) {
    case 'open':
      return begin(judged, seen, now)
    case 'refused':
      return end({ ...judged, reasons: passage.reasons }, passage.standing, now)
    case 'waits':
      return waitAside(judged, passage.because)
  }
}

function withVerified(state: DeploymentState, seen: DeploymentSight): DeploymentState {
  const found = seen.to.instances.flatMap((instance) => (instance.runs ? [instance.runs] : []))
  const same = found.length === state.settings.instances && found.every((digest) => digest === state.release)
  return { ...state, verified: { expected: state.release, found, same } }
}

/** To the next stage; behind the last one only when what runs is what was asked for. */
function goOn(state: DeploymentState, seen: DeploymentSight, now: Instant): Decision<DeploymentState> {
  const last = state.at === state.stages.length - 1
  if (!last || state.phase === 'undoing') return enter(state, state.at + 1, now)
  const verified = withVerified(state, seen)
  if (verified.verified?.same) return enter(verified, state.at + 1, now)
  return end(
    { ...verified, reasons: [{ text: 'what runs is not the release that was asked for' }] },
    'failed',
    now,
    liveFrom(state, now),
  )
}

function taskOn(
  state: DeploymentState,
  stage: Stage,
  seen: DeploymentSight,
  now: Instant,
): Decision<DeploymentState> {
  const task = taskSeen(stage, seen.task)
  const waiver =
    task.is === 'failed' || task.is === 'lost' ? taskWaiver(stage, seen.lane?.waivers, now) : undefined
  if (waiver && 'because' in task)
    return goOn(letThrough(state, { because: task.because, waiver }), seen, now)
  if (task.is === 'failed') return undo(state, [{ text: task.because }], now)
  if (task.is === 'lost') return undo({ ...state, undoneAs: 'inconclusive' }, [{ text: task.because }], now)
  return goOn(state, seen, now)
}

function stageGoesOn(state: DeploymentState, seen: DeploymentSight, now: Instant): Decision<DeploymentState> {
  const stage = state.stages[state.at]
  if (!stage) return finish(state, now)
  const undoing = state.phase === 'undoing'
  if (state.heldFor !== undefined && !undoing) return wait(heldText(state))
  const trouble = undoing ? undefined : hopeless(state, stage, seen, now)
  const counted = { ...state, ledger: extendLedger(state.ledger, seen.traffic) }
  if (trouble) return undo(counted, [{ text: trouble }], now)
  const waiting = unsettled(state, stage, seen, now)
  if (waiting) return wait(waiting, now + lookAgainMs)
  if (stage.do === 'task') return taskOn(counted, stage, seen, now)
  if (stage.do === 'plan') return planOn(counted, now)
  if (stage.do === 'judge') return judgeOn(counted, stage, seen, now)
  return goOn(counted, seen, now)
}

function decide(state: DeploymentState, seen: DeploymentSight, now: Instant): Decision<DeploymentState> {
  switch (state.phase) {
    case 'queued':
      return queued(state, seen, now)
    case 'gating':
      return gating(state, seen, now)
    case 'waiting':
      return giveWay(state, seen, now) ?? waiting(state, seen, now)
    case 'ended':
      return wait('it has ended')
    default:
      return stageGoesOn(state, seen, now)
  }
}

/** Nothing is put back: whoever takes the environment away sees to what runs there. */
function abandon(
  state: DeploymentState,
  { reason }: DeploymentCommand,
  now: Instant,
): Decision<DeploymentState> {
  if (state.phase === 'ended') return wait('it has ended')
  const ended = end({ ...state, reasons: [...state.reasons, { text: reason }] }, 'cancelled', now)
  return ended.is === 'move' ? { ...ended, effects: [...cancelTask(state), ...ended.effects] } : ended
}

/** Turning back is possible at any moment before the end. */
function accept(state: DeploymentState, command: DeploymentCommand, now: Instant): Decision<DeploymentState> {
  if (command.is === 'goOn') return letOn(state, command, now)
  if (command.is === 'abandon') return abandon(state, command, now)
  const reason = {
    text: `${command.is === 'cancel' ? 'cancelled' : 'rolled back'} by ${command.actor}: ${command.reason}`,
  }
  if (state.phase === 'ended' || state.phase === 'undoing') return wait('it is over, or turning back already')
  if (state.phase === 'moving')
    return command.evenSo
      ? turnRound(state, [reason], now, 'cancelled')
      : undo(state, [reason], now, 'cancelled')
  return end({ ...state, reasons: [...state.reasons, reason] }, 'cancelled', now)
}

/** A deployment, whatever its strategy: a list of stages that are entered one by one, and a way back from each. */
export const deployment: Machine<DeploymentState, DeploymentSight, DeploymentCommand> = {
  kind: 'deployment',
  decide,
  accept,
}
