import {
  type Decision,
  type Digest,
  type Happening,
  type Instant,
  type Json,
  type Machine,
  move,
  wait,
} from '../../kernel/index.ts'
import type { DeploymentOrder } from './order.ts'
import { type Waiver, waiversAt, withWaiver } from './waiver.ts'

/** Who has the environment to himself: a deployment until it ends, or a person until the lock expires. */
export type Holder = {
  readonly deployment?: string
  readonly owner: string
  readonly reason: string
  readonly since: Instant
  readonly until?: Instant
}

export type Live = {
  readonly release: Digest
  readonly fleet: string
  readonly size: number
  readonly deployment: string
  readonly since: Instant
}

/** The journal's state of an environment: what runs there, who may change it, and who waits to. */
export type LaneState = {
  readonly service: string
  readonly environment: string
  /** Deployments asked for so far; the number of the newest. */
  readonly count: number
  readonly holder?: Holder
  readonly queue: readonly Holder[]
  readonly live?: Live
  /** Releases that ran here before, newest first. */
  readonly before: readonly Live[]
  /** Releases that were undone here, by the deployment that tried them: not brought again by itself. */
  readonly rejected: Readonly<Record<Digest, string>>
  /** Names of the latest orders, so that an order that arrives twice is taken once. */
  readonly orders: readonly string[]
  readonly lastDeployment?: string
  /** Gates that a person lets through for a while. */
  readonly waivers?: readonly Waiver[]
}

export type LaneCommand =
  | { readonly is: 'order'; readonly order: DeploymentOrder }
  | { readonly is: 'ended'; readonly deployment: string; readonly live?: Live; readonly rejected?: Digest }
  | { readonly is: 'lock'; readonly owner: string; readonly reason: string; readonly until?: Instant }
  | { readonly is: 'unlock'; readonly owner: string }
  | {
      readonly is: 'waive'
      readonly gate: string
      readonly owner: string
      readonly reason: string
      readonly until: Instant
    }
  | { readonly is: 'unwaive'; readonly gate: string; readonly owner: string }

const ordersRemembered = 200
const releasesRemembered = 50

export const laneId = (service: string, environment: string): string => `${service}.${environment}`
export const deploymentId = (service: string, environment: string, number: number): string =>
  `${service}.${environment}.${number}`

export const newLane = (service: string, environment: string): LaneState => ({
  service,
  environment,
  count: 0,
  queue: [],
  before: [],
  rejected: {},
  orders: [],
})

const tell = (state: LaneState, type: string, more: { readonly [key: string]: Json } = {}): Happening => ({
  type,
  body: { service: state.service, environment: state.environment, ...more },
})

function takeOrder(state: LaneState, order: DeploymentOrder, now: Instant): Decision<LaneState> {
  if (state.orders.includes(order.name)) return wait('this order was taken before')
  const number = state.count + 1
  const deployment = deploymentId(state.service, state.environment, number)
  const waiting: Holder = { deployment, owner: order.actor, reason: order.reason, since: now }
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

function free(state: LaneState): LaneState {
  const { holder: _, ...rest } = state
  return rest
}

function takeEnd(state: LaneState, command: Extract<LaneCommand, { is: 'ended' }>): Decision<LaneState> {
  const holds = state.holder?.deployment === command.deployment
  const queued = state.queue.some((waiting) => waiting.deployment === command.deployment)
  if (!holds && !queued) return wait('this deployment holds nothing here')
  const freed = holds ? free(state) : state
  const next: LaneState = {
    ...freed,
    queue: state.queue.filter((waiting) => waiting.deployment !== command.deployment),
    ...(command.live ? succeed(state, command.live) : {}),
    ...(command.rejected ? { rejected: { ...state.rejected, [command.rejected]: command.deployment } } : {}),
  }
  return move(next, { events: [tell(state, 'environment.freed', { deployment: command.deployment })] })
}

function takeLock(
  state: LaneState,
  command: Extract<LaneCommand, { is: 'lock' }>,
  now: Instant,
): Decision<LaneState> {
  const { owner, reason, until } = command
  const lock: Holder = { owner, reason, since: now, ...(until === undefined ? {} : { until }) }
  const mine = (holder: Holder | undefined) => holder?.owner === owner && holder.deployment === undefined
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
  const mine = (holder: Holder) => holder.deployment === undefined
  const held = state.holder !== undefined && mine(state.holder)
  if (!held && !state.queue.some(mine)) return wait('nobody has locked it')
  const next = { ...(held ? free(state) : state), queue: state.queue.filter((waiting) => !mine(waiting)) }
  return move(next, { events: [tell(state, 'environment.unlocked', { owner })] })
}

function takeWaiver(
  state: LaneState,
  { gate, owner, reason, until }: Extract<LaneCommand, { is: 'waive' }>,
  now: Instant,
): Decision<LaneState> {
  if (until <= now) return wait('it would have ended already')
  const waivers = withWaiver(state.waivers, { gate, owner, reason, since: now, until })
  return move({ ...state, waivers }, { events: [tell(state, 'gate.waived', { gate, owner, reason, until })] })
}

function endWaiver(state: LaneState, gate: string, owner: string): Decision<LaneState> {
  const waivers = (state.waivers ?? []).filter((one) => one.gate !== gate)
  if (waivers.length === (state.waivers ?? []).length) return wait('nobody has waived it')
  return move({ ...state, waivers }, { events: [tell(state, 'gate.heldAgain', { gate, owner })] })
}

/** Waivers whose time is over: their gates hold again. */
function expireWaivers(state: LaneState, now: Instant): Decision<LaneState> | undefined {
  const left = waiversAt(state.waivers, now)
  const over = (state.waivers ?? []).filter((one) => !left.includes(one))
  if (over.length === 0) return undefined
  return move(
    { ...state, waivers: left },
    { events: over.map(({ gate, owner }) => tell(state, 'gate.waiverExpired', { gate, owner })) },
  )
}

function accept(state: LaneState, command: LaneCommand, now: Instant): Decision<LaneState> {
  switch (command.is) {
    case 'order':
      return takeOrder(state, command.order, now)
    case 'ended':
      return takeEnd(state, command)
    case 'lock':
      return takeLock(state, command, now)
    case 'unlock':
      return takeUnlock(state, command.owner)
    case 'waive':
      return takeWaiver(state, command, now)
    case 'unwaive':
      return endWaiver(state, command.gate, command.owner)
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
  const expired = expireWaivers(state, now)
  if (expired) return expired
  if (holder?.until !== undefined && holder.until <= now)
    return move(free(state), { events: [tell(state, 'environment.lockExpired', { owner: holder.owner })] })
  if (holder) return wait(`held by ${holder.owner}: ${holder.reason}`, nextExpiry(state))
  const [next, ...queue] = state.queue
  if (!next) return wait('nobody waits', nextExpiry(state))
  const granted = { ...next, since: now }
  return move(
    { ...state, holder: granted, queue },
    { events: [tell(state, 'environment.held', { owner: next.owner, reason: next.reason })] },
  )
}

/** An environment: one change at a time, in order; every lock has an owner, a reason and an end. */
export const lane: Machine<LaneState, unknown, LaneCommand> = { kind: 'environment', decide, accept }
