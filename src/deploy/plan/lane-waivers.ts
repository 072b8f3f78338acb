import { type Decision, type Instant, move, wait } from '../../kernel/index.ts'
import { type LaneCommand, type LaneState, tell } from './lane-state.ts'
import { waiversAt, withWaiver } from './waiver.ts'

export function takeWaiver(
  state: LaneState,
  { gate, owner, reason, until }: Extract<LaneCommand, { is: 'waive' }>,
  now: Instant,
): Decision<LaneState> {
  if (until <= now) return wait('it would have ended already')
  const waivers = withWaiver(state.waivers, { gate, owner, reason, since: now, until })
  return move({ ...state, waivers }, { events: [tell(state, 'gate.waived', { gate, owner, reason, until })] })
}

export function endWaiver(state: LaneState, gate: string, owner: string): Decision<LaneState> {
  const waivers = (state.waivers ?? []).filter((one) => one.gate !== gate)
  if (waivers.length === (state.waivers ?? []).length) return wait('nobody has waived it')
  return move({ ...state, waivers }, { events: [tell(state, 'gate.heldAgain', { gate, owner })] })
}

/** Waivers whose time is over: their gates hold again. */
export function expireWaivers(state: LaneState, now: Instant): Decision<LaneState> | undefined {
  const left = waiversAt(state.waivers, now)
  const over = (state.waivers ?? []).filter((one) => !left.includes(one))
  if (over.length === 0) return undefined
  return move(
    { ...state, waivers: left },
    { events: over.map(({ gate, owner }) => tell(state, 'gate.waiverExpired', { gate, owner })) },
  )
}
