import { expect } from 'vitest'
import type { ServiceConfig } from '../../src/config/schema.ts'
import { type AbsoluteBody, absoluteKind, type LifeState, type Sized } from '../../src/deploy/index.ts'
import { orderLoadTest, orderMeasuring } from '../../src/flow/load-tests.ts'
import type { Plimsoll } from '../../src/flow/plimsoll.ts'
import { laneRef, loadTestRef, readLane } from '../../src/flow/records.ts'
import { type Digest, type Key, shortDigest } from '../../src/kernel/index.ts'
import type { WorkSpec } from '../../src/pipeline/index.ts'
import { putJson } from '../../src/store/index.ts'
import { change, digest, workEnds } from './changes.ts'
import { bring, type Seen, serviceWith, started, statesOf, tale, type Wish } from './life-tale.ts'
import { release, type Stage, until } from './stage.ts'
import { tellTales } from './tell-tales.ts'

/** Nothing is measured by itself: only what is asked for. */
const asleep = serviceWith({ afterDeployment: false })
const awake = serviceWith({ afterDeployment: false, asleep: false })

const isLiveInPerf = async ({ store }: Stage, n: number): Promise<boolean> => {
  const lane = await readLane(store.journal, laneRef('payments', 'perf').id)
  return lane?.live?.release === release(n) && lane.holder === undefined
}

const allEnded = async (stage: Stage): Promise<boolean> =>
  (await statesOf<LifeState>(stage, 'loadTest')).every(({ phase }) => phase === 'ended')

/** Release 1 runs in production, and in perf. */
const inStep = async (plimsoll: Plimsoll, stage: Stage): Promise<void> => {
  await bring(plimsoll, 1)
  await until(plimsoll, () => isLiveInPerf(stage, 1))
  await plimsoll.world.clock.until(plimsoll.world.clock.now() + 2_000)
  await until(plimsoll, () => allEnded(stage))
}

const measure = async ({ world, runner }: Plimsoll, n: number, sized?: Sized): Promise<void> => {
  await orderLoadTest(world, runner, {
    name: `measure ${n}`,
    service: 'payments',
    environment: 'perf',
    cause: 'person',
    actor: 'ada',
    reason: 'how much does it carry?',
    measures: true,
    guest: { release: release(n) },
    ...(sized ? { sized } : {}),
  })
}

const measuredIn = async ({ store }: Stage, of: Digest): Promise<AbsoluteBody | undefined> =>
  (await store.evidence.about(of, [absoluteKind]))[0]?.body as unknown as AbsoluteBody | undefined

const guestTale = (name: string, wish: Omit<Wish, 'before'>) => tale(name, { before: inStep, ...wish })

/** In an environment that sleeps the deployment before has left one that only put it to sleep. */
const guestIn = ({ tests }: Seen): LifeState | undefined => tests.find(({ cause }) => cause === 'person')

const comesAndGoes = guestTale('a release is measured, and everything sleeps as before', {
  config: asleep,
  tests: 2,
  ask: (plimsoll) => measure(plimsoll, 2),
  async check(seen, stage) {
    const test = guestIn(seen)
    expect(test).toMatchObject({ standing: 'passed', text: 'carries 100/s', doubts: [] })
    expect(test?.left).toBeUndefined()
    expect(seen.perf).toMatchObject({
      live: { release: release(1) },
      schema: { release: release(1), whole: true },
    })
    const [a, b] = [1, 2].map((n) => shortDigest(release(n)))
    expect(await measuredIn(stage, release(2))).toMatchObject({
      counts: true,
      doubts: [],
      guest: {
        instead: release(1),
        butFor: [
          `release is ${b}, and ${a} in production`,
          `schema is migrated by ${b}, and migrated by ${a} in production`,
        ],
      },
      place: { environment: 'payments.perf', inStepWith: 'production', instances: 1, seeded: true },
    })
    expect(await measuredIn(stage, release(1))).toBeUndefined()
    expect(test?.rail.map(({ title }) => title)).toEqual([
      'freeze deployments',
      'let no more requests in',
      'stop its instances',
      'wake what it depends on',
      'clean its data',
      'migrate its data',
      'seed its data',
      'bring the release',
      'let requests in',
      'search its load line',
      'keep what was found',
      'let no more requests in',
      'take the release away again',
      'clean its data, for what comes back',
      'migrate its data, for what comes back',
      'stop its instances',
      'let what it depends on rest',
      'let deployments in again',
    ])
    const ran = started(stage, ['clean', 'migrate', 'seed', 'back-clean', 'back-migrate'])
      .filter(({ key }) => key.includes(test?.id ?? '-'))
      .map(({ key }) => [stage.host.processes.get(key)?.spec.env.RELEASE, key.split('/')[2]])
    expect(ran).toEqual([
      [release(2), 'clean'],
      [release(2), 'migrate'],
      [release(2), 'seed'],
      [release(1), 'back-clean'],
      [release(1), 'back-migrate'],
    ])
  },
})

const away = guestTale('nobody lives for an hour in between', {
  config: awake,
  awayMs: 3_600_000,
  tests: 1,
  ask: (plimsoll) => measure(plimsoll, 2),
  async check({ tests: [test] }) {
    expect(test).toMatchObject({ standing: 'passed', text: 'carries 100/s' })
  },
})

const cannotStart = guestTale('a release that does not start is red, and what ran before serves again', {
  config: awake,
  tests: 1,
  ask: (plimsoll) => measure(plimsoll, 2),
  scriptOf: (key: Key) =>
    key.startsWith('fleet/payments.perf.test-') ? { endsAfterMs: 100, exit: 1 } : undefined,
  async check({ tests: [test], perf }, stage) {
    expect(test).toMatchObject({
      standing: 'failed',
      text: expect.stringMatching(/^instance 0 exited with 1 after 100 ms, \d+ times$/),
    })
    expect(test?.left).toBeUndefined()
    expect(perf).toMatchObject({ live: { release: release(1) }, schema: { release: release(1) } })
    expect(stage.loadTests.startsOf.size).toBe(0)
  },
})

const cancelled = guestTale('cancelled under load, what ran before serves again', {
  config: awake,
  tests: 1,
  async ask(plimsoll, stage) {
    await measure(plimsoll, 2)
    await until(plimsoll, async () => stage.loadTests.startsOf.size > 0)
    const word = { is: 'cancel', actor: 'ada', reason: 'needed now' }
    await plimsoll.runner.tell(loadTestRef('payments.perf.test-1'), word)
  },
  async check({ tests: [test], perf }) {
    expect(perf?.live?.release).toBe(release(1))
    // A crash may have let it end before whoever asked could ask again.
    if (test?.standing === 'passed') return
    expect(test).toMatchObject({ standing: 'cancelled', text: 'cancelled by ada: needed now' })
  },
})

const overtaken = guestTale('production goes on meanwhile, and what comes back is what runs there then', {
  config: awake,
  tests: 1,
  async ask(plimsoll, stage) {
    await measure(plimsoll, 2)
    await until(plimsoll, async () => (await statesOf<LifeState>(stage, 'loadTest'))[0]?.live !== undefined)
    await bring(plimsoll, 3)
  },
  over: ({ perf }) => perf?.live?.release === release(3),
  async check({ tests: [test], deployments }) {
    expect(test?.live?.release).toBe(release(1))
    expect(test?.found).toBeDefined()
    const inOrder = deployments.toSorted((a, b) => a.number - b.number)
    expect(inOrder.map(({ standing, release: of }) => [standing, of])).toEqual([
      ['passed', release(1)],
      ['passed', release(3)],
    ])
  },
})

/** The configuration is kept as the first run reads it. */
const building =
  (config: ServiceConfig) =>
  (spec: WorkSpec, { store }: Stage) => {
    void putJson(store.blobs, config as unknown as never)
    return workEnds(config, () => digest('c'))(spec)
  }

const build = ({ world, runner }: Plimsoll, n: number) =>
  orderMeasuring(world, runner, {
    ...{ service: 'payments', environment: 'perf', name: `change ${n}`, ref: `refs/tries/${n}` },
    ...{ change: change(n), actor: 'ada', reason: 'what does the branch carry?', checks: 'run' },
  })

const built = guestTale('a branch goes through its pipeline, holds nobody up meanwhile, and is measured', {
  config: awake,
  tests: 2,
  workOf: building(awake),
  async ask(plimsoll, stage) {
    await build(plimsoll, 7)
    await until(plimsoll, async () => (await statesOf<LifeState>(stage, 'loadTest')).length > 0)
    await measure(plimsoll, 2)
  },
  scriptOf: (key) => (key.startsWith('run/') ? { endsAfterMs: 25_000 } : undefined),
  async check({ tests: [branch, other] }, { loadTests, store }) {
    expect([branch?.standing, other?.standing]).toEqual(['passed', 'passed'])
    expect(branch?.guest?.release).toBe(digest(change(7).id))
    expect(other?.startedAt).toBeLessThan(branch?.startedAt ?? 0)
    expect(loadTests.dropped).toContain('refs/tries/7')
    expect((await store.evidence.about(digest(change(7).id), [absoluteKind])).length).toBe(1)
  },
})

const unbuilt = guestTale('a branch whose pipeline fails is red, with the reason, and disturbs nobody', {
  config: awake,
  tests: 1,
  workOf: building(awake),
  ask: async (plimsoll) => void (await build(plimsoll, 7)),
  scriptOf: (key) => (key.startsWith('run/') ? { endsAfterMs: 200, exit: 1 } : undefined),
  async check({ tests: [test] }, { loadTests }) {
    expect(test).toMatchObject({
      standing: 'failed',
      text: expect.stringMatching(/^its pipeline: test failed: .*\(payments\.1\)$/),
    })
    expect(test?.startedAt).toBeUndefined()
    expect(loadTests.dropped).toContain('refs/tries/7')
  },
})

const unclean = guestTale('data that cannot be brought back are said, and drift', {
  config: asleep,
  tests: 2,
  ask: (plimsoll) => measure(plimsoll, 2),
  scriptOf: (key) => (key.includes('/back-migrate/') ? { endsAfterMs: 200, exit: 3 } : undefined),
  async check(seen) {
    expect(guestIn(seen)).toMatchObject({
      standing: 'failed',
      left: [expect.stringMatching(/^migrate its data/)],
    })
    expect(seen.perf?.schema).toEqual({ release: release(2), whole: false })
  },
})

const unasked = guestTale('what is live already is measured as it is', {
  config: awake,
  tests: 1,
  ask: (plimsoll) => measure(plimsoll, 1),
  async check({ tests: [test] }, stage) {
    expect(test).toMatchObject({ standing: 'passed' })
    expect(test?.guest).toBeUndefined()
    expect(await measuredIn(stage, release(1))).toMatchObject({ counts: true })
  },
})

const larger = guestTale('what is live is measured with more instances, which says nothing of those it has', {
  config: asleep,
  tests: 2,
  ask: (plimsoll) => measure(plimsoll, 1, { instances: 2 }),
  async check(seen, stage) {
    const test = guestIn(seen)
    expect(test).toMatchObject({ standing: 'passed', doubts: [], guest: { release: release(1) } })
    expect(test?.settings.test).not.toHaveProperty('least')
    expect(test?.left).toBeUndefined()
    expect(await measuredIn(stage, release(1))).toMatchObject({
      counts: true,
      sized: { instances: 2 },
      guest: { butFor: ['instances is 2 instances, and 1 instance, which makes 1 here in production'] },
      place: { instances: 2 },
    })
    // The data are its own, at whatever size: nothing is migrated for what comes back.
    expect(started(stage, ['back-clean', 'back-migrate'])).toEqual([])
    expect(seen.perf).toMatchObject({
      live: { release: release(1) },
      schema: { release: release(1), whole: true },
    })
  },
})

const tales = [comesAndGoes, larger, away, cannotStart, cancelled, overtaken, built, unbuilt]

tellTales('a release that is brought to be measured', {
  tales,
  plain: [unclean, unasked],
  reaches: ['loadTests.tidy'],
})
