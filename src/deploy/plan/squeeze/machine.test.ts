import { describe, expect, it } from 'vitest'
import type { SideCounts, SqueezeSeen } from '../../../fleet/index.ts'
import type { Decision, Effect } from '../../../kernel/index.ts'
import type { Live } from '../lane-state.ts'
import type { DeploymentSettings } from '../order.ts'
import { squeezedEvidence } from './effects.ts'
import { foundIn, foundText } from './found.ts'
import { newSqueeze, squeezeMachine } from './machine.ts'
import { sharesOf } from './shares.ts'
import type { SqueezeSettings, SqueezeSight, SqueezeState, StageDone } from './state.ts'

const live: Live = {
  release: `sha256:${'b'.repeat(64)}`,
  fleet: 'payments.production.4',
  size: 3,
  deployment: 'payments.production.4',
  since: 0,
}
const deployed = {
  instances: 3,
  strategy: { is: 'rolling', surge: 1 },
  port: 8080,
  requestTimeoutMs: 60_000,
  start: { healthPath: '/health' },
} as unknown as DeploymentSettings

const settings: SqueezeSettings = {
  maxShare: 0.7,
  watchMs: 10_000,
  atMostMs: 600_000,
  alpha: 0.001,
  minRequests: 300,
  promises: [
    { name: 'availability', objective: 0.999 },
    { name: 'latency', objective: 0.99, belowMs: 250 },
  ],
}

/** A world in which `perSecond` requests come, and one instance answers `carries` of them in time. */
type World = {
  now: number
  perSecond: number
  carries: number
  /** Of the requests that it answers in time it fails this share. */
  fails?: number
  table?: { readonly revision: number; readonly takenAt: number; share?: number; until?: number }
  sight: Partial<SqueezeSight>
  readonly applied: Effect[]
}

const side = (requests: number, slow: number, fails = 0): SideCounts => ({
  ...{ accepted: Math.floor(requests), answered: Math.floor(requests), lost: 0, abandoned: 0 },
  byClass: {
    ...{ '1': 0, '3': 0, '4': 0 },
    '2': Math.floor(requests) - Math.floor(requests * fails),
    '5': Math.floor(requests * fails),
  },
  latency: { upperMs: [10, 5_000], counts: [Math.floor(requests) - Math.floor(slow), Math.floor(slow)] },
})

function squeezeOf({ table, now, perSecond, carries, fails }: World): { squeeze?: SqueezeSeen } {
  if (table?.share === undefined || table.until === undefined) return {}
  const seconds = (now - table.takenAt) / 1_000
  const rate = perSecond * table.share
  return {
    squeeze: {
      ...{ instance: `${live.fleet}/0`, share: table.share, revision: table.revision },
      inForce: now < table.until,
      squeezed: side(rate * seconds, Math.max(0, rate - carries) * seconds, fails),
      others: side((perSecond - rate) * seconds, 0),
    },
  }
}

const instance = (index: number) =>
  ({
    ...{ id: `${live.fleet}/${index}`, index, attempt: 1, phase: 'ready', port: 1, since: 0, crashes: 0 },
  }) as SqueezeSight['instances'][number]

const sightIn = (world: World): SqueezeSight => ({
  owner: 'server-1',
  lane: {
    ...{ service: 'payments', environment: 'production', count: 4, queue: [], before: [], rejected: {} },
    ...{ orders: [], live },
    holder: { test: id, owner: 'squeeze', reason: 'r', since: 0, fence: 5 },
  },
  deployed,
  instances: [0, 1, 2].map(instance),
  traffic: {
    ...{ reachable: true, revision: world.table?.revision ?? 4_003, generation: 'g', latencySince: 1 },
    ...{ upstreams: [], counts: {}, refused: 0, lost: [] },
    ...squeezeOf(world),
  },
  firing: [],
  ...world.sight,
})

const id = 'payments.production.squeeze-1'
const begun = (more: Partial<SqueezeSettings> = {}): SqueezeState =>
  newSqueeze({
    ...{ id, number: 1, service: 'payments', environment: 'production', name: 'n', actor: 'ada' },
    ...{ reason: 'r', settings: { ...settings, ...more }, requestedAt: 0 },
  }).state

function take(world: World, effects: readonly Effect[]): void {
  for (const { kind, spec } of effects) {
    if (kind !== 'squeeze.apply') continue
    const { revision, squeeze } = spec as unknown as {
      revision: number
      squeeze?: { share: number; until: number }
    }
    const isSame = world.table?.revision === revision
    const takenAt = isSame ? (world.table?.takenAt ?? 0) : world.now
    world.table = { revision, takenAt, ...(squeeze ? { share: squeeze.share, until: squeeze.until } : {}) }
  }
  world.applied.push(...effects)
}

/** Goes on until it has ended, or something is so. */
function play(
  world: World,
  from = begun(),
  until: (state: SqueezeState) => boolean = ({ phase }) => phase === 'ended',
): SqueezeState {
  let state = from
  for (let turns = 0; turns < 5_000 && !until(state); turns++) {
    const decision: Decision<SqueezeState> = squeezeMachine.decide(state, sightIn(world), world.now)
    if (decision.is === 'move') {
      state = decision.state
      take(world, decision.effects)
      world.now += 20
    } else world.now = Math.max(world.now + 20, decision.until ?? world.now)
  }
  return state
}

const worldOf = (more: Partial<World> = {}): World => ({
  ...{ now: 0, perSecond: 300, carries: Infinity, sight: {}, applied: [] },
  ...more,
})

const isEven = ({ table }: World): boolean => table !== undefined && table.share === undefined
const at = (share: number) => (state: SqueezeState) =>
  (state.stage?.share ?? 0) >= share && state.stage?.at !== undefined

describe('a squeeze', () => {
  it('finds the end of what one instance carries between two stages, and splits evenly again', () => {
    const world = worldOf({ carries: 150 })
    const state = play(world)
    expect(state.stages.map(({ is, how }) => how ?? is)).toEqual(['passed', 'passed', 'promise'])
    expect(state.standing).toBe('passed')
    expect(state.found).toMatchObject({ verdict: 'found' })
    expect(state.found?.interval?.low).toBeCloseTo(125, -1)
    expect(state.found?.interval?.high).toBeCloseTo(156, -1)
    expect(state.text).toMatch(
      /^one instance carries 12\d\/s, and less than 15\d\/s: with 52 % of the requests: .* failed or took more than 250 ms, and 1 % may$/,
    )
    expect(isEven(world)).toBe(true)
    expect(world.applied.at(-1)).toMatchObject({
      kind: 'lane.tell',
      spec: { command: { is: 'thaw', test: id } },
    })
    expect(squeezedEvidence(state)).toMatchObject({
      kind: 'squeezedLoadLine',
      about: { release: live.release, environment: 'payments.production' },
      body: { place: { instances: 1, of: 3, target: 'process', data: false }, result: { verdict: 'found' } },
    })
  })

  it('says "or more" when no instance may get more, or nobody wanted to know more', () => {
    const state = play(worldOf())
    expect(state.stages.at(-1)).toMatchObject({ share: 0.7, is: 'passed' })
    expect(state.text).toMatch(/^one instance carries 2\d\d\/s or more: no instance may get more than 70 %$/)
    const few = play(worldOf(), begun({ toPerSecond: 130 }))
    expect(few.stages.map(({ share }) => share)).toEqual([
      1 / 3,
      (1 / 3) * 1.25,
      expect.closeTo(130 / 300, 2),
    ])
    expect(few.found).toMatchObject({ verdict: 'atLeast' })
  })

  it('ends where the instance is worse than the others, which is no end of what it carries', () => {
    const promises = [{ name: 'availability', objective: 0.9 }]
    const world = worldOf()
    const going = play(world, begun({ promises }), at(0.4))
    world.fails = 0.05
    const state = play(world, going)
    expect(state.stages.at(-1)).toMatchObject({ is: 'failed', how: 'worse' })
    expect(state.found).toMatchObject({ verdict: 'atLeast', interval: null })
    expect(state.text).toMatch(/or more: with 42 % .*: fails .* of its requests, the others 0 %/)
  })

  it('tells the gateway again and again, so that it ends by itself when nobody does', () => {
    const world = worldOf()
    const going = play(world, begun(), at(0.5))
    const told = world.applied.flatMap(({ kind, spec }) =>
      kind === 'squeeze.apply' ? [(spec as unknown as { squeeze: { until: number } }).squeeze.until] : [],
    )
    expect(told.length).toBeGreaterThan(8)
    expect(Math.max(...told.slice(1).map((until, i) => until - (told[i] ?? 0)))).toBeLessThan(5_000)
    // Nobody said so for longer than it holds.
    world.now += 60_000
    const state = play(world, going)
    expect(state.text).toMatch(/the gateway splits evenly: it was not told for too long$/)
  })

  const page = { severity: 'page', text: 'availability burns' } as const
  const ill = [instance(0), { ...instance(1), phase: 'unhealthy' }, instance(2)] as SqueezeSight['instances']
  const born = [instance(0), { ...instance(1), attempt: 2 }, instance(2)]
  const { traffic, lane } = sightIn(worldOf())
  it.each<[string, Partial<SqueezeSight>, RegExp]>([
    ['a page', { firing: [page] }, /: a page fires: availability burns$/],
    ['another server', { owner: 'server-2' }, /: the server was started again$/],
    ['an instance that is ill', { instances: ill }, /: instance 1 is unhealthy$/],
    ['an instance that ended', { instances: born }, /: instance 1 ended, and was started again$/],
    ['no gateway', { traffic: { ...traffic, reachable: false } }, /: the gateway does not answer$/],
    ['another gateway', { traffic: { ...traffic, latencySince: 2 } }, /: the gateway was started again$/],
    [
      'a deployment',
      {
        lane: {
          ...lane,
          queue: [{ deployment: 'payments.production.5', owner: 'b', reason: '', since: 0 }],
        } as never,
      },
      /: payments\.production\.5 waits for the environment$/,
    ],
  ])('gives the requests back for %s, and keeps what is known', (_name, sight, text) => {
    const world = worldOf()
    const going = play(world, begun(), at(0.5))
    world.sight = sight
    const decision = squeezeMachine.decide(going, sightIn(world), world.now)
    if (decision.is !== 'move') throw new Error(decision.because)
    expect(decision.effects).toMatchObject([{ kind: 'squeeze.apply', spec: { revision: 5_004 } }])
    expect(decision.effects[0]?.spec).not.toHaveProperty('squeeze')
    take(world, decision.effects)
    world.sight = {}
    const state = play(world, decision.state)
    expect(state.text).toMatch(text)
    expect(state.found).toMatchObject({ verdict: 'atLeast' })
    expect(isEven(world)).toBe(true)
  })

  it('ends at its time, and when somebody says so', () => {
    expect(play(worldOf(), begun({ atMostMs: 15_000 })).text).toMatch(/as long as it may$/)
    const world = worldOf()
    const going = play(world, begun(), at(0.4))
    const stop = { is: 'stop', actor: 'bob', reason: 'a sale begins' } as const
    const stopped = squeezeMachine.accept(going, stop, world.now)
    if (stopped.is !== 'move') throw new Error(stopped.because)
    take(world, stopped.effects)
    expect(squeezeMachine.accept(stopped.state, stop, world.now).is).toBe('wait')
    expect(play(world, stopped.state).text).toMatch(/: stopped by bob: a sale begins$/)
  })

  it('ends with the server that is stopped, and says so', () => {
    const world = worldOf()
    const left = squeezeMachine.accept(play(world, begun(), at(0.4)), { is: 'leave' }, world.now)
    if (left.is !== 'move') throw new Error(left.because)
    take(world, left.effects)
    expect(isEven(world)).toBe(true)
    expect(play(world, left.state).text).toMatch(/or more: the server was stopped$/)
  })

  it('asks more of the one that was squeezed longest ago, or of the one that is wanted, and says which', () => {
    const before = [
      { index: 0, at: 1 },
      { index: 1, at: 2 },
      { index: 0, at: 3 },
    ]
    const chosen = (more: Partial<SqueezeSettings>, seen: Partial<SqueezeSight>) =>
      play(worldOf({ sight: seen }), begun(more), ({ phase }) => phase === 'squeezing')
    expect(chosen({}, { before }).instance).toBe(2)
    const world = worldOf({ sight: { before: [...before, { index: 2, at: 4 }] } })
    const going = play(world, begun(), at(0.4))
    expect(going.stage?.text).toMatch(/^42 % of the requests for instance 1/)
    expect(world.applied.find(({ kind }) => kind === 'squeeze.apply')?.spec).toMatchObject({
      squeeze: { instance: 'payments.production.4/1' },
    })
    const named = play(worldOf({ sight: { before } }), begun({ instance: 0 }))
    expect(squeezedEvidence(named)?.body).toMatchObject({ place: { instance: 0 } })
    expect(play(worldOf(), begun({ instance: 3 }))).toMatchObject({
      standing: 'refused',
      reasons: [{ text: 'there is no instance 3', next: 'name one of 0 to 2' }],
    })
  })

  it.each<[string, number, RegExp]>([
    ['back', -3_600_000, /: the clock was put back$/],
    ['forward', 120_000, /: nobody looked for 2 m \d\d s, by the clock$/],
  ])('trusts no clock that is put %s, and splits evenly at once', (_name, byMs, text) => {
    const world = worldOf()
    const going = play(world, begun(), at(0.4))
    world.now += byMs
    // The gateway's own clock goes on: it has taken nothing amiss.
    if (world.table?.until) world.table = { ...world.table, until: world.now + 5_000 }
    const from = world.now
    const state = play(world, going)
    expect(state.text).toMatch(text)
    expect(isEven(world)).toBe(true)
    expect(world.now - from).toBeLessThan(1_000)
  })

  it('waits for its even split by the gateway, when the clock is put back meanwhile', () => {
    const world = worldOf()
    const going = play(world, begun(), at(0.4))
    const left = squeezeMachine.accept(going, { is: 'leave' }, world.now)
    if (left.is !== 'move') throw new Error(left.because)
    world.now -= 3_600_000
    world.sight = { traffic: { ...traffic, reachable: false } }
    const told = squeezeMachine.decide(left.state, sightIn(world), world.now)
    expect(told).toMatchObject({
      is: 'move',
      state: { phase: 'restoring', restore: { startedAt: world.now } },
    })
  })

  it('is not ended by another that is asked for while it goes on; that one is refused', () => {
    const other = { test: 'payments.production.squeeze-2', owner: 's', reason: 'r', since: 0 }
    const queued = { lane: { ...lane, queue: [other] } as never }
    expect(play(worldOf({ sight: queued })).standing).toBe('passed')
    const { holder, ...free } = lane ?? {}
    const own = { ...holder, test: id }
    const both = (queue: unknown) => play(worldOf({ sight: { lane: { ...free, queue } as never } }))
    expect(both([other, own]).text).toBe('payments.production.squeeze-2 has the environment, or waits for it')
    expect(both([own, other]).text).toBe('it could not begin at once')
  })

  it('keeps what is known when nobody asks any more in the middle', () => {
    const world = worldOf()
    const going = play(world, begun(), ({ stage }) => (stage?.share ?? 0) > 0.4)
    world.perSecond = 0
    const state = play(world, going)
    expect(state.found).toMatchObject({ verdict: 'atLeast' })
    expect(state.text).toMatch(/one instance carries 100\/s or more: .* of the 300 that a verdict needs/)
    expect(isEven(world)).toBe(true)
  })

  it('knows nothing of an instance that too few ask', () => {
    const state = play(worldOf({ perSecond: 3 }))
    expect(state).toMatchObject({ standing: 'inconclusive', stages: [] })
    expect(state.text).toMatch(/^nothing is known .* of the 300 that a verdict needs/)
  })

  it('does not begin while anything speaks against it, and says all of it', () => {
    const world = worldOf({
      sight: {
        firing: [{ severity: 'ticket', text: 'budget' }],
        instances: [instance(0)],
        lane: { ...lane, holder: { deployment: 'd', owner: 'o', reason: '', since: 0 } } as never,
      },
    })
    const state = play(world)
    expect(state.standing).toBe('refused')
    expect(state.reasons.map(({ text }) => text)).toEqual([
      '1 of 3 instances are ready',
      'd has the environment, or waits for it',
      'a ticket fires: budget',
    ])
    expect(world.table).toBeUndefined()
    expect(play(worldOf({ now: 40_000 })).text).toBe('it could not begin at once')
  })
})

describe('what is found', () => {
  const stage = (ratePerSecond: number, how?: 'promise' | 'worse'): StageDone => ({
    ...{ share: 0.5, ratePerSecond, othersPerSecond: 1, requests: 1, watchedMs: 1, text: '' },
    ...(how ? { is: 'failed', how } : { is: 'passed' }),
  })
  it.each<[readonly StageDone[], string]>([
    [[], 'nothing is known of what one instance carries'],
    [[stage(100), stage(140, 'promise')], 'one instance carries 100/s, and less than 140/s'],
    [[stage(100), stage(140, 'worse')], 'one instance carries 100/s or more'],
    [[stage(100, 'promise')], 'one instance carries less than 100/s'],
    [[stage(90), stage(150), stage(140, 'promise')], 'one instance carries 90/s, and less than 140/s'],
  ])('%#', (stages, text) => {
    expect(foundText(foundIn(stages))).toBe(text)
  })

  it('asks for shares above an even one, up to the most', () => {
    expect(sharesOf({ maxShare: 0.6 }, 2).map((share) => Number(share.toFixed(3)))).toEqual([0.5, 0.6])
    expect(sharesOf({ maxShare: 0.6, shares: [0.2, 0.4, 0.6, 0.8] }, 4)).toEqual([0.25, 0.4, 0.6])
    expect(sharesOf({ maxShare: 0.3 }, 2)).toEqual([0.5])
  })
})
