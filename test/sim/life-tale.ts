import { expect } from 'vitest'
import { checkConfig } from '../../src/config/check.ts'
import type { ServiceConfig } from '../../src/config/schema.ts'
import {
  type AbsoluteBody,
  absoluteKind,
  type DeploymentState,
  type LaneState,
  type LifeState,
  measuredParty,
} from '../../src/deploy/index.ts'
import { orderDeployment } from '../../src/flow/orders.ts'
import type { Plimsoll } from '../../src/flow/plimsoll.ts'
import { laneRef, readLane, serviceRef } from '../../src/flow/records.ts'
import { newService } from '../../src/flow/service.ts'
import type { Json, Key } from '../../src/kernel/index.ts'
import type { LineTestEnd } from '../../src/load/index.ts'
import type { WorkEnd, WorkSpec } from '../../src/pipeline/index.ts'
import type { Tale } from './explore.ts'
import type { Script } from './machine-world.ts'
import { release, type Stage, setStage, wellBehaved } from './stage.ts'

/** A service whose environment `perf` is in step with production. */
export function serviceWith(perf: object, production: object = {}): ServiceConfig {
  const { config, problems } = checkConfig({
    service: 'payments',
    start: { command: 'serve' },
    pipeline: { test: { steps: [{ run: 'test' }] } },
    migrate: { run: './migrate' },
    slos: [{ kind: 'latency', objective: 0.99, below: '250ms' }],
    load: { besideProduction: true },
    environments: {
      production: { gates: [], port: 8080, ...production },
      perf: {
        inStepWith: 'production',
        port: 8090,
        loadTest: {
          ...('asleep' in perf ? {} : { wake: { run: './wake' }, rest: { run: './rest' } }),
          clean: { run: './clean' },
          seed: { run: './seed', timeout: '5s', env: { PASSWORD: { secret: 'PASSWORD' } } },
          ...perf,
        },
      },
    },
  })
  if (!config) throw new Error(JSON.stringify(problems))
  return config
}

async function configure({ runner }: Plimsoll, config: ServiceConfig): Promise<void> {
  await runner.create(serviceRef('payments'), newService('payments') as unknown as Json)
  await runner.tell(serviceRef('payments'), { is: 'guard', guard: { run: 1, commit: 'c0ffee', config } })
}

export const bring = ({ world, runner }: Plimsoll, n: number) =>
  orderDeployment(world, runner, {
    name: `deploy ${n}`,
    service: 'payments',
    environment: 'production',
    release: release(n),
    kind: 'deploy',
    actor: 'ada',
    reason: `release ${n}`,
  })

export type Seen = { perf: LaneState | undefined; deployments: DeploymentState[]; tests: LifeState[] }

export const statesOf = async <S>({ store }: Stage, kind: string): Promise<S[]> =>
  (await store.journal.list({ kind })).map(({ state }) => state as unknown as S)

export type Wish = {
  readonly config?: ServiceConfig
  /** What has happened before, without any crash. */
  readonly before?: (plimsoll: Plimsoll, stage: Stage) => Promise<void>
  readonly ask: (plimsoll: Plimsoll, stage: Stage) => Promise<void>
  readonly awayMs?: number
  readonly tests: number
  readonly over?: (seen: Seen) => boolean
  readonly scriptOf?: (key: Key) => Script | undefined
  readonly workOf?: (spec: WorkSpec, stage: Stage) => WorkEnd
  readonly endOf?: () => LineTestEnd | 'lost'
  readonly missingSecrets?: readonly string[]
  readonly check: (seen: Seen, stage: Stage) => Promise<void>
}

const inPerf = (one: { environment: string }) => one.environment === 'perf'

const nothingSeen: Seen = { perf: undefined, deployments: [], tests: [] }

export function tale(name: string, wish: Wish): Tale {
  const { before, ask, awayMs, tests, over = () => true, scriptOf, workOf, endOf, missingSecrets = [] } = wish
  const config = wish.config ?? serviceWith({})
  let seen = nothingSeen
  let settled = false
  return {
    name,
    stage: () => {
      seen = nothingSeen
      settled = false
      const stage: Stage = setStage({
        scriptOf: (key) => scriptOf?.(key) ?? (key.startsWith('fleet/') ? wellBehaved : { endsAfterMs: 200 }),
        missingSecrets,
        ...(workOf ? { workOf: (spec) => workOf(spec, stage) } : {}),
        ...(endOf ? { lineEndOf: endOf } : {}),
      })
      return stage
    },
    ...(awayMs === undefined ? {} : { awayMs }),
    ...(before
      ? {
          async before(plimsoll, stage) {
            await configure(plimsoll, config)
            await before(plimsoll, stage)
          },
        }
      : {}),
    async ask(plimsoll, stage) {
      if (!before) await configure(plimsoll, config)
      await ask(plimsoll, stage)
    },
    async look(stage) {
      seen = {
        perf: await readLane(stage.store.journal, laneRef('payments', 'perf').id),
        deployments: (await statesOf<DeploymentState>(stage, 'deployment')).filter(inPerf),
        tests: (await statesOf<LifeState>(stage, 'loadTest')).sort((a, b) => a.number - b.number),
      }
      settled = !(await stage.store.journal.withPending()).some(({ kind }) => kind === 'loadTest')
    },
    over: ({ loadTests }) =>
      settled &&
      seen.tests.length === tests &&
      seen.tests.every(({ phase, id }) => phase === 'ended' && loadTests.tidied.includes(id)) &&
      seen.perf?.holder === undefined &&
      over(seen),
    async check(stage) {
      await leftAsFound(stage, seen, config)
      await wish.check(seen, stage)
    },
  }
}

/** Commands of a name in the order in which they were started. */
export const started = ({ host }: Stage, names: readonly string[]) =>
  [...host.processes.values()]
    .map(({ key, ended }) => ({ key, name: key.split('/').find((part) => names.includes(part)), ended }))
    .filter(({ name }) => name !== undefined)

const nameOfFleet = (key: Key): string => key.split('/')[1] ?? ''

/** What is live in perf is all that runs there, and takes requests; or everything sleeps. */
function onlyLiveRuns(stage: Stage, { perf }: Seen, asleep: boolean): void {
  const running = stage.machine.alive().filter(({ key }) => key.startsWith('fleet/payments.perf'))
  const live = asleep ? [] : [perf?.live?.fleet]
  expect(running.map(({ key }) => nameOfFleet(key))).toEqual(live)
  expect(stage.gateways.serving('payments.perf')).toEqual(live)
  expect(perf).toMatchObject({ live: { size: live.length }, queue: [] })
}

/** Nothing is left awake, nothing frozen; nothing was made twice, nothing beside another, no deployment under a test. */
async function leftAsFound(stage: Stage, seen: Seen, config: ServiceConfig): Promise<void> {
  const { asleep = true } = config.environments.perf?.loadTest ?? {}
  onlyLiveRuns(stage, seen, asleep)
  const last = started(stage, ['wake', 'rest']).at(-1)
  if (asleep) expect(last).toMatchObject({ name: 'rest', ended: { exit: 0 } })
  expect(stage.loadTests.mostAtOnce()).toBeLessThanOrEqual(1)
  expect(stage.loadTests.going()).toBe(0)
  for (const [key, times] of [...stage.machine.startsOf, ...stage.loadTests.startsOf])
    expect(times, key).toBe(1)
  for (const test of seen.tests) {
    const { release: measured } = measuredParty(test)
    const known = measured ? await stage.store.evidence.about(measured, [absoluteKind]) : []
    const own = known.filter(({ body }) => (body as unknown as AbsoluteBody).test === test.id)
    expect(own, test.id).toHaveLength(test.found ? 1 : 0)
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
