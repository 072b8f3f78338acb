import { expect } from 'vitest'
import type { DeploymentOrder, DeploymentState, LaneState } from '../../src/deploy/index.ts'
import { readFleet } from '../../src/flow/records.ts'
import type { Tale } from './explore.ts'
import type { Script } from './machine-world.ts'
import { ask, deploymentOf, laneOf, order, release, type Stage, setStage, wellBehaved } from './stage.ts'
import { tellTales } from './tell-tales.ts'

/** The same orders, on the other target: nothing else says which it is. */
function inContainers(n: number, more: Partial<DeploymentOrder> = {}): DeploymentOrder {
  const plain = order(n, more)
  const start = { ...plain.settings.start, target: 'docker' as const, command: '' }
  return { ...plain, settings: { ...plain.settings, start } }
}

type Seen = { lane: LaneState | undefined; deployments: (DeploymentState | undefined)[] }

function tale(
  name: string,
  orders: readonly DeploymentOrder[],
  check: (seen: Seen, stage: Stage) => void | Promise<void>,
  scriptOf: (key: string) => Script = () => wellBehaved,
): Tale {
  let seen: Seen = { lane: undefined, deployments: [] }
  return {
    name,
    stage: () => setStage({ scriptOf, inContainers: true }),
    async ask(plimsoll) {
      for (const one of orders) await ask(plimsoll, one)
    },
    async look(stage) {
      const deployments = await Promise.all(orders.map((_, i) => deploymentOf(stage, i + 1)))
      seen = { lane: await laneOf(stage), deployments }
    },
    over: () =>
      seen.lane !== undefined &&
      seen.lane.holder === undefined &&
      seen.lane.queue.length === 0 &&
      seen.deployments.every((one) => one?.phase === 'ended'),
    check: async (stage) => check(seen, stage),
  }
}

/** Three instances of two containers each, of one fleet; each was started once, and nobody was without service. */
function whole(stage: Stage, fleet: string): void {
  for (const [name, times] of stage.machine.startsOf) expect(times, name).toBe(1)
  expect(stage.machine.alive().map(({ key }) => key.split('/')[1])).toEqual(Array(6).fill(fleet))
  expect(stage.gateways.serving('payments.production')).toEqual([fleet, fleet, fleet])
  const served = stage.gateways.history.map((moment) => moment.serving)
  expect(Math.min(...served.slice(served.indexOf(3)))).toBe(3)
}

const rolling = tale('a rolling deployment', [inContainers(1), inContainers(2)], async (seen, stage) => {
  expect(seen.deployments.map((one) => one?.standing)).toEqual(['passed', 'passed'])
  expect(seen.deployments[1]?.verified).toMatchObject({ same: true, expected: release(2) })
  whole(stage, 'payments.production.2')
  const fleet = await readFleet(stage.store.journal, 'payments.production.2')
  const none = { cpus: null, memoryBytes: null, essential: true }
  for (const { size } of fleet?.instances ?? [])
    expect(size).toEqual({
      is: 'containers',
      containers: { app: { cpus: 1, memoryBytes: 2 ** 30, essential: true }, proxy: none },
    })
  expect(fleet?.instances).toHaveLength(3)
})

const crashing = (key: string): Script =>
  key.includes('.2/1/') ? { endsAfterMs: 200, exit: 1 } : wellBehaved

const halfWay = tale(
  'a release of which one container fails half-way',
  [inContainers(1), inContainers(2)],
  (seen, stage) => {
    expect(seen.deployments.map((one) => one?.standing)).toEqual(['passed', 'failed'])
    expect(seen.deployments[1]?.reasons[0]?.text).toMatch(
      /instance 1 container app exited with 1 .*, 3 times/,
    )
    whole(stage, 'payments.production.1')
  },
  crashing,
)

const back = tale(
  'a rollback by hand to the release before',
  [inContainers(1), inContainers(2), inContainers(3, { release: release(1), kind: 'rollback' })],
  (seen, stage) => {
    expect(seen.lane?.live).toMatchObject({ release: release(1), fleet: 'payments.production.3' })
    whole(stage, 'payments.production.3')
  },
)

const task = (run: string) => ({ run, timeoutMs: 5_000, env: {} })
const tasks = { migrate: task('migrate'), smokeBefore: task('look'), smokeAfter: task('look again') }

function withTasks(n: number): DeploymentOrder {
  const plain = inContainers(n)
  return { ...plain, settings: { ...plain.settings, ...tasks } }
}

/** Commands of deployments end after a while; what runs in instances lives. */
const commandsEnd = (exitOf: (key: string) => number) => (key: string) =>
  key.startsWith('deployment/') ? { endsAfterMs: 200, exit: exitOf(key) } : wellBehaved

const commands = tale(
  'a deployment with a migration and smoke checks, each in a container',
  [withTasks(1), withTasks(2)],
  (seen, stage) => {
    expect(seen.deployments.map((one) => one?.standing)).toEqual(['passed', 'passed'])
    expect(seen.deployments.map((one) => one?.verified?.same)).toEqual([true, true])
    for (const name of Object.keys(tasks))
      expect(
        stage.machine.startsOf.get(`plimsoll_sim_deployment_payments.production.2_task_${name}_app`),
      ).toBe(1)
    whole(stage, 'payments.production.2')
  },
  commandsEnd(() => 0),
)

const wrongAnswer = tale(
  'a release whose smoke check fails with all requests',
  [inContainers(1), withTasks(2)],
  (seen, stage) => {
    expect(seen.deployments.map((one) => one?.standing)).toEqual(['passed', 'failed'])
    expect(seen.deployments[1]?.reasons[0]?.text).toMatch(/smoke check with all requests exited with 7 after/)
    whole(stage, seen.lane?.live?.fleet ?? '')
    expect(seen.lane?.live?.release).toBe(release(1))
  },
  commandsEnd((key) => (key.endsWith('smokeAfter') ? 7 : 0)),
)

const tales = [rolling, halfWay, back, commands, wrongAnswer]

tellTales('containers, crashed before and after every call', {
  tales,
  reaches: ['engine.create', 'engine.start', 'engine.stop', 'engine.remove', 'book.write'],
})
