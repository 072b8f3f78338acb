import {
  allOf,
  type Decision,
  type Effect,
  type Instant,
  type Json,
  move,
  type Reason,
  sameJson,
  wait,
} from '../../kernel/index.ts'
import { type LaneState, type Live, laneId } from './lane-state.ts'
import { end, event } from './moves.ts'
import type { DeploymentSight, DeploymentState, GateSeen } from './state.ts'

/** Whether the gates of an environment let a release through. */
export type Passage =
  | { readonly is: 'open' }
  /** For evidence that is on its way. */
  | { readonly is: 'waits'; readonly because: string }
  | {
      readonly is: 'refused'
      readonly standing: 'failed' | 'inconclusive'
      readonly reasons: readonly Reason[]
    }

/** What the gates want to see and nobody has yet is got; a way back waits for nobody. */
const askGates = ({ id, kind, asked }: DeploymentState): Effect[] =>
  kind === 'rollback'
    ? []
    : [
        {
          kind: 'gates.ask',
          key: `deployment/${id}/gates/${asked?.turn ?? 1}/${asked?.against ?? 'none'}`,
          spec: {},
        },
      ]

const askingAgainst = (turn: number, live: Live | undefined): DeploymentState['asked'] => ({
  turn,
  ...(live ? { against: live.release } : {}),
})

/** It has its turn: what its gates want to see is asked for, beside what is live now. */
export function takeTurn(state: DeploymentState, { live, holder }: LaneState): Decision<DeploymentState> {
  const asked = askingAgainst((state.asked?.turn ?? 0) + 1, live)
  const fence = holder?.fence ?? state.number
  const next: DeploymentState = {
    ...state,
    phase: 'gating',
    standing: 'running',
    fence,
    ...(asked ? { asked } : {}),
  }
  return move(next, {
    events: [event(state, asked?.turn === 1 ? 'deployment.started' : 'deployment.tookTurn')],
    effects: askGates(next),
  })
}

/** Waits for its gates, and lets others go on meanwhile. */
export function waitAside(state: DeploymentState, because: string): Decision<DeploymentState> {
  const command = { is: 'aside', deployment: state.id, join: state.settings.waiting === 'join' }
  return move(
    { ...state, phase: 'waiting', standing: 'waiting' },
    { events: [event(state, 'deployment.waits', { because })], effects: [tellLane(state, 'aside', command)] },
  )
}

const tellLane = (state: DeploymentState, what: string, command: Json): Effect => ({
  kind: 'lane.tell',
  key: `deployment/${state.id}/${what}/${state.asked?.turn ?? 1}`,
  spec: { lane: laneId(state.service, state.environment), command },
})

const lookAtGatesMs = 500

/**
 * Waits until no gate is waited for any more, whatever they say; they are judged again when it has its turn, since by
 * then more may be known. Nothing is done before the environment knows that it waits.
 */
export function waiting(
  state: DeploymentState,
  { lane, gates }: DeploymentSight,
  now: Instant,
): Decision<DeploymentState> {
  if (!lane?.aside?.some(({ deployment }) => deployment === state.id))
    return wait('lets others go on', now + lookAtGatesMs)
  const judged = { ...state, gates }
  const passage = passageThrough(gates)
  if (passage.is !== 'waits')
    return move(
      { ...judged, phase: 'queued' },
      { effects: [tellLane(state, 'ready', { is: 'ready', deployment: state.id })] },
    )
  if (state.asked?.against !== lane.live?.release) {
    const asked = askingAgainst(state.asked?.turn ?? 1, lane.live)
    const again = { ...judged, ...(asked ? { asked } : {}) }
    return move(again, { effects: askGates(again) })
  }
  return sameJson(state.gates, gates) ? wait(passage.because, now + lookAtGatesMs) : move(judged)
}

/** Ends one that lost its place to a newer one; undefined when it has not. */
export function giveWay(
  state: DeploymentState,
  { lane }: DeploymentSight,
  now: Instant,
): Decision<DeploymentState> | undefined {
  const superseded = lane?.superseded?.[state.id]
  if (!superseded) return undefined
  const { by, how } = superseded
  const text =
    how === 'overtaken' ? `overtaken by ${by}, which went live` : `joined by ${by}, which waits instead`
  return end({ ...state, reasons: [...state.reasons, { text }] }, 'cancelled', now)
}

const reasonsOf = ({ name, verdict }: GateSeen): readonly Reason[] =>
  verdict.is === 'pass'
    ? []
    : verdict.reasons.map((reason) => ({ ...reason, text: `gate ${name}: ${reason.text}` }))

/** All must pass or be waived; one that is sure to refuse is not waited for. */
export function passageThrough(gates: readonly GateSeen[]): Passage {
  const closed = gates.filter((gate) => gate.verdict.is !== 'pass' && !gate.waiver)
  if (closed.length === 0) return { is: 'open' }
  const refused = closed.filter((gate) => gate.pending === undefined)
  if (refused.length === 0)
    return { is: 'waits', because: closed.map(({ name, pending }) => `gate ${name}: ${pending}`).join('; ') }
  const verdict = allOf(refused.map((gate) => gate.verdict))
  const standing = verdict.is === 'fail' ? 'failed' : 'inconclusive'
  return { is: 'refused', standing, reasons: refused.flatMap(reasonsOf) }
}
