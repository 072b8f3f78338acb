import { describe, expect, it } from 'vitest'
import { checkConfig } from '../../src/config/check.ts'
import {
  type DeploymentOrder,
  type LaneState,
  type SqueezedBody,
  type SqueezeState,
  squeezedKind,
} from '../../src/deploy/index.ts'
import { orderDeployment } from '../../src/flow/orders.ts'
import type { Plimsoll } from '../../src/flow/plimsoll.ts'
import { laneRef, readLane, readSqueeze, serviceRef, squeezeRef } from '../../src/flow/records.ts'
import { newService } from '../../src/flow/service.ts'
import { orderSqueeze } from '../../src/flow/squeezes.ts'
import type { Json } from '../../src/kernel/index.ts'
import { exploreCrashes, play, type Tale } from './explore.ts'
import { ask, order, release, type Stage, setStage, until, wellBehaved } from './stage.ts'

function configured(watch: string): Json {
  const { config, problems } = checkConfig({
    service: 'payments',
    start: { command: 'serve' },
    slos: [{ kind: 'latency', objective: 0.99, below: '250ms' }],
    environments: {
      production: {
        ...{ instances: 2, gates: [], port: 8080 },
        squeeze: { maxShare: 0.7, stages: [0.6, 0.7], watch, minRequests: 20 },
      },
    },
  })
  if (!config) throw new Error(JSON.stringify(problems))
  return config as unknown as Json
}

const of = { service: 'payments', environment: 'production' }
const id = 'payments.production.squeeze-1'
const leaseMs = 10_000

const laneIn = ({ store: { journal } }: Stage) => readLane(journal, laneRef('payments', 'production').id)
const bring = ({ world, runner }: Plimsoll, n: number) =>
  orderDeployment(world, runner, {
    ...{ ...of, name: `deploy ${n}`, release: release(n), kind: 'deploy', actor: 'ada', reason: `${n}` },
  })

const squeeze = ({ world, runner }: Plimsoll) =>
  orderSqueeze(world, runner, { ...of, name: 'one', actor: 'ada', reason: 'to know', wish: {} })

/** The same on the other target: it is the gateway that squeezes. */
function orderInContainers(): DeploymentOrder {
  const plain = order(1)
  const start = { ...plain.settings.start, target: 'docker' as const, command: '' }
  return { ...plain, settings: { ...plain.settings, instances: 2, start } }
}

async function before(plimsoll: Plimsoll, stage: Stage, { watch = '1s', inContainers }: Wish): Promise<void> {
  const { runner } = plimsoll
  const config = configured(watch)
  await runner.create(serviceRef('payments'), newService('payments') as unknown as Json)
  await runner.tell(serviceRef('payments'), { is: 'guard', guard: { run: 1, commit: 'c0ffee', config } })
  await (inContainers ? ask(plimsoll, orderInContainers()) : bring(plimsoll, 1))
  await until(plimsoll, async () => {
    const lane = await laneIn(stage)
    return lane?.live !== undefined && lane.holder === undefined
  })
}

type Seen = { state: SqueezeState | undefined; lane: LaneState | undefined; settled: boolean }

type Wish = {
  readonly watch?: string
  readonly oneCarries?: number
  readonly awayMs?: number
  readonly inContainers?: boolean
  readonly meanwhile?: (plimsoll: Plimsoll, stage: Stage) => Promise<void>
  readonly over?: (seen: Seen) => boolean
  readonly check: (seen: Seen, stage: Stage) => Promise<void>
}

function tale(name: string, wish: Wish): Tale {
  let seen: Seen = { state: undefined, lane: undefined, settled: false }
  return {
    name,
    stage: () => {
      seen = { state: undefined, lane: undefined, settled: false }
      const { oneCarries } = wish
      return setStage({
        scriptOf: () => wellBehaved,
        inContainers: wish.inContainers ?? false,
        clients: { perSecond: 100, failing: () => 0, ...(oneCarries === undefined ? {} : { oneCarries }) },
      })
    },
    ...(wish.awayMs === undefined ? {} : { awayMs: wish.awayMs }),
    before: (plimsoll, stage) => before(plimsoll, stage, wish),
    async ask(plimsoll, stage) {
      // Whoever gets no answer asks again, by the same name: also when it is over meanwhile.
      await squeeze(plimsoll)
      await wish.meanwhile?.(plimsoll, stage)
    },
    async look(stage) {
      seen = {
        state: await readSqueeze(stage.store.journal, id),
        lane: await laneIn(stage),
        settled: !(await stage.store.journal.withPending()).some(({ kind }) => kind === 'squeeze'),
      }
    },
    over: () =>
      seen.settled &&
      seen.state?.phase === 'ended' &&
      (wish.over ? wish.over(seen) : seen.lane?.holder === undefined),
    async check(stage) {
      await evenAgain(stage, seen)
      await wish.check(seen, stage)
    },
  }
}

/** Nobody is squeezed any more, or ever was for longer than somebody said so; what is known is kept once. */
async function evenAgain(stage: Stage, { state, lane }: Seen): Promise<void> {
  const { order } = stage.gateways.tables.get('payments.production') ?? {}
  expect(order?.squeeze).toBeUndefined()
  expect(stage.gateways.serving('payments.production').length).toBeGreaterThanOrEqual(2)
  for (const { at, until: end, share } of stage.gateways.squeezes) {
    expect(end - at).toBeLessThanOrEqual(leaseMs)
    expect(share).toBeLessThanOrEqual(0.7)
  }
  const known = await stage.store.evidence.about(release(1), [squeezedKind])
  expect(known).toHaveLength(state?.found ? 1 : 0)
  expect(lane?.queue).toEqual([])
}

const whole = tale('one instance is asked more and more', {
  watch: '3s',
  oneCarries: 65,
  async check({ state }, stage) {
    expect(['passed', 'inconclusive', 'refused']).toContain(state?.standing)
    const [kept] = await stage.store.evidence.about(release(1), [squeezedKind])
    const { result } = (kept?.body ?? {}) as Partial<SqueezedBody>
    // A crash ends it: what had passed before is known all the same.
    if (result?.verdict === 'found') expect(result.interval).toMatchObject({ low: 60, high: 70 })
  },
})

const away = tale('nobody lives for a while', {
  oneCarries: 65,
  awayMs: 30_000,
  async check({ state }, stage) {
    const last = stage.gateways.squeezes.at(-1)
    if (state?.text.endsWith('the server was started again') && last)
      expect((state.endedAt ?? 0) - last.until).toBeGreaterThan(30_000 - leaseMs - 5_000)
  },
})

const deployed = tale('a deployment comes meanwhile', {
  async meanwhile(plimsoll, stage) {
    const isOn = async () => (await readSqueeze(stage.store.journal, id))?.phase !== 'waiting'
    await until(plimsoll, isOn)
    await bring(plimsoll, 2)
  },
  // What becomes of it from here on, others tell.
  over: ({ lane }) => lane?.holder?.deployment !== undefined || lane?.live?.release === release(2),
  async check({ state }) {
    expect(state?.text).toMatch(/waits for the environment|server was started again|at once|no instance may/)
  },
})

const isOver = async (stage: Stage, squeezed: string): Promise<boolean> =>
  (await readSqueeze(stage.store.journal, squeezed))?.phase === 'ended' &&
  (await laneIn(stage))?.holder === undefined

const left = tale('the server is stopped in order', {
  async meanwhile(plimsoll, stage) {
    await until(plimsoll, async () => (await readSqueeze(stage.store.journal, id))?.phase !== 'waiting')
    await plimsoll.stop()
    // The next server has nothing to go on with, and lets go of what it finds.
    await stage.live(undefined).plimsoll
  },
  async check({ state }) {
    expect(state?.text).toMatch(/the server was (stopped|started again)$|at once|no instance may/)
  },
})

describe('squeezes, crashed before and after every call', () => {
  it('find what one instance carries, when nothing goes wrong', async () => {
    const { stage } = await play(whole, undefined)
    const state = await readSqueeze(stage.store.journal, id)
    expect(state?.text).toMatch(/^one instance carries 60\/s, and less than 70\/s: /)
    expect(state?.stages).toHaveLength(3)
  })

  for (const one of [whole, away, deployed, left])
    it(one.name, { timeout: 120_000 }, async () => {
      const { points, names } = await exploreCrashes(one)
      expect(points).toBeGreaterThan(20)
      expect(names['gateways.apply']).toBeGreaterThan(2)
    })

  it('are over before the server is, when that is stopped in order: the next has nothing to go on with', async () => {
    const { stage } = await play(left, undefined)
    const state = await readSqueeze(stage.store.journal, id)
    expect(state?.text).toMatch(/: the server was stopped$/)
    // Far sooner than by the gateway's own time.
    expect((state?.endedAt ?? 0) - (stage.gateways.squeezes.at(-1)?.at ?? 0)).toBeLessThan(leaseMs / 2)
  })

  it('are one, when two are asked for at once', async () => {
    const ids = [id, 'payments.production.squeeze-2']
    const both = tale('two at once', {
      async meanwhile({ world, runner }) {
        const another = { ...of, name: 'two', actor: 'bob', reason: 'me too', wish: {} }
        await orderSqueeze(world, runner, another).catch(() => undefined)
      },
      check: async () => undefined,
    })
    const { stage } = await play({ ...both, check: async () => undefined }, undefined)
    const states = await Promise.all(ids.map((one) => readSqueeze(stage.store.journal, one)))
    expect(states.map((state) => state?.standing).filter((standing) => standing === 'passed')).toHaveLength(1)
    for (const state of states) expect(state?.text ?? '').not.toMatch(/squeeze-\d waits for the environment/)
  })

  it('take turns: each instance is squeezed in its time, and the evidence names it', async () => {
    const twice = tale('one after the other', {
      async meanwhile(plimsoll, stage) {
        const { world, runner } = plimsoll
        await until(plimsoll, () => isOver(stage, id))
        await orderSqueeze(world, runner, { ...of, name: 'two', actor: 'ada', reason: 'again', wish: {} })
        await until(plimsoll, () => isOver(stage, 'payments.production.squeeze-2'))
      },
      check: async () => undefined,
    })
    const { stage } = await play({ ...twice, check: async () => undefined }, undefined)
    const known = await stage.store.evidence.about(release(1), [squeezedKind])
    const places = known.map(({ body }) => (body as unknown as SqueezedBody).place.instance)
    expect(places.toSorted()).toEqual([0, 1])
  })

  it('go by the gateway, whatever instances are', async () => {
    const contained = tale('in containers', {
      ...{ oneCarries: 65, inContainers: true },
      async check({ state }, stage) {
        expect(state?.text).toMatch(/^one instance carries 60\/s, and less than 70\/s: /)
        const [kept] = await stage.store.evidence.about(release(1), [squeezedKind])
        const { place } = (kept?.body ?? {}) as Partial<SqueezedBody>
        expect(place?.target).toBe('docker')
        expect(place?.size?.applied).toMatchObject({ containers: { app: { cpus: 1, memoryBytes: 2 ** 30 } } })
      },
    })
    await play(contained, undefined)
  })

  it('stop when somebody says so', async () => {
    const stopped = tale('it is stopped', {
      async meanwhile(plimsoll, stage) {
        await until(plimsoll, async () => (await readSqueeze(stage.store.journal, id))?.phase === 'squeezing')
        await plimsoll.runner.tell(squeezeRef(id), { is: 'stop', actor: 'bob', reason: 'a sale' })
      },
      check: async ({ state }) => expect(state?.text).toMatch(/stopped by bob: a sale$/),
    })
    await play(stopped, undefined)
  })
})
