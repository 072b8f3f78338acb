import {
  type Decision,
  type Effect,
  type Happening,
  type Instant,
  type Json,
  type Machine,
  move,
  type Reason,
  wait,
} from '../../kernel/index.ts'
import { askGates, isSame, passageThrough } from './gating.ts'
import { type Live, laneId } from './lane-state.ts'
import { extendLedger, openLedger } from './ledger.ts'
import { planRolling, planUndo, type Stage } from './rolling.ts'
import { hopeless, tableRevision, unsettled } from './settled.ts'
import {
  type DeploymentCommand,
  type DeploymentSight,
  type DeploymentState,
  newFleetOf,
  noPair,
} from './state.ts'

const lookAgainMs = 100

const event = (
  state: DeploymentState,
  type: string,
  more: { readonly [key: string]: Json } = {},
): Happening => ({
  type,
  body: {
    service: state.service,
    environment: state.environment,
    deployment: state.id,
    release: state.release,
    ...more,
  },
})

/** The effects that make the world want what the stage wants. */
function effectsOf(state: DeploymentState, stage: Stage): Effect[] {
  const key = (what: string) => `deployment/${state.id}/${state.at}/${what}`
  if (stage.do === 'bake') return []
  if (stage.do === 'traffic')
    return [{ kind: 'traffic.apply', key: key('traffic'), spec: weightsOf(state, stage) }]
  const { settings, service, environment, release } = state
  const to = {
    fleet: newFleetOf(state),
    service,
    environment,
    release,
    size: stage.sizes.to,
    start: settings.start,
  }
  const from = { fleet: state.from?.fleet ?? '', size: stage.sizes.from }
  const fence = state.number
  return [
    { kind: 'fleet.apply', key: key('to'), spec: { want: to, fence } as unknown as Json },
    ...(state.from ? [{ kind: 'fleet.resize', key: key('from'), spec: { ...from, fence } }] : []),
  ]
}

function weightsOf(state: DeploymentState, stage: Stage): Json {
  const fleets = [
    ...(state.from
      ? [{ fleet: state.from.fleet, weight: stage.serving.from, serving: stage.serving.from }]
      : []),
    { fleet: newFleetOf(state), weight: stage.serving.to, serving: stage.serving.to },
  ]
  const { port, requestTimeoutMs, start } = state.settings
  return {
    environment: laneId(state.service, state.environment),
    port,
    requestTimeoutMs,
    healthPath: start.healthPath,
    fleets,
    revision: tableRevision(state),
    fence: state.number,
  }
}

/** Moves on to the stage at `at`, or to the end when there is none. */
function enter(state: DeploymentState, at: number, now: Instant): Decision<DeploymentState> {
  const ended = state.rail.map((done, i) =>
    i === state.rail.length - 1 && !done.endedAt ? { ...done, endedAt: now } : done,
  )
  const stage = state.stages[at]
  if (!stage) return finish({ ...state, rail: ended }, now)
  const next: DeploymentState = { ...state, at, rail: [...ended, { title: stage.title, startedAt: now }] }
  return move(next, {
    events: [event(next, 'deployment.stage', { title: stage.title })],
    effects: effectsOf(next, stage),
  })
}

function begin(state: DeploymentState, seen: DeploymentSight, now: Instant): Decision<DeploymentState> {
  const { surge, bakeMs, instances } = state.settings
  const live = seen.lane?.live
  const started: DeploymentState = {
    ...state,
    phase: 'moving',
    standing: 'running',
    startedAt: now,
    ...(live ? { from: live } : {}),
    stages: planRolling(live?.size ?? 0, instances, surge, bakeMs),
    ledger: openLedger(seen.traffic, now),
  }
  return enter(started, 0, now)
}

const endEffects = (state: DeploymentState, live: Live | undefined, rejected: boolean): Effect[] => [
  { kind: 'deployment.evidence', key: `deployment/${state.id}/evidence`, spec: {} },
  {
    kind: 'lane.ended',
    key: `deployment/${state.id}/ended`,
    spec: {
      lane: laneId(state.service, state.environment),
      command: {
        is: 'ended',
        deployment: state.id,
        ...(live ? { live } : {}),
        ...(rejected ? { rejected: state.release } : {}),
      } as unknown as Json,
    },
  },
]

function end(
  state: DeploymentState,
  standing: DeploymentState['standing'],
  now: Instant,
  live?: Live,
): Decision<DeploymentState> {
  const ended: DeploymentState = { ...state, phase: 'ended', standing, endedAt: now }
  const rejected = standing === 'failed' && state.phase === 'undoing'
  return move(ended, {
    ended: true,
    events: [
      event(ended, `deployment.${standing}`, { because: state.reasons.map((r) => r.text).join('; ') }),
    ],
    effects: endEffects(ended, live, rejected),
  })
}

function finish(state: DeploymentState, now: Instant): Decision<DeploymentState> {
  if (state.phase === 'undoing') return end(state, 'failed', now)
  const live: Live = {
    release: state.release,
    fleet: newFleetOf(state),
    size: state.settings.instances,
    deployment: state.id,
    since: now,
  }
  return end(state, 'passed', now, live)
}

/** Turns round: the live fleet gets everything back, the new one goes. */
function undo(state: DeploymentState, reason: Reason, now: Instant): Decision<DeploymentState> {
  const stage = state.stages[state.at]
  const full = state.from?.size ?? 0
  const back = planUndo(stage?.sizes ?? noPair, stage?.serving ?? noPair, full)
  const stages = [...state.stages.slice(0, state.at + 1), ...back]
  const undoing: DeploymentState = { ...state, phase: 'undoing', stages, reasons: [...state.reasons, reason] }
  const turned = enter(undoing, state.at + 1, now)
  if (turned.is !== 'move') return turned
  return {
    ...turned,
    events: [event(undoing, 'deployment.undoing', { because: reason.text }), ...turned.events],
  }
}

function queued(state: DeploymentState, seen: DeploymentSight, now: Instant): Decision<DeploymentState> {
  const { holder } = seen.lane ?? {}
  if (holder?.deployment !== state.id)
    return wait(
      holder ? `the environment is held by ${holder.owner}: ${holder.reason}` : 'waits for the environment',
      now + lookAgainMs,
    )
  return move(
    { ...state, phase: 'gating', standing: 'running' },
    { events: [event(state, 'deployment.started')], effects: askGates(state) },
  )
}

const lookAtGatesMs = 500

function gating(state: DeploymentState, seen: DeploymentSight, now: Instant): Decision<DeploymentState> {
  const judged = { ...state, gates: seen.gates }
  const passage = state.kind === 'rollback' ? ({ is: 'open' } as const) : passageThrough(seen.gates)
  switch (passage.is) {
    case 'open':
      return begin(judged, seen, now)
    case 'refused':
      return end({ ...judged, reasons: passage.reasons }, passage.standing, now)
    case 'waits':
      // What is known so far is shown meanwhile.
      return isSame(state.gates, seen.gates) ? wait(passage.because, now + lookAtGatesMs) : move(judged)
  }
}

function withVerified(state: DeploymentState, seen: DeploymentSight): DeploymentState {
  const found = seen.to.instances.flatMap((instance) => (instance.runs ? [instance.runs] : []))
  const same = found.length === state.settings.instances && found.every((digest) => digest === state.release)
  return { ...state, verified: { expected: state.release, found, same } }
}

function stageGoesOn(state: DeploymentState, seen: DeploymentSight, now: Instant): Decision<DeploymentState> {
  const stage = state.stages[state.at]
  if (!stage) return finish(state, now)
  const undoing = state.phase === 'undoing'
  const trouble = undoing ? undefined : hopeless(state, stage, seen, now)
  const counted = { ...state, ledger: extendLedger(state.ledger, seen.traffic) }
  if (trouble) return undo(counted, { text: trouble }, now)
  const waiting = unsettled(state, stage, seen, now)
  if (waiting) return wait(waiting, now + lookAgainMs)
  const last = state.at === state.stages.length - 1
  if (!last || undoing) return enter(counted, state.at + 1, now)
  const verified = withVerified(counted, seen)
  if (verified.verified?.same) return enter(verified, state.at + 1, now)
  return end(
    { ...verified, reasons: [{ text: 'what runs is not the release that was asked for' }] },
    'failed',
    now,
    {
      release: state.release,
      fleet: newFleetOf(state),
      size: state.settings.instances,
      deployment: state.id,
      since: now,
    },
  )
}

function decide(state: DeploymentState, seen: DeploymentSight, now: Instant): Decision<DeploymentState> {
  switch (state.phase) {
    case 'queued':
      return queued(state, seen, now)
    case 'gating':
      return gating(state, seen, now)
    case 'ended':
      return wait('it has ended')
    default:
      return stageGoesOn(state, seen, now)
  }
}

/** Turning back is possible at any moment before the end. */
function accept(state: DeploymentState, command: DeploymentCommand, now: Instant): Decision<DeploymentState> {
  const reason = {
    text: `${command.is === 'cancel' ? 'cancelled' : 'rolled back'} by ${command.actor}: ${command.reason}`,
  }
  if (state.phase === 'ended' || state.phase === 'undoing') return wait('it is over, or turning back already')
  if (state.phase === 'moving') return undo(state, reason, now)
  return end({ ...state, reasons: [...state.reasons, reason] }, 'cancelled', now)
}

/** A deployment, whatever its strategy: a list of stages that are entered one by one, and a way back from each. */
export const deployment: Machine<DeploymentState, DeploymentSight, DeploymentCommand> = {
  kind: 'deployment',
  decide,
  accept,
}
