import { type Decision, type Instant, move, type Reason, wait } from '../../kernel/index.ts'
import { event, turnRound } from './moves.ts'
import type { DeploymentState, StageDone } from './state.ts'

/** Whether going back would bring requests back to what ran before; one that got none only lets go of its instances. */
const takesRequests = ({ stages, at }: DeploymentState): boolean => (stages[at]?.serving.to ?? 0) > 0

/** What people are told while it is held for want of a way back. */
export const heldText = ({ heldFor, noWayBack }: DeploymentState): string =>
  `${heldFor}; it does not go back by itself, since ${noWayBack}`

/**
 * Turns round. Where what ran before does not suit the data any more, and the new release takes requests, everything
 * stays as it is instead, both fleets with what they have, until a person decides: to go back could do more harm than
 * what went wrong, and that nobody but a person can weigh.
 */
export function undo(
  state: DeploymentState,
  reasons: readonly [Reason, ...Reason[]],
  now: Instant,
  turnedAs?: StageDone['turnedAs'],
): Decision<DeploymentState> {
  if (state.noWayBack === undefined || !takesRequests(state)) return turnRound(state, reasons, now, turnedAs)
  if (state.heldFor !== undefined) return wait(heldText(state))
  const held: DeploymentState = { ...state, heldSince: now, heldFor: reasons[0].text }
  return move(held, { events: [event(held, 'deployment.held', { because: heldText(held) })] })
}
