import { type Decision, move, wait } from '../../kernel/index.ts'
import { free, type Holder, type LaneCommand, type LaneState, type Superseded, tell } from './lane-state.ts'

const isOlder = (one: Holder, than: Holder): boolean =>
  one.number !== undefined && than.number !== undefined && one.number < than.number

/** Those that a deployment leaves behind when it goes live. A way back is no newer release: it overtakes nobody. */
export const overtaken = ({ queue, aside = [] }: LaneState, by: Holder): readonly Holder[] =>
  by.kind === 'rollback' ? [] : [...aside, ...queue].filter((one) => isOlder(one, by))

/** Their places here are gone, and none of them gets a turn: each looks, sees so, and ends. */
export const leaveBehind = (
  { superseded }: LaneState,
  older: readonly Holder[],
  by: string,
  how: Superseded['how'],
): Pick<LaneState, 'superseded'> =>
  older.length === 0
    ? {}
    : {
        superseded: {
          ...superseded,
          ...Object.fromEntries(older.map(({ deployment = '' }) => [deployment, { by, how }])),
        },
      }

/**
 * The holder waits for its gates: others go on. Older ones that wait give way to it when the environment is configured
 * so, or when they would bring the same release.
 */
export function stepAside(
  state: LaneState,
  { deployment, join }: Extract<LaneCommand, { is: 'aside' }>,
): Decision<LaneState> {
  const { holder, aside = [] } = state
  if (holder?.deployment !== deployment) return wait('it does not hold the environment')
  const older = aside.filter(
    (one) => isOlder(one, holder) && (join || (one.release !== undefined && one.release === holder.release)),
  )
  return move(
    {
      ...free(state),
      aside: [...aside.filter((one) => !older.includes(one)), holder],
      ...leaveBehind(state, older, deployment, 'joined'),
    },
    { events: [tell(state, 'environment.freed', { deployment })] },
  )
}

/** Nothing is waited for any more: back into the queue, before all that were asked for later. */
export function comeBack(state: LaneState, deployment: string): Decision<LaneState> {
  const { queue, aside = [] } = state
  const back = aside.find((one) => one.deployment === deployment)
  if (!back) return wait('it does not wait here')
  const later = queue.findIndex((one) => isOlder(back, one))
  const at = later < 0 ? queue.length : later
  return move(
    {
      ...state,
      queue: [...queue.slice(0, at), back, ...queue.slice(at)],
      aside: aside.filter((one) => one !== back),
    },
    { events: [tell(state, 'environment.lockRequested', { owner: back.owner, reason: back.reason })] },
  )
}
