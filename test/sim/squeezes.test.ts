import { describe, expect, it } from 'vitest'
import { checkConfig } from '../../src/config/check.ts'
import { type LaneState, type SqueezedBody, type SqueezeState, squeezedKind } from '../../src/deploy/index.ts'
import { orderDeployment } from '../../src/flow/orders.ts'
import type { Plimsoll } from '../../src/flow/plimsoll.ts'
import { laneRef, readLane, readSqueeze, serviceRef, squeezeRef } from '../../src/flow/records.ts'
import { newService } from '../../src/flow/service.ts'
import { orderSqueeze } from '../../src/flow/squeezes.ts'
import type { Json } from '../../src/kernel/index.ts'
import { exploreCrashes, play, type Tale } from './explore.ts'
import { release, type Stage, setStage, until, wellBehaved } from './stage.ts'

const { config, problems } = checkConfig({
  service: 'payments',
  start: { command: 'serve' },
  slos: [{ kind: 'latency', objective: 0.99, below: '250ms' }],
  environments: {
    production: {
      ...{ instances: 2, gates: [], port: 8080 },
      squeeze: { maxShare: 0.7, stages: [0.6, 0.7], watch: '3s', minRequests: 50 },
    },
  },
})

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

async function before(plimsoll: Plimsoll, stage: Stage): Promise<void> {
  const { runner } = plimsoll
  if (!config) throw new Error(JSON.stringify(problems))
  await runner.create(serviceRef('payments'), newService('payments') as unknown as Json)
  await runner.tell(serviceRef('payments'), { is: 'guard', guard: { run: 1, commit: 'c0ffee', config } })
  await bring(plimsoll, 1)
  await until(plimsoll, async () => {
    const lane = await laneIn(stage)
    return lane?.live !== undefined && lane.holder === undefined
  })
}

type Seen = { state: SqueezeState | undefined; lane: LaneState | undefined; settled: boolean }

function tale(
  name: string,
  wish: {
    readonly oneCarries?: number
    readonly awayMs?: number
    readonly meanwhile?: (plimsoll: Plimsoll, stage: Stage) => Promise<void>
    readonly over?: (seen: Seen) => boolean
    readonly check: (seen: Seen, stage: Stage) => Promise<void>
  },
): Tale {
  let seen: Seen = { state: undefined, lane: undefined, settled: false }
  return {
    name,
    stage: () => {
      seen = { state: undefined, lane: undefined, settled: false }
      const { oneCarries } = wish
      return setStage({
        scriptOf: () => wellBehaved,
        clients: { perSecond: 100, failing: () => 0, ...(oneCarries === undefined ? {} : { oneCarries }) },
      })
    },
    ...(wish.awayMs === undefined ? {} : { awayMs: wish.awayMs }),
    before,
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
      seen.lane?.holder === undefined &&
      (wish.over?.(seen) ?? true),
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
  expect(stage.gateways.serving('payments.production')).toHaveLength(2)
  for (const { at, until: end, share } of stage.gateways.squeezes) {
    expect(end - at).toBeLessThanOrEqual(leaseMs)
    expect(share).toBeLessThanOrEqual(0.7)
  }
  const known = await stage.store.evidence.about(release(1), [squeezedKind])
  expect(known).toHaveLength(state?.found ? 1 : 0)
  expect(lane?.queue).toEqual([])
}

const whole = tale('one instance is asked more and more', {
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
  over: ({ lane }) => lane?.live?.release === release(2),
  async check({ state }) {
    expect(state?.text).toMatch(/waits for the environment|server was started again|at once|no instance may/)
  },
})

describe('squeezes, crashed before and after every call', () => {
  it('find what one instance carries, when nothing goes wrong', async () => {
    const { stage } = await play(whole, undefined)
    const state = await readSqueeze(stage.store.journal, id)
    expect(state?.text).toMatch(/^one instance carries 60\/s, and less than 70\/s: /)
    expect(state?.stages).toHaveLength(3)
  })

  for (const one of [whole, away, deployed])
    it(one.name, { timeout: 120_000 }, async () => {
      const { points, names } = await exploreCrashes(one)
      expect(points).toBeGreaterThan(20)
      expect(names['gateways.apply']).toBeGreaterThan(2)
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
