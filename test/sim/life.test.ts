import { describe, expect, it } from 'vitest'
import { checkConfig } from '../../src/config/check.ts'
import {
  type AbsoluteBody,
  absoluteKind,
  type DeploymentState,
  type LaneState,
  type LifeState,
} from '../../src/deploy/index.ts'
import { orderDeployment } from '../../src/flow/orders.ts'
import type { Plimsoll } from '../../src/flow/plimsoll.ts'
import { laneRef, loadTestRef, readLane, serviceRef } from '../../src/flow/records.ts'
import { newService } from '../../src/flow/service.ts'
import type { Json, Key } from '../../src/kernel/index.ts'
import type { LineTestEnd } from '../../src/load/index.ts'
import { exploreCrashes, play, type Tale } from './explore.ts'
import type { Script } from './machine-world.ts'
import { release, type Stage, setStage, wellBehaved } from './stage.ts'

const { config, problems } = checkConfig({
  service: 'payments',
  start: { command: 'serve' },
  pipeline: { test: { steps: [{ run: 'test' }] } },
  migrate: { run: './migrate' },
  slos: [{ kind: 'latency', objective: 0.99, below: '250ms' }],
  load: { besideProduction: true },
  environments: {
    production: { gates: [], port: 8080 },
    perf: {
      inStepWith: 'production',
      port: 8090,
      loadTest: {
        wake: { run: './wake' },
        rest: { run: './rest' },
        clean: { run: './clean' },
        seed: { run: './seed', timeout: '5s', env: { PASSWORD: { secret: 'PASSWORD' } } },
      },
    },
  },
})

async function configure({ runner }: Plimsoll): Promise<void> {
  if (!config) throw new Error(JSON.stringify(problems))
  await runner.create(serviceRef('payments'), newService('payments') as unknown as Json)
  await runner.tell(serviceRef('payments'), { is: 'guard', guard: { run: 1, commit: 'c0ffee', config } })
}

const bring = ({ world, runner }: Plimsoll, n: number) =>
  orderDeployment(world, runner, {
    name: `deploy ${n}`,
    service: 'payments',
    environment: 'production',
    release: release(n),
    kind: 'deploy',
    actor: 'ada',
    reason: `release ${n}`,
  })

async function until(plimsoll: Plimsoll, holds: () => Promise<boolean>): Promise<void> {
  const { clock } = plimsoll.world
  while (!(await holds())) await clock.until(clock.now() + 100)
}

type Seen = { perf: LaneState | undefined; deployments: DeploymentState[]; tests: LifeState[] }

const statesOf = async <S>({ store }: Stage, kind: string): Promise<S[]> =>
  (await store.journal.list({ kind })).map(({ state }) => state as unknown as S)

type Wish = {
  readonly ask: (plimsoll: Plimsoll, stage: Stage) => Promise<void>
  readonly tests: number
  readonly scriptOf?: (key: Key) => Script | undefined
  readonly endOf?: () => LineTestEnd | 'lost'
  readonly missingSecrets?: readonly string[]
  readonly check: (seen: Seen, stage: Stage) => Promise<void>
}

const inPerf = (one: { environment: string }) => one.environment === 'perf'

function tale(name: string, { ask, tests, scriptOf, endOf, missingSecrets = [], check }: Wish): Tale {
  let seen: Seen = { perf: undefined, deployments: [], tests: [] }
  return {
    name,
    stage: () => {
      seen = { perf: undefined, deployments: [], tests: [] }
      return setStage({
        scriptOf: (key) => scriptOf?.(key) ?? (key.startsWith('fleet/') ? wellBehaved : { endsAfterMs: 200 }),
        missingSecrets,
        ...(endOf ? { lineEndOf: endOf } : {}),
      })
    },
    async ask(plimsoll, stage) {
      await configure(plimsoll)
      await ask(plimsoll, stage)
    },
    async look(stage) {
      seen = {
        perf: await readLane(stage.store.journal, laneRef('payments', 'perf').id),
        deployments: (await statesOf<DeploymentState>(stage, 'deployment')).filter(inPerf),
        tests: (await statesOf<LifeState>(stage, 'loadTest')).sort((a, b) => a.number - b.number),
      }
    },
    over: ({ loadTests }) =>
      seen.tests.length === tests &&
      seen.tests.every(({ phase, id }) => phase === 'ended' && loadTests.tidied.includes(id)) &&
      seen.perf?.holder === undefined,
    async check(stage) {
      await leftAsFound(stage, seen)
      await check(seen, stage)
    },
  }
}

/** Commands of a name in the order in which they were started. */
const started = ({ host }: Stage, names: readonly string[]) =>
  [...host.processes.values()]
    .map(({ key, ended }) => ({ name: key.split('/').find((part) => names.includes(part)), ended }))
    .filter(({ name }) => name !== undefined)

/** Nothing is left awake, nothing frozen; nothing was made twice, nothing beside another, no deployment under a test. */
async function leftAsFound(stage: Stage, { perf, tests }: Seen): Promise<void> {
  expect(perf).toMatchObject({ live: { size: 0 }, queue: [] })
  const alive = stage.machine.alive().filter(({ key }) => key.startsWith('fleet/payments.perf'))
  expect(alive.map(({ key }) => key)).toEqual([])
  expect(stage.gateways.serving('payments.perf')).toEqual([])
  const last = started(stage, ['wake', 'rest']).at(-1)
  expect(last).toMatchObject({ name: 'rest', ended: { exit: 0 } })
  expect(stage.loadTests.mostAtOnce()).toBeLessThanOrEqual(1)
  expect(stage.loadTests.going()).toBe(0)
  for (const [key, times] of [...stage.machine.startsOf, ...stage.loadTests.startsOf])
    expect(times, key).toBe(1)
  for (const { id, live, found } of tests) {
    const known = live ? await stage.store.evidence.about(live.release, [absoluteKind]) : []
    const own = known.filter(({ body }) => (body as unknown as AbsoluteBody).test === id)
    expect(own, id).toHaveLength(found ? 1 : 0)
  }
  await undisturbed(stage)
}

/** While an environment is frozen no deployment to it moves. */
async function undisturbed({ store }: Stage): Promise<void> {
  let frozen: string | undefined
  for (const { type, body } of await store.journal.events(0, 100_000)) {
    const { environment, owner, loadTest } = body as Record<string, string | undefined>
    if (environment !== 'perf') continue
    if (type === 'environment.held' && owner?.startsWith('load test')) frozen = owner
    if (type === 'environment.freed' && loadTest !== undefined) frozen = undefined
    if (type === 'deployment.stage') expect(frozen).toBeUndefined()
  }
}

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
        place: { instances: 1, inStepWith: 'production' },
      },
    })
    expect(seen.tests[1]?.rail.map(({ title }) => title)).toEqual([
      'freeze deployments',
      'let no more requests in',
      'stop its instances',
      'wake what it depends on',
      'clean its data',
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
  cancelled,
  cannotSeed('cancelled'),
  cannotSeed('left alone'),
  unfollowed,
]

describe('the life of an environment around a load test', () => {
  it.each([...tales, restless])('without a crash: $name', async (one) => {
    await play(one, undefined)
  })

  it.each(tales)('at every crash point: $name', { timeout: 900_000 }, async (one) => {
    const { points, names } = await exploreCrashes(one)
    console.log(`${one.name}: ${points} crash points`)
    for (const call of ['loadTests.tidy', 'gateways.apply', 'commands.start'])
      expect(names).toHaveProperty([call])
  })
})
