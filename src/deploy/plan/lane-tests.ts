import { type Decision, type Instant, move, wait } from '../../kernel/index.ts'
import { free, type Holder, type LaneCommand, type LaneState, tell } from './lane-state.ts'

/** A load test wants the environment for itself: it goes before deployments that have not begun. */
export function takeFreeze(
  state: LaneState,
  { test, owner, reason }: Extract<LaneCommand, { is: 'freeze' }>,
  now: Instant,
): Decision<LaneState> {
  const isIt = (one: Holder | undefined) => one?.test === test
  if (isIt(state.holder) || state.queue.some(isIt)) return wait('it has it, or waits already')
  const wanting: Holder = { test, owner, reason, since: now }
  return move(
    { ...state, queue: [wanting, ...state.queue] },
    { events: [tell(state, 'environment.lockRequested', { owner, reason })] },
  )
}

/** It is over, or has given up waiting: deployments come in again, and find so many instances. */
export function takeThaw(
  state: LaneState,
  { test, size, schema }: Extract<LaneCommand, { is: 'thaw' }>,
): Decision<LaneState> {
  const isIt = (one: Holder | undefined) => one?.test === test
  const held = isIt(state.holder)
  if (!held && !state.queue.some(isIt)) return wait('this load test holds nothing here')
  const { live } = state
  return move(
    {
      ...(held ? free(state) : state),
      queue: state.queue.filter((one) => !isIt(one)),
      ...(held && live && size !== undefined ? { live: { ...live, size } } : {}),
      ...(held && schema ? { schema } : {}),
    },
    { events: [tell(state, 'environment.freed', { loadTest: test })] },
  )
}
