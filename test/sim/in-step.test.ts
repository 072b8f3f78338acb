import { expect } from 'vitest'
import { checkConfig } from '../../src/config/check.ts'
import type { DeploymentState, LaneState, WatchState } from '../../src/deploy/index.ts'
import { orderDeployment } from '../../src/flow/orders.ts'
import type { Plimsoll } from '../../src/flow/plimsoll.ts'
import {
  inStepRef,
  laneRef,
  readDeployment,
  readLane,
  readWatch,
  serviceRef,
} from '../../src/flow/records.ts'
import { newService } from '../../src/flow/service.ts'
import type { Json } from '../../src/kernel/index.ts'
import type { Tale } from './explore.ts'
import { release, type Stage, setStage, wellBehaved } from './stage.ts'
import { tellTales } from './tell-tales.ts'

const { config, problems } = checkConfig({
  service: 'payments',
  start: { command: 'serve' },
  pipeline: { test: { steps: [{ run: 'test' }] } },
  migrate: { run: './migrate' },
  environments: {
    production: { instances: 3, gates: [], port: 8080 },
    perf: {
      inStepWith: 'production',
      size: 1 / 3,
      port: 8090,
      env: { DB_URL: 'db://perf' },
      differs: { 'env.DB_URL': 'a database of its own' },
    },
  },
})

async function configure({ runner }: Plimsoll): Promise<void> {
  if (!config) throw new Error(JSON.stringify(problems))
  await runner.create(serviceRef('payments'), newService('payments') as unknown as Json)
  await runner.tell(serviceRef('payments'), { is: 'guard', guard: { run: 1, commit: 'c0ffee', config } })
}

const bring = ({ world, runner }: Plimsoll, n: number, kind: 'deploy' | 'rollback' = 'deploy') =>
  orderDeployment(world, runner, {
    name: `${kind} ${n}`,
    service: 'payments',
    environment: 'production',
    release: release(n),
    kind,
    actor: 'ada',
    reason: `release ${n}`,
  })

async function until(plimsoll: Plimsoll, holds: () => Promise<boolean>): Promise<void> {
  const { clock } = plimsoll.world
  while (!(await holds())) await clock.until(clock.now() + 100)
}

type Seen = {
  production: LaneState | undefined
  perf: LaneState | undefined
  watch: WatchState | undefined
  followed: readonly (DeploymentState | undefined)[]
}

async function seeIn({ store: { journal } }: Stage): Promise<Seen> {
  const perf = await readLane(journal, laneRef('payments', 'perf').id)
  const numbers = Array.from({ length: perf?.count ?? 0 }, (_, i) => i + 1)
  return {
    perf,
    production: await readLane(journal, laneRef('payments', 'production').id),
    watch: await readWatch(journal, inStepRef('payments', 'perf')),
    followed: await Promise.all(numbers.map((number) => readDeployment(journal, `payments.perf.${number}`))),
  }
}

const isFree = (lane: LaneState | undefined) => lane?.live && !lane.holder && lane.queue.length === 0

const happened = async (stage: Stage, type: string) =>
  (await stage.store.journal.events(0, 10_000)).filter((event) => event.type === type).map(({ body }) => body)

/** Which releases production brings, the last as a way back when it ran before, and which fail in the other. */
function tale(
  name: string,
  brought: readonly number[],
  ill: number | undefined,
  check: (stage: Stage, seen: Seen) => Promise<void>,
): Tale {
  let seen: Seen | undefined
  return {
    name,
    stage: () => {
      seen = undefined
      return setStage({
        scriptOf: (key, spec) => {
          if (key.includes('/task/')) return { endsAfterMs: 200 }
          const isIll = key.startsWith('fleet/payments.perf') && spec?.env.RELEASE === release(ill ?? 0)
          return isIll ? { endsAfterMs: 100, exit: 1 } : wellBehaved
        },
      })
    },
    async ask(plimsoll) {
      await configure(plimsoll)
      for (const [i, n] of brought.entries()) {
        await bring(plimsoll, n, brought.indexOf(n) < i ? 'rollback' : 'deploy')
        await until(plimsoll, async () => {
          const brought = await readDeployment(plimsoll.world.journal, `payments.production.${i + 1}`)
          return brought?.phase === 'ended'
        })
      }
    },
    async look(stage) {
      seen = await seeIn(stage)
    },
    over: () =>
      seen !== undefined &&
      isFree(seen.production) === true &&
      isFree(seen.perf) === true &&
      seen.followed.length === brought.length &&
      seen.followed.every((one) => one?.phase === 'ended') &&
      seen.watch?.drift !== undefined &&
      seen.watch.leader === seen.production?.live?.release &&
      !seen.watch.drift.differences.some(({ what, coming }) => coming !== undefined || what === 'ready'),
    check: (stage) => check(stage, seen as Seen),
  }
}

const whatDiffers = ({ watch }: Seen) => watch?.drift?.differences.map(({ what }) => what)

const follows = tale('follows forth and back', [1, 2, 1], undefined, async (stage, seen) => {
  expect(seen.followed.map((one) => [one?.kind, one?.release, one?.standing])).toEqual([
    ['promote', release(1), 'passed'],
    ['promote', release(2), 'passed'],
    ['rollback', release(1), 'passed'],
  ])
  expect(seen.perf).toMatchObject({
    live: { release: release(1), size: 1 },
    schema: { release: release(2), whole: true },
  })
  expect(seen.production?.schema).toEqual({ release: release(2), whole: true })
  expect(whatDiffers(seen)).toEqual(['env.DB_URL'])
  const started = [...stage.host.processes.values()].filter(({ key }) =>
    key.startsWith('fleet/payments.perf'),
  )
  expect(new Set(started.map(({ spec }) => spec.env.DB_URL))).toEqual(new Set(['db://perf']))
  for (const [key, times] of stage.machine.startsOf) expect(times, key).toBe(1)
})

const fails = tale('tells of what it cannot follow', [1, 2], 2, async (stage, seen) => {
  expect(seen.followed.map((one) => one?.standing)).toEqual(['passed', 'failed'])
  expect(seen.perf?.live?.release).toBe(release(1))
  expect(whatDiffers(seen)).toEqual(['release', 'env.DB_URL'])
  const { live, before: [first] = [] } = seen.production ?? {}
  // Unless production had gone on before it had the first: then they never ran the same.
  const wereTogether = (seen.perf?.live?.since ?? 0) < (live?.since ?? 0)
  const since = wereTogether ? live?.since : first?.since
  expect(seen.watch?.drift?.differences[0]).toMatchObject({
    since,
    because: expect.stringMatching(/^payments\.perf\.2 failed: /),
  })
  // It began once more than it ended, whoever lived: a crash may leave a moment in which nobody brings what runs there.
  const ofRelease = async (type: string) =>
    (await happened(stage, type)).filter((body) => (body as { what: string }).what === 'release')
  const began = await ofRelease('drift.began')
  expect(began).toHaveLength((await ofRelease('drift.ended')).length + 1)
  expect(began.at(-1)).toMatchObject({ since })
})

tellTales('an environment in step', { tales: [follows, fails], reaches: ['evidence.put'] })
