import { expect } from 'vitest'
import { absoluteKind, type LifeState } from '../../src/deploy/index.ts'
import type { Plimsoll } from '../../src/flow/plimsoll.ts'
import { loadTestRef } from '../../src/flow/records.ts'
import type { Key } from '../../src/kernel/index.ts'
import { bring, started, statesOf, tale } from './life-tale.ts'
import { release, until } from './stage.ts'
import { tellTales } from './tell-tales.ts'

const measured = tale('each release is measured in turn, and the environment sleeps in between', {
  tests: 2,
  async ask(plimsoll, stage) {
    await bring(plimsoll, 1)
    await until(plimsoll, async () => (await statesOf<LifeState>(stage, 'loadTest')).length > 0)
    await bring(plimsoll, 2)
  },
  async check(seen, stage) {
    // Production may go on before the first is measured, or meanwhile: then it is not, or was not in step, and that is said.
    const [first, second] = seen.tests
    if (first?.standing !== 'passed')
      expect(first).toMatchObject({
        standing: 'inconclusive',
        text: expect.stringMatching(/does not count: release is|was replaced by a2/),
      })
    expect(second?.standing).toBe('passed')
    expect(seen.tests.map(({ wanted }) => wanted)).toEqual([release(1), release(2)])
    expect(seen.deployments.map(({ standing }) => standing)).toEqual(['passed', 'passed'])
    const [evidence] = await stage.store.evidence.about(release(2), [absoluteKind])
    expect(evidence).toMatchObject({
      about: { release: release(2), environment: 'payments.perf' },
      body: {
        counts: true,
        doubts: [],
        text: 'carries 100/s',
        place: {
          ...{ instances: 1, inStepWith: 'production' },
          size: { applied: { is: 'machine', cpus: 4, memoryBytes: 8 * 2 ** 30 } },
        },
      },
    })
    expect(seen.tests[1]?.rail.map(({ title }) => title)).toEqual([
      'freeze deployments',
      'let no more requests in',
      'stop its instances',
      'wake what it depends on',
      'clean its data',
      'migrate its data',
      'seed its data',
      'start its instances',
      'let requests in',
      'search its load line',
      'keep what was found',
      'let no more requests in',
      'stop its instances',
      'let what it depends on rest',
      'let deployments in again',
    ])
  },
})

const failing =
  (name: string, exit = 1) =>
  (key: Key) =>
    key.includes(`/${name}/`) ? { endsAfterMs: 200, exit } : undefined

const unseeded = tale('data that cannot be seeded fail it, and nothing is left awake', {
  tests: 1,
  ask: (plimsoll) => bring(plimsoll, 1),
  scriptOf: failing('seed'),
  async check({ tests }) {
    expect(tests[0]).toMatchObject({
      standing: 'failed',
      text: 'seed its data: it exited with 1 after 200 ms',
    })
    expect(tests[0]?.found).toBeUndefined()
  },
})

const unmeasured = tale('what measures it is lost twice: red, and restored', {
  tests: 1,
  ask: (plimsoll) => bring(plimsoll, 1),
  endOf: () => 'lost',
  async check({ tests }, { loadTests }) {
    expect(tests[0]).toMatchObject({ standing: 'inconclusive', text: 'what measured it was lost' })
    expect(loadTests.startsOf.size).toBe(2)
  },
})

const inPerf = (key: Key) => key.startsWith('fleet/payments.perf')

/** Its instance is too busy from the middle of its search on, which takes two seconds. */
const busyUntil = (until: number) => (key: Key) =>
  inPerf(key) ? { healthyAfterMs: 300, busyMs: [1_500, until] as const } : undefined

const busy = tale('what more was asked of than it carries has time to recover', {
  tests: 1,
  ask: (plimsoll) => bring(plimsoll, 1),
  scriptOf: busyUntil(6_000),
  async check({ tests }) {
    expect(tests[0]).toMatchObject({ standing: 'passed', text: 'carries 100/s', doubts: [] })
  },
})

const worn = tale('what does not recover from its load is told, and does not count', {
  tests: 1,
  ask: (plimsoll) => bring(plimsoll, 1),
  scriptOf: busyUntil(Infinity),
  async check({ tests }) {
    expect(tests[0]).toMatchObject({
      standing: 'inconclusive',
      doubts: ['0 of 1 instances were ready 20 s after its last request: instance 0 connection refused'],
    })
  },
})

const fallen = tale('what ended under its load and was started again is told', {
  tests: 1,
  ask: (plimsoll) => bring(plimsoll, 1),
  scriptOf: (key) => {
    if (!inPerf(key)) return undefined
    // The first was brought by its deployment, and stopped for its data.
    return key.endsWith('/2') ? { healthyAfterMs: 300, endsAfterMs: 1_500, exit: 3 } : undefined
  },
  async check({ tests }) {
    expect(tests[0]).toMatchObject({
      standing: 'passed',
      text: 'carries 100/s; instance 0 exited with 3 after 1.5 s, and was started again',
      doubts: [],
    })
  },
})

let restsTried = 0
const restless = tale('a command that does not let it rest is tried again', {
  tests: 1,
  ask: async (plimsoll) => {
    restsTried = 0
    await bring(plimsoll, 1)
  },
  scriptOf: (key) => (key.includes('/rest/') && ++restsTried < 3 ? { endsAfterMs: 200, exit: 1 } : undefined),
  async check({ tests }) {
    expect(tests[0]?.standing).toBe('passed')
  },
})

const cancelled = tale('cancelled under load: what measures ends first, then it is restored', {
  tests: 1,
  async ask(plimsoll, stage) {
    await bring(plimsoll, 1)
    await until(plimsoll, async () => stage.loadTests.startsOf.size > 0)
    await plimsoll.runner.tell(loadTestRef('payments.perf.test-1'), {
      is: 'cancel',
      actor: 'ada',
      reason: 'needed now',
    })
  },
  async check({ tests }) {
    // A crash may have let it end before whoever asked could ask again.
    if (tests[0]?.standing === 'passed') return
    expect(tests[0]).toMatchObject({ standing: 'cancelled', text: 'cancelled by ada: needed now' })
  },
})

const seeding = async ({ world }: Plimsoll): Promise<boolean> => {
  const [test] = await world.journal.list({ kind: 'loadTest' })
  return ['seed its data', 'asleep'].includes((test?.state as unknown as LifeState | undefined)?.text ?? '')
}

const cannotSeed = (how: 'cancelled' | 'left alone') =>
  tale(`a command that lacks a secret holds nothing up for ever, ${how}`, {
    tests: 1,
    missingSecrets: ['PASSWORD'],
    async ask(plimsoll) {
      await bring(plimsoll, 1)
      if (how === 'left alone') return
      await until(plimsoll, () => seeding(plimsoll))
      const word = { is: 'cancel', actor: 'ada', reason: 'nobody knows the password' }
      await plimsoll.runner.tell(loadTestRef('payments.perf.test-1'), word)
    },
    async check({ tests: [test] }, stage) {
      expect(test?.standing).toBe(how === 'cancelled' ? 'cancelled' : 'failed')
      expect(test?.text).toMatch(
        how === 'cancelled' ? /cancelled by ada: nobody knows the password/ : /^seed its data: .*PASSWORD/,
      )
      expect(started(stage, ['seed'])).toEqual([])
      expect(stage.loadTests.startsOf.size).toBe(0)
    },
  })

const unfollowed = tale('what was woken for a release that does not get there rests again', {
  tests: 2,
  async ask(plimsoll, stage) {
    await bring(plimsoll, 1)
    await until(plimsoll, async () =>
      (await statesOf<LifeState>(stage, 'loadTest')).some(({ phase }) => phase === 'ended'),
    )
    await bring(plimsoll, 2)
  },
  scriptOf: (key) => (key.startsWith('fleet/payments.perf.2') ? { endsAfterMs: 100, exit: 1 } : undefined),
  async check({ tests, deployments, perf }) {
    expect(deployments.map(({ standing }) => standing).sort()).toEqual(['failed', 'passed'])
    expect(perf?.live?.release).toBe(release(1))
    expect(tests.map(({ text }) => text)).toEqual(['carries 100/s', 'asleep'])
  },
})

const tales = [
  measured,
  unseeded,
  unmeasured,
  busy,
  cancelled,
  cannotSeed('cancelled'),
  cannotSeed('left alone'),
  unfollowed,
]

tellTales('the life of an environment around a load test', {
  tales,
  plain: [restless, worn, fallen],
  reaches: ['loadTests.tidy', 'gateways.apply', 'commands.start'],
})
