import { expect } from 'vitest'
import type { DeploymentOrder, DeploymentState, LaneState } from '../../src/deploy/index.ts'
import { laneRef } from '../../src/flow/records.ts'
import type { Tale } from './explore.ts'
import {
  ask,
  deploymentOf,
  laneOf,
  order,
  orderBy,
  release,
  type Stage,
  setStage,
  wellBehaved,
} from './stage.ts'
import { tellTales } from './tell-tales.ts'

type Seen = { lane: LaneState | undefined; deployments: (DeploymentState | undefined)[] }

/** A tale whose end is seen in the journal. */
function tale(
  name: string,
  props: Parameters<typeof setStage>[0],
  parts: Pick<Tale, 'ask' | 'awayMs'> & { deployments: number; check: (stage: Stage, seen: Seen) => void },
): Tale {
  let seen: Seen = { lane: undefined, deployments: [] }
  return {
    name,
    stage: () => {
      seen = { lane: undefined, deployments: [] }
      return setStage(props)
    },
    ask: parts.ask,
    ...(parts.awayMs === undefined ? {} : { awayMs: parts.awayMs }),
    async look(stage) {
      const deployments = await Promise.all(
        Array.from({ length: parts.deployments }, (_, i) => deploymentOf(stage, i + 1)),
      )
      seen = { lane: await laneOf(stage), deployments }
    },
    over: () =>
      seen.lane !== undefined &&
      seen.lane.holder === undefined &&
      seen.lane.queue.length === 0 &&
      seen.deployments.every((one) => one?.phase === 'ended'),
    check: async (stage) => parts.check(stage, seen),
  }
}

const fleetsAlive = (stage: Stage) =>
  [...new Set(stage.machine.alive().map((process) => process.key.split('/')[1]))].sort()

/** From the moment that all of the first release served, how few served at once. */
function fewestServing(stage: Stage): number {
  const served = stage.gateways.history.map((moment) => moment.serving)
  const from = served.indexOf(3)
  return from < 0 ? 0 : Math.min(...served.slice(from))
}

function noKeyStartedTwice(stage: Stage): void {
  for (const [key, times] of stage.machine.startsOf) expect(times, key).toBe(1)
}

/** Wherever it ended: nothing half done, nothing forgotten. */
function whole(stage: Stage, live: string): void {
  noKeyStartedTwice(stage)
  expect(stage.gateways.refusedTables).toEqual([])
  expect(stage.gateways.serving('payments.production')).toEqual([live, live, live])
}

const settled = (stage: Stage, live: string): void => expect(fleetsAlive(stage)).toEqual([live])

const first = tale(
  'the first deployment',
  { scriptOf: () => wellBehaved },
  {
    deployments: 1,
    ask: (plimsoll) => ask(plimsoll, order(1)),
    check(stage, { lane, deployments: [one] }) {
      expect(one?.standing).toBe('passed')
      expect(one?.verified).toMatchObject({ same: true, expected: release(1) })
      expect(lane?.live).toMatchObject({ release: release(1), fleet: 'payments.production.1', size: 3 })
      whole(stage, 'payments.production.1')
      settled(stage, 'payments.production.1')
    },
  },
)

const rolling = tale(
  'a rolling deployment',
  { scriptOf: () => wellBehaved },
  {
    deployments: 2,
    async ask(plimsoll) {
      await ask(plimsoll, order(1))
      await ask(plimsoll, order(2))
    },
    check(stage, { lane, deployments }) {
      expect(deployments.map((one) => one?.standing)).toEqual(['passed', 'passed'])
      expect(lane?.live?.release).toBe(release(2))
      expect(lane?.before.map((one) => one.release)).toEqual([release(1)])
      expect(fewestServing(stage)).toBeGreaterThanOrEqual(3)
      whole(stage, 'payments.production.2')
      settled(stage, 'payments.production.2')
    },
  },
)

const unwatched = tale(
  'instances that nobody looked at while they started, and that are busy when somebody does',
  { scriptOf: () => ({ healthyAfterMs: 300, busyMs: [7_000, 9_500] }) },
  {
    deployments: 1,
    // Longer than they may take to become healthy.
    awayMs: 8_000,
    ask: (plimsoll) => ask(plimsoll, order(1)),
    check(stage, { deployments: [one] }) {
      expect(one?.standing, JSON.stringify(one?.reasons)).toBe('passed')
      expect([...stage.machine.startsOf.keys()]).toHaveLength(3)
      noKeyStartedTwice(stage)
      settled(stage, 'payments.production.1')
    },
  },
)

const neverHealthy = (key: string) => (key.includes('.2/') ? {} : wellBehaved)

const undone = tale(
  'a release that never becomes healthy',
  { scriptOf: neverHealthy },
  {
    deployments: 2,
    async ask(plimsoll) {
      await ask(plimsoll, order(1))
      await ask(plimsoll, order(2))
    },
    check(stage, { lane, deployments: [one, two] }) {
      expect(one?.standing).toBe('passed')
      expect(two?.standing).toBe('failed')
      expect(two?.reasons[0]?.text).toMatch(/not healthy within 5\.0 s/)
      expect(lane?.live?.release).toBe(release(1))
      expect(lane?.rejected[release(2)]).toBe('payments.production.2')
      expect(fewestServing(stage)).toBeGreaterThanOrEqual(3)
      whole(stage, 'payments.production.1')
      settled(stage, 'payments.production.1')
    },
  },
)

/** The second instance of the new release crashes again and again: half of the rollout must be undone. */
const crashing = (key: string) => (key.includes('.2/1/') ? { endsAfterMs: 200, exit: 1 } : wellBehaved)

const halfWay = tale(
  'a release that fails half-way',
  { scriptOf: crashing },
  {
    deployments: 2,
    async ask(plimsoll) {
      await ask(plimsoll, order(1))
      await ask(plimsoll, order(2))
    },
    check(stage, { lane, deployments: [, two] }) {
      expect(two?.standing).toBe('failed')
      expect(two?.reasons[0]?.text).toMatch(/instance 1 exited with 1 .*, 3 times/)
      expect(lane?.live?.release).toBe(release(1))
      expect(fewestServing(stage)).toBeGreaterThanOrEqual(3)
      whole(stage, 'payments.production.1')
      settled(stage, 'payments.production.1')
    },
  },
)

const back = tale(
  'a rollback by hand to the release before',
  { scriptOf: () => wellBehaved },
  {
    deployments: 3,
    async ask(plimsoll) {
      await ask(plimsoll, order(1))
      await ask(plimsoll, order(2))
      await ask(plimsoll, order(3, { release: release(1), kind: 'rollback' }))
    },
    check(stage, { lane, deployments }) {
      expect(deployments.map((one) => one?.standing)).toEqual(['passed', 'passed', 'passed'])
      expect(lane?.live).toMatchObject({ release: release(1), fleet: 'payments.production.3' })
      expect(fewestServing(stage)).toBeGreaterThanOrEqual(3)
      whole(stage, 'payments.production.3')
      settled(stage, 'payments.production.3')
    },
  },
)

const blueGreen = tale(
  'a blue-green deployment',
  { scriptOf: () => wellBehaved },
  {
    deployments: 2,
    async ask(plimsoll) {
      await ask(plimsoll, order(1))
      await ask(plimsoll, orderBy(2, { is: 'blueGreen' }, 2_000))
    },
    check(stage, { lane, deployments }) {
      expect(deployments.map((one) => one?.standing)).toEqual(['passed', 'passed'])
      expect(lane?.live?.release).toBe(release(2))
      expect(fewestServing(stage)).toBeGreaterThanOrEqual(3)
      whole(stage, 'payments.production.2')
      settled(stage, 'payments.production.2')
    },
  },
)

const canary = {
  is: 'canary',
  shares: [0.1, 0.4],
  stageAtMostMs: 4_000,
  find: 0.05,
  alpha: 0.001,
  watchMs: 8_000,
  warmUpMs: 0,
  minRequests: 100,
  deadlineMs: 60_000,
  inconclusive: 'rollback',
  split: 'request',
  latency: true,
} as const

const clients = (failing: (fleet: string) => number) => ({ perSecond: 200, failing })

const goodCanary = tale(
  'a canary that is as good',
  { scriptOf: () => wellBehaved, clients: clients(() => 0.001) },
  {
    deployments: 2,
    async ask(plimsoll) {
      await ask(plimsoll, order(1))
      await ask(plimsoll, orderBy(2, canary, 1_000))
    },
    check(stage, { lane, deployments: [, two] }) {
      expect(two?.reasons).toEqual([])
      expect(two?.standing).toBe('passed')
      expect(two?.judgement?.is).toBe('pass')
      expect(two?.rail.map(({ title }) => title)).toEqual([
        'start 3 new instances',
        'the gateway sees them healthy',
        'plan the stages from the traffic',
        '10 % of the requests to the new instances',
        'judge it at 10 % for 4.0 s',
        '40 % of the requests to the new instances',
        'judge it at 40 % until it is judged',
        'all requests to the new instances',
        'watch the new instances alone',
        'stop the old instances',
      ])
      expect(lane?.live?.release).toBe(release(2))
      // The live version is whole until the new one has everything and has baked.
      expect(fewestServing(stage)).toBeGreaterThanOrEqual(3)
      whole(stage, 'payments.production.2')
      settled(stage, 'payments.production.2')
    },
  },
)

const badCanary = tale(
  'a canary that fails for one request in twenty',
  { scriptOf: () => wellBehaved, clients: clients((fleet) => (fleet.endsWith('.2') ? 0.05 : 0.001)) },
  {
    deployments: 2,
    async ask(plimsoll) {
      await ask(plimsoll, order(1))
      await ask(plimsoll, orderBy(2, canary))
    },
    check(stage, { lane, deployments: [, two] }) {
      expect(two?.standing).toBe('failed')
      expect(two?.judgement?.is).toBe('fail')
      expect(two?.reasons[0]?.text).toMatch(/fails .* of .* requests, the live version/)
      expect(lane?.live?.release).toBe(release(1))
      expect(lane?.rejected[release(2)]).toBe('payments.production.2')
      expect(fewestServing(stage)).toBeGreaterThanOrEqual(3)
      whole(stage, 'payments.production.1')
      settled(stage, 'payments.production.1')
    },
  },
)

const declined = {
  name: 'declined payments',
  of: 'payments_declined_total',
  among: 'payments_total',
  worse: 'more',
  atLeast: 100,
  weight: 1,
} as const

const decliningCanary = tale(
  'a canary that declines a tenth more payments, and answers all of them well',
  {
    scriptOf: () => wellBehaved,
    clients: { ...clients(() => 0.001), declining: (fleet) => (fleet.endsWith('.2') ? 0.12 : 0.02) },
  },
  {
    deployments: 2,
    async ask(plimsoll) {
      await ask(plimsoll, order(1))
      await ask(plimsoll, orderBy(2, { ...canary, counters: [declined] }))
    },
    check(stage, { lane, deployments: [, two] }) {
      expect(two?.standing).toBe('failed')
      expect(two?.reasons[0]?.text).toMatch(
        /^has .* % declined payments, the live version .* %: .* times the odds/,
      )
      expect(lane?.rejected[release(2)]).toBe('payments.production.2')
      expect(fewestServing(stage)).toBeGreaterThanOrEqual(3)
      whole(stage, 'payments.production.1')
      settled(stage, 'payments.production.1')
    },
  },
)

const quietCanary = tale(
  'a canary that nobody asks',
  { scriptOf: () => wellBehaved },
  {
    deployments: 2,
    async ask(plimsoll) {
      await ask(plimsoll, order(1))
      await ask(plimsoll, orderBy(2, { ...canary, deadlineMs: 10_000 }))
    },
    check(stage, { lane, deployments: [, two] }) {
      expect(two?.standing).toBe('inconclusive')
      expect(two?.reasons[0]?.text).toMatch(/cannot be judged/)
      expect(lane?.live?.release).toBe(release(1))
      expect(lane?.rejected[release(2)]).toBe('payments.production.2')
      whole(stage, 'payments.production.1')
      settled(stage, 'payments.production.1')
    },
  },
)

const tasks = {
  migrate: { run: 'migrate', timeoutMs: 5_000, env: {} },
  smokeBefore: { run: 'look', timeoutMs: 5_000, env: {} },
  smokeAfter: { run: 'look again', timeoutMs: 5_000, env: {} },
}

const orderWithTasks = (n: number) => {
  const usual = orderBy(n, { is: 'blueGreen' })
  return { ...usual, settings: { ...usual.settings, ...tasks } }
}

/** Commands of deployments end after a while; what runs in instances lives. */
const commandsEnd = (exitOf: (key: string) => number) => (key: string) =>
  key.startsWith('deployment/') ? { endsAfterMs: 200, exit: exitOf(key) } : wellBehaved

const withCommands = tale(
  'a deployment with a migration and smoke checks',
  { scriptOf: commandsEnd(() => 0) },
  {
    deployments: 2,
    async ask(plimsoll) {
      await ask(plimsoll, order(1))
      await ask(plimsoll, orderWithTasks(2))
    },
    check(stage, { deployments: [, two] }) {
      expect(two?.standing).toBe('passed')
      expect(two?.rail.map(({ title }) => title)).toEqual([
        'migrate the data',
        'start 3 new instances',
        'the gateway sees them healthy',
        'smoke check before any request',
        'all requests to the new instances',
        'smoke check with all requests',
        'stop the old instances',
      ])
      for (const name of Object.keys(tasks))
        expect(stage.machine.startsOf.get(`deployment/payments.production.2/task/${name}`)).toBe(1)
      expect(fewestServing(stage)).toBeGreaterThanOrEqual(3)
      whole(stage, 'payments.production.2')
      settled(stage, 'payments.production.2')
    },
  },
)

const wrongAnswer = tale(
  'a release whose smoke check fails with all requests',
  { scriptOf: commandsEnd((key) => (key.endsWith('smokeAfter') ? 7 : 0)) },
  {
    deployments: 2,
    async ask(plimsoll) {
      await ask(plimsoll, order(1))
      await ask(plimsoll, orderWithTasks(2))
    },
    check(stage, { lane, deployments: [, two] }) {
      expect(two?.standing).toBe('failed')
      expect(two?.reasons[0]?.text).toBe('smoke check with all requests exited with 7 after 200 ms')
      expect(lane?.rejected[release(2)]).toBe('payments.production.2')
      expect(fewestServing(stage)).toBeGreaterThanOrEqual(3)
      whole(stage, 'payments.production.1')
      settled(stage, 'payments.production.1')
    },
  },
)

const orderOfWorker = (n: number, strategy: DeploymentOrder['settings']['strategy']): DeploymentOrder => {
  const usual = orderBy(n, strategy)
  const start = { ...usual.settings.start, worker: { ready: 'file' as const } }
  return { ...usual, settings: { ...usual.settings, start } }
}

/** All three run, and nobody sends them anything. */
function wholeWorker(stage: Stage, live: string): void {
  noKeyStartedTwice(stage)
  expect(stage.gateways.tables.size).toBe(0)
  expect(stage.machine.alive().map(({ key }) => key.split('/')[1])).toEqual([live, live, live])
}

/** Of each moment at which a process began: those that ran then, by fleet. */
const ranBeside = (stage: Stage, fleet: string, other: string): number => {
  const all = [...stage.host.processes.values()]
  const of = (name: string) => all.filter(({ key }) => key.includes(`/${name}/`))
  return of(fleet).filter(({ startedAt }) =>
    of(other).some((one) => one.startedAt <= startedAt && startedAt < (one.ended?.endedAt ?? Infinity)),
  ).length
}

const workers = (['rolling', 'blueGreen'] as const).map((is) =>
  tale(
    `a worker, ${is}`,
    { scriptOf: () => wellBehaved },
    {
      deployments: 3,
      async ask(plimsoll) {
        const strategy = is === 'rolling' ? ({ is, surge: 1 } as const) : ({ is } as const)
        await ask(plimsoll, orderOfWorker(1, strategy))
        await ask(plimsoll, orderOfWorker(2, strategy))
        await ask(plimsoll, { ...orderOfWorker(3, strategy), release: release(1), kind: 'rollback' })
      },
      check(stage, { lane, deployments }) {
        expect(deployments.map((one) => one?.standing)).toEqual(['passed', 'passed', 'passed'])
        expect(deployments.map((one) => one?.verified?.same)).toEqual([true, true, true])
        expect(lane?.live).toMatchObject({ release: release(1), fleet: 'payments.production.3' })
        wholeWorker(stage, 'payments.production.3')
      },
    },
  ),
)

const succession = tale(
  'a worker of which there are never two versions',
  { scriptOf: () => wellBehaved },
  {
    deployments: 2,
    async ask(plimsoll) {
      await ask(plimsoll, orderOfWorker(1, { is: 'rolling', surge: 1, overlap: false }))
      await ask(plimsoll, orderOfWorker(2, { is: 'rolling', surge: 1, overlap: false }))
    },
    check(stage, { deployments: [, two] }) {
      expect(two?.standing).toBe('passed')
      expect(ranBeside(stage, 'payments.production.2', 'payments.production.1')).toBe(0)
      wholeWorker(stage, 'payments.production.2')
    },
  },
)

const recession = tale(
  'a worker of which there are never two versions, and the new one never becomes ready',
  { scriptOf: neverHealthy },
  {
    deployments: 2,
    async ask(plimsoll) {
      await ask(plimsoll, orderOfWorker(1, { is: 'rolling', surge: 1, overlap: false }))
      await ask(plimsoll, orderOfWorker(2, { is: 'rolling', surge: 1, overlap: false }))
    },
    check(stage, { lane, deployments: [, two] }) {
      expect(two?.standing).toBe('failed')
      expect(two?.reasons[0]?.text).toMatch(/not healthy within 5\.0 s \(has not made its READY_FILE\)/)
      expect(lane?.live?.release).toBe(release(1))
      expect(ranBeside(stage, 'payments.production.1', 'payments.production.2')).toBe(0)
      wholeWorker(stage, 'payments.production.1')
    },
  },
)

const cannotMigrate = tale(
  'a deployment that lacks a secret, refused before anything of it starts',
  { scriptOf: commandsEnd(() => 0), missingSecrets: ['PASSWORD'] },
  {
    deployments: 2,
    async ask(plimsoll) {
      await ask(plimsoll, order(1))
      const migrate = { ...tasks.migrate, env: { PASSWORD: { secret: 'PASSWORD' } } }
      const usual = orderWithTasks(2)
      await ask(plimsoll, { ...usual, settings: { ...usual.settings, migrate } })
    },
    check(stage, { lane, deployments: [, two] }) {
      expect([two?.standing, two?.rail, two?.reasons[0]?.text]).toEqual([
        'failed',
        [],
        'the release cannot run here: PASSWORD',
      ])
      expect(stage.machine.startsOf.get('deployment/payments.production.2/task/migrate')).toBeUndefined()
      expect(ranBeside(stage, 'payments.production.2', 'payments.production.1')).toBe(0)
      expect(lane?.live?.release).toBe(release(1))
      whole(stage, 'payments.production.1')
      settled(stage, 'payments.production.1')
    },
  },
)

const letThrough = tale(
  'a smoke check that fails, and that a person has waived',
  { scriptOf: commandsEnd((key) => (key.endsWith('smokeAfter') ? 7 : 0)) },
  {
    deployments: 2,
    async ask(plimsoll) {
      await ask(plimsoll, order(1))
      const waiver = { gate: 'smokeAfter', owner: 'ada', reason: 'it asks the old port', until: 1e15 }
      await plimsoll.runner.tell(laneRef('payments', 'production'), { is: 'waive', ...waiver })
      await ask(plimsoll, orderWithTasks(2))
    },
    check(stage, { lane, deployments: [, two] }) {
      expect(two?.standing).toBe('passed')
      expect(
        two?.rail.find(({ title }) => title === 'smoke check with all requests')?.letThrough,
      ).toMatchObject({
        because: 'smoke check with all requests exited with 7 after 200 ms',
        waiver: { owner: 'ada', reason: 'it asks the old port' },
      })
      expect(lane?.live?.release).toBe(release(2))
      whole(stage, 'payments.production.2')
    },
  },
)

const tales = [
  first,
  rolling,
  unwatched,
  undone,
  halfWay,
  back,
  blueGreen,
  goodCanary,
  badCanary,
  decliningCanary,
  quietCanary,
  withCommands,
  cannotMigrate,
  wrongAnswer,
  letThrough,
]

const workerTales = [...workers, succession, recession]

tellTales('Plimsoll, crashed before and after every call', {
  tales,
  reaches: ['journal.commit', 'commands.start', 'gateways.apply', 'journal.create'],
  pointsAbove: 100,
})

tellTales('workers, crashed before and after every call', { tales: workerTales, pointsAbove: 100 })
