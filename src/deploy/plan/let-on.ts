import { type Decision, type Instant, move, wait } from '../../kernel/index.ts'
import { enter, event } from './moves.ts'
import type { Stage } from './stage.ts'
import type { DeploymentCommand, DeploymentState } from './state.ts'

/** Held because instances or requests did not become as its stage wants them: it waits for them anew. */
const triesAgain = ({ heldFor }: DeploymentState, stage: Stage | undefined): boolean =>
  heldFor !== undefined && (stage?.do === 'fleets' || stage?.do === 'traffic')

function again(state: DeploymentState, now: Instant): Decision<DeploymentState> {
  const rail = state.rail.map((done, i) => (i === state.rail.length - 1 ? { ...done, startedAt: now } : done))
  return move({ ...state, rail })
}

/** After those in which the new release is watched beside the one before. */
const nextStage = ({ stages, at }: DeploymentState): number =>
  stages.findIndex((stage, i) => i > at && stage.do !== 'judge' && stage.share === undefined)

/** A person answers for what could not be told, or could not be turned round: the new release goes on. */
export function letOn(
  state: DeploymentState,
  { actor, reason }: DeploymentCommand,
  now: Instant,
): Decision<DeploymentState> {
  if (state.heldSince === undefined || state.phase !== 'moving') return wait('it is not held')
  const { heldSince: _, heldFor: __, ...rest } = state
  const answered = { ...rest, letOn: { by: actor, reason, at: now } }
  const tries = triesAgain(state, state.stages[state.at])
  const going = tries ? again(answered, now) : enter(answered, nextStage(state), now)
  if (going.is !== 'move') return going
  return { ...going, events: [event(state, 'deployment.letOn', { actor, reason }), ...going.events] }
}
