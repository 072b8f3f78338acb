import { describe, expect, it } from 'vitest'
import type { Digest } from '../../kernel/index.ts'
import { lane } from './lane.ts'
import { type LaneCommand, type LaneState, newLane } from './lane-state.ts'
import type { DeploymentOrder } from './order.ts'
import { waiverOf } from './waiver.ts'

const release = (n: number): Digest => `sha256:${String(n).padStart(64, '0')}`
const order = (name: string, n = 1): DeploymentOrder => ({
  name,
  kind: 'deploy',
  release: release(n),
  actor: 'ada',
  reason: `change ${n}`,
  settings: {
    instances: 2,
    strategy: { is: 'rolling', surge: 1 },
    bakeMs: 0,
    gates: [],
    port: 8080,
    requestTimeoutMs: 1_000,
    start: { command: 'x', portVariable: 'PORT', healthPath: '/', readyWithinMs: 1, graceMs: 1, env: {} },
  },
})

/** Takes commands and time; decides until nothing follows. */
function play(state: LaneState, ...steps: (LaneCommand | number)[]): LaneState {
  let now = 0
  let lived = state
  for (const step of steps) {
    if (typeof step === 'number') now = step
    else {
      const taken = lane.accept(lived, step, now)
      if (taken.is === 'move') lived = taken.state
    }
    for (
      let decided = lane.decide(lived, undefined, now);
      decided.is === 'move';
      decided = lane.decide(lived, undefined, now)
    )
      lived = decided.state
  }
  return lived
}

const fresh = newLane('payments', 'production')

describe('an environment', () => {
  it('goes to the first deployment, the second waits for it', () => {
    const state = play(fresh, { is: 'order', order: order('a') }, { is: 'order', order: order('b', 2) })
    expect(state.holder?.deployment).toBe('payments.production.1')
    expect(state.queue.map((waiting) => waiting.deployment)).toEqual(['payments.production.2'])
  })

  it('takes an order that arrives twice once', () => {
    const state = play(fresh, { is: 'order', order: order('a') }, { is: 'order', order: order('a') })
    expect(state).toMatchObject({ count: 1, queue: [] })
  })

  it('asks for the deployment in the same step that numbers it', () => {
    const taken = lane.accept(fresh, { is: 'order', order: order('a') }, 5)
    expect(taken).toMatchObject({
      is: 'move',
      effects: [{ kind: 'deployment.create', spec: { deployment: 'payments.production.1', number: 1 } }],
    })
  })

  it('goes on to the next when a deployment has ended, and remembers what ran before', () => {
    const live = (n: number) => ({
      release: release(n),
      fleet: `f${n}`,
      size: 2,
      deployment: `payments.production.${n}`,
      since: 0,
    })
    const first = play(
      fresh,
      { is: 'order', order: order('a') },
      { is: 'order', order: order('b', 2) },
      { is: 'ended', deployment: 'payments.production.1', live: live(1) },
    )
    expect(first.holder?.deployment).toBe('payments.production.2')
    const second = play(first, { is: 'ended', deployment: 'payments.production.2', live: live(2) })
    expect(second.live?.release).toBe(release(2))
    expect(second.before.map((old) => old.release)).toEqual([release(1)])
    expect(second.holder).toBeUndefined()
  })

  it('keeps what was rejected, and the live release with it', () => {
    const state = play(
      fresh,
      { is: 'order', order: order('a') },
      { is: 'ended', deployment: 'payments.production.1', rejected: release(1) },
    )
    expect(state.rejected[release(1)]).toBe('payments.production.1')
    expect(state.live).toBeUndefined()
  })

  it('no longer calls rejected what has passed later', () => {
    const passed = {
      release: release(1),
      fleet: 'f2',
      size: 2,
      deployment: 'payments.production.2',
      since: 0,
    }
    const state = play(
      fresh,
      { is: 'order', order: order('a') },
      { is: 'ended', deployment: 'payments.production.1', rejected: release(1) },
      { is: 'order', order: order('b') },
      { is: 'ended', deployment: 'payments.production.2', live: passed },
    )
    expect(state.live?.release).toBe(release(1))
    expect(state.rejected).toEqual({})
  })

  it('ignores the end of a deployment that holds nothing', () => {
    expect(lane.accept(fresh, { is: 'ended', deployment: 'payments.production.9' }, 0).is).toBe('wait')
  })

  it('is locked by a person, who goes before deployments that have not begun, until the lock expires', () => {
    const state = play(
      fresh,
      { is: 'order', order: order('a') },
      { is: 'order', order: order('b', 2) },
      { is: 'lock', owner: 'ada', reason: 'audit', until: 100 },
      { is: 'ended', deployment: 'payments.production.1' },
    )
    expect(state.holder).toMatchObject({ owner: 'ada', reason: 'audit' })
    expect(play(state, 99).holder).toMatchObject({ owner: 'ada' })
    expect(play(state, 100).holder?.deployment).toBe('payments.production.2')
  })

  it('is never unlocked from under a deployment', () => {
    const state = play(fresh, { is: 'order', order: order('a') })
    expect(lane.accept(state, { is: 'unlock', owner: 'eve' }, 0).is).toBe('wait')
  })
})

describe('waivers', () => {
  const waive = { is: 'waive', gate: 'loadLine', owner: 'ada', reason: 'audit', until: 100 } as const
  const told = (state: LaneState, command: LaneCommand, now = 0): LaneState => {
    const decision = lane.accept(state, command, now)
    return decision.is === 'move' ? decision.state : state
  }

  it('let one gate through until they end by themselves', () => {
    const waived = told(fresh, waive)
    expect(waiverOf(waived.waivers, 'loadLine', 99)).toMatchObject({ owner: 'ada', reason: 'audit' })
    expect(waiverOf(waived.waivers, 'tests', 99)).toBeUndefined()
    expect(waiverOf(waived.waivers, 'loadLine', 100)).toBeUndefined()
    expect(lane.decide(waived, undefined, 50)).toMatchObject({ is: 'wait', until: 100 })
    expect(lane.decide(waived, undefined, 100)).toMatchObject({
      state: { waivers: [] },
      events: [{ type: 'gate.waiverExpired', body: { gate: 'loadLine', owner: 'ada' } }],
    })
  })

  it('are one for each gate: the newer takes the place of the older', () => {
    const twice = told(told(fresh, waive), { ...waive, owner: 'bob', until: 200 })
    expect(twice.waivers).toMatchObject([{ owner: 'bob', until: 200 }])
  })

  it('end earlier when a person says so', () => {
    const unwaive = { is: 'unwaive', gate: 'loadLine', owner: 'bob' } as const
    expect(told(told(fresh, waive), unwaive).waivers).toEqual([])
    expect(lane.accept(fresh, unwaive, 0).is).toBe('wait')
  })

  it('that would have ended already are none', () => {
    expect(lane.accept(fresh, waive, 100).is).toBe('wait')
  })
})
