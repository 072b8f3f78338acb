import {
  type Decision,
  type Effect,
  type Happening,
  type Instant,
  type Json,
  move,
  type Reason,
} from '../../kernel/index.ts'
import { effectsOf } from './effects.ts'
import { type Live, laneId } from './lane-state.ts'
import { schemaLeft } from './schema.ts'
import { type DeploymentState, newFleetOf, type StageDone } from './state.ts'
import { cancelTask } from './tasks.ts'
import { planUndo } from './undo.ts'

export const event = (
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

/** What is live once a deployment has gone through. */
export const liveFrom = (state: DeploymentState, now: Instant): Live => ({
  release: state.release,
  fleet: newFleetOf(state),
  size: state.settings.instances,
  deployment: state.id,
  since: now,
})

const schemaIn = (state: DeploymentState) => {
  const schema = schemaLeft(state)
  return schema ? { schema } : {}
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
        ...schemaIn(state),
      } as unknown as Json,
    },
  },
]

export function end(
  state: DeploymentState,
  standing: DeploymentState['standing'],
  now: Instant,
  live?: Live,
): Decision<DeploymentState> {
  const ended: DeploymentState = { ...state, phase: 'ended', standing, endedAt: now }
  const rejected = state.phase === 'undoing'
  return move(ended, {
    ended: true,
    events: [
      event(ended, `deployment.${standing}`, { because: state.reasons.map((r) => r.text).join('; ') }),
    ],
    effects: endEffects(ended, live, rejected),
  })
}

export function finish(state: DeploymentState, now: Instant): Decision<DeploymentState> {
  if (state.phase === 'undoing') return end(state, state.undoneAs ?? 'failed', now)
  return end(state, 'passed', now, liveFrom(state, now))
}

/** Moves on to the stage at `at`, or to the end when there is none. */
export function enter(state: DeploymentState, at: number, now: Instant): Decision<DeploymentState> {
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

/** Turns round: the live fleet gets everything back, the new one goes. */
export function turnRound(
  state: DeploymentState,
  reasons: readonly [Reason, ...Reason[]],
  now: Instant,
  turnedAs: NonNullable<StageDone['turnedAs']> = state.undoneAs ?? 'failed',
): Decision<DeploymentState> {
  const stage = state.stages[state.at]
  const full = state.from?.size ?? 0
  const back = planUndo(state.settings, stage, full)
  const stages = [...state.stages.slice(0, state.at + 1), ...back]
  const { heldSince: _, heldFor: __, ...going } = state
  const undoing: DeploymentState = {
    ...going,
    phase: 'undoing',
    stages,
    rail: state.rail.map((done, i) => (i === state.rail.length - 1 ? { ...done, turnedAs } : done)),
    reasons: [...state.reasons, ...reasons],
  }
  const turned = enter(undoing, state.at + 1, now)
  if (turned.is !== 'move') return turned
  return {
    ...turned,
    events: [event(undoing, 'deployment.undoing', { because: reasons[0].text }), ...turned.events],
    effects: [...cancelTask(state), ...turned.effects],
  }
}
