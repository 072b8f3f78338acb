import { type Decision, type Instant, type Json, type Machine, move, wait } from '../../kernel/index.ts'
import { comeBack, leaveBehind, overtaken, stepAside } from './lane-aside.ts'
import { takeFloor } from './lane-floors.ts'
import {
  deploymentId,
  free,
  type Holder,
  type LaneCommand,
  type LaneState,
  type Live,
  laneId,
  tell,
} from './lane-state.ts'
import { takeFreeze, takeThaw } from './lane-tests.ts'
import { endWaiver, expireWaivers, takeWaiver } from './lane-waivers.ts'
import type { DeploymentOrder } from './order.ts'

const ordersRemembered = 200
const releasesRemembered = 50

function takeOrder(state: LaneState, order: DeploymentOrder, now: Instant): Decision<LaneState> {
  if (state.closed) return wait('this environment is gone')
  if (state.orders.includes(order.name)) return wait('this order was taken before')
  const number = state.count + 1
  const deployment = deploymentId(state.service, state.environment, number)
  const { release, kind, actor: owner, reason } = order
  const waiting: Holder = { deployment, number, release, kind, owner, reason, since: now }
  const next: LaneState = {
    ...state,
    count: number,
    queue: [...state.queue, waiting],
    orders: [order.name, ...state.orders].slice(0, ordersRemembered),
    lastDeployment: deployment,
  }
  return move(next, {
    events: [tell(state, 'deployment.requested', { deployment, release: order.release, actor: order.actor })],
    effects: [
      {
        kind: 'deployment.create',
        key: `environment/${laneId(state.service, state.environment)}/create/${number}`,
        spec: { deployment, number, order } as unknown as Json,
      },
    ],
  })
}

/** A new live release pushes the one before into the history, unless it is the same fleet. */
function succeed(state: LaneState, live: Live): Pick<LaneState, 'live' | 'before'> {
  const before = state.live && state.live.fleet !== live.fleet ? [state.live, ...state.before] : state.before
  return { live, before: before.slice(0, releasesRemembered) }
}

/** What was undone is remembered, until it has passed here all the same: a missing secret, say, was mended. */
function rejectedAfter(
  { rejected, closed }: LaneState,
  command: Extract<LaneCommand, { is: 'ended' }>,
): LaneState['rejected'] {
  if (command.rejected) return { ...rejected, [command.rejected]: command.deployment }
  if (!command.live || closed || !(command.live.release in rejected)) return rejected
  const { [command.live.release]: _passed, ...others } = rejected
  return others
}

function takeEnd(state: LaneState, command: Extract<LaneCommand, { is: 'ended' }>): Decision<LaneState> {
  const holds = state.holder?.deployment === command.deployment
  const isIt = (waiting: Holder) => waiting.deployment === command.deployment
  const { [command.deployment]: left, ...superseded } = state.superseded ?? {}
  if (!holds && !left && !state.queue.some(isIt) && !state.aside?.some(isIt))
    return wait('this deployment holds nothing here')
  const freed = holds ? free(state) : state
  const older = command.live && state.holder ? overtaken(state, state.holder) : []
  const leaves = (waiting: Holder) => isIt(waiting) || older.includes(waiting)
  const next: LaneState = {
    ...freed,
    queue: state.queue.filter((waiting) => !leaves(waiting)),
    ...(state.aside ? { aside: state.aside.filter((waiting) => !leaves(waiting)) } : {}),
    ...(left ? { superseded } : {}),
    ...leaveBehind(left ? { ...state, superseded } : state, older, command.deployment, 'overtaken'),
    ...(command.live && !state.closed ? succeed(state, command.live) : {}),
    ...(command.schema ? { schema: command.schema } : {}),
    rejected: rejectedAfter(state, command),
  }
  return move(next, { events: [tell(state, 'environment.freed', { deployment: command.deployment })] })
}

/** Held by nothing that ends by itself. */
const isPersons = ({ deployment, test }: Holder): boolean => deployment === undefined && test === undefined

function takeLock(
  state: LaneState,
  command: Extract<LaneCommand, { is: 'lock' }>,
  now: Instant,
): Decision<LaneState> {
  if (state.closed) return wait('this environment is gone')
  const { owner, reason, until } = command
  const lock: Holder = { owner, reason, since: now, ...(until === undefined ? {} : { until }) }
  const mine = (holder: Holder | undefined) => holder?.owner === owner && isPersons(holder)
  if (mine(state.holder))
    return move(
      { ...state, holder: lock },
      { events: [tell(state, 'environment.locked', { owner, reason })] },
    )
  if (state.queue.some(mine)) return wait('it waits already')
  // A person goes before deployments that have not begun.
  return move(
    { ...state, queue: [lock, ...state.queue] },
    { events: [tell(state, 'environment.lockRequested', { owner, reason })] },
  )
}

function takeUnlock(state: LaneState, owner: string): Decision<LaneState> {
  const held = state.holder !== undefined && isPersons(state.holder)
  if (!held && !state.queue.some(isPersons)) return wait('nobody has locked it')
  const next = {
    ...(held ? free(state) : state),
    queue: state.queue.filter((waiting) => !isPersons(waiting)),
  }
  return move(next, { events: [tell(state, 'environment.unlocked', { owner })] })
}

/** What goes on here is told to end by whoever closes it; nobody who waits gets a turn. */
function close({ live: _, holder, ...state }: LaneState): Decision<LaneState> {
  if (state.closed) return wait('it is gone already')
  const busy = holder?.deployment === undefined ? {} : { holder }
  const next: LaneState = { ...state, ...busy, queue: [], aside: [], before: [], closed: true }
  return move(next, { events: [tell(next, 'environment.closed')] })
}

function accept(state: LaneState, command: LaneCommand, now: Instant): Decision<LaneState> {
  switch (command.is) {
    case 'order':
      return takeOrder(state, command.order, now)
    case 'ended':
      return takeEnd(state, command)
    case 'aside':
      return stepAside(state, command)
    case 'ready':
      return comeBack(state, command.deployment)
    case 'lock':
      return takeLock(state, command, now)
    case 'unlock':
      return takeUnlock(state, command.owner)
    case 'freeze':
      return takeFreeze(state, command, now)
    case 'thaw':
      return takeThaw(state, command)
    case 'waive':
      return takeWaiver(state, command, now)
    case 'unwaive':
      return endWaiver(state, command.gate, command.owner)
    case 'close':
      return close(state)
    case 'migrates':
      return takeFloor(state, command.floor)
  }
}

/** When something of it ends by itself; undefined when nothing does. */
function nextExpiry({ holder, waivers = [] }: LaneState): Instant | undefined {
  const ends = [...(holder?.until === undefined ? [] : [holder.until]), ...waivers.map(({ until }) => until)]
  return ends.length === 0 ? undefined : Math.min(...ends)
}

/** Locks and waivers expire by themselves; whoever waits longest is next. */
function decide(state: LaneState, _seen: unknown, now: Instant): Decision<LaneState> {
  const { holder } = state
  if (state.closed) return holder ? wait(`held by ${holder.owner}`) : move(state, { ended: true })
  const expired = expireWaivers(state, now)
  if (expired) return expired
  if (holder?.until !== undefined && holder.until <= now)
    return move(free(state), { events: [tell(state, 'environment.lockExpired', { owner: holder.owner })] })
  if (holder) return wait(`held by ${holder.owner}: ${holder.reason}`, nextExpiry(state))
  const [next, ...queue] = state.queue
  if (!next) return wait('nobody waits', nextExpiry(state))
  const fence = Math.max(next.number ?? 0, (state.fence ?? 0) + 1)
  const turn = isPersons(next) ? {} : { fence }
  const granted = { ...next, since: now, ...turn }
  return move(
    { ...state, ...turn, holder: granted, queue },
    { events: [tell(state, 'environment.held', { owner: next.owner, reason: next.reason })] },
  )
}

/** An environment: one change at a time, in order; every lock has an owner, a reason and an end. */
export const lane: Machine<LaneState, unknown, LaneCommand> = { kind: 'environment', decide, accept }
