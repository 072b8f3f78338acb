import type { DeploymentOrder, DeploymentState, LaneState } from '../../src/deploy/index.ts'
import { newLane } from '../../src/deploy/index.ts'
import { type Plimsoll, startPlimsoll } from '../../src/flow/plimsoll.ts'
import { laneRef, readDeployment, readLane } from '../../src/flow/records.ts'
import type { World } from '../../src/flow/world.ts'
import type { CommandSpec } from '../../src/host/index.ts'
import type { Digest, Found, Job, Json, Key } from '../../src/kernel/index.ts'
import type { CompareEnd, CompareStart, LineTestEnd, LineTestStart } from '../../src/load/index.ts'
import type { WorkEnd, WorkSpec } from '../../src/pipeline/index.ts'
import { memoryStore } from '../../src/store/memory.ts'
import { type Clients, noClients } from './clients.ts'
import { foundAt, simulateComparisons } from './comparison-world.ts'
import { beginLife, type CrashPoint, type Life } from './crash.ts'
import { carries, simulateLoadTests } from './load-test-world.ts'
import { type Script, simulateGateways, simulateMachine } from './machine-world.ts'
import { createVirtualClock } from './virtual-clock.ts'

export const release = (n: number): Digest => `sha256:${`a${n}`.padEnd(64, '0')}`

/** Scripted work of runs: ends at once in memory, and is forgotten with the life that did it. */
function scriptedWork(endOf: (spec: WorkSpec) => WorkEnd) {
  const ends = new Map<Key, WorkEnd>()
  const listeners = new Set<(key: Key) => void>()
  const work: Job<WorkSpec, WorkEnd> & { watch(l: (key: Key) => void): () => void } = {
    async start(key, spec) {
      ends.set(key, endOf(spec))
      for (const listener of listeners) listener(key)
    },
    async find(key): Promise<Found<WorkEnd>> {
      const ended = ends.get(key)
      return ended ? { ended } : 'absent'
    },
    async cancel() {},
    watch(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  return work
}

/** A service whose instances become healthy after a while, whatever else is said. */
export const wellBehaved: Script = { healthyAfterMs: 300 }

export type Stage = {
  readonly clock: ReturnType<typeof createVirtualClock>
  readonly machine: ReturnType<typeof simulateMachine>
  readonly gateways: ReturnType<typeof simulateGateways>
  readonly comparisons: ReturnType<typeof simulateComparisons>
  readonly loadTests: ReturnType<typeof simulateLoadTests>
  readonly store: ReturnType<typeof memoryStore>
  readonly troubles: string[]
  /** Begins a life of Plimsoll, which may crash; the machine lives on. */
  live(crash: CrashPoint): { life: Life; plimsoll: Promise<Plimsoll> }
}

export type Props = {
  readonly scriptOf: (key: Key, spec: CommandSpec) => Script
  readonly workOf?: (spec: WorkSpec) => WorkEnd
  readonly compareEndOf?: (start: CompareStart) => CompareEnd
  readonly lineEndOf?: (start: LineTestStart) => LineTestEnd | 'lost'
  readonly clients?: Clients
}

/** A whole Plimsoll in one process on a virtual clock: memory for a store, a simulated machine for a world. */
export function setStage({
  scriptOf,
  workOf = () => ({ is: 'failed', because: 'no work in this story' }),
  compareEndOf = (start) => foundAt(1, start),
  lineEndOf = () => carries(100),
  clients = noClients,
}: Props): Stage {
  const clock = createVirtualClock()
  const machine = simulateMachine(clock, scriptOf)
  const gateways = simulateGateways(clock, machine, clients)
  const comparisons = simulateComparisons(clock, compareEndOf)
  const loadTests = simulateLoadTests(clock, lineEndOf)
  const store = memoryStore()
  const troubles: string[] = []
  let lives = 0

  function live(crash: CrashPoint) {
    const life = beginLife(crash)
    const work = scriptedWork(workOf)
    const world: World = {
      clock: life.wrap('clock', clock),
      journal: life.wrap('journal', store.journal),
      evidence: life.wrap('evidence', store.evidence),
      blobs: store.blobs,
      commands: life.wrap('commands', machine.commands),
      work: life.wrap('work', work),
      comparisons: life.wrap('comparisons', comparisons.comparisons),
      loadTests: life.wrap('loadTests', loadTests.loadTests),
      gateways: life.wrap('gateways', gateways.gateways),
      instances: life.wrap('instances', { ...machine.instances, scrape: gateways.scrape }),
      secrets: async () => ({}),
      dataFolder: () => '/data',
      jobFolder: (key) => `/jobs/${key}`,
      tidy: async () => {},
    }
    const plimsoll = startPlimsoll({
      world,
      owner: `server-${++lives}`,
      signals: [life.wrap('commands', machine.commands), life.wrap('work', work)],
      onTrouble: ({ what, error }) =>
        troubles.push(`${what}: ${error instanceof Error ? error.message : String(error)}`),
      onReactorTrouble: (error) =>
        troubles.push(`reactor: ${error instanceof Error ? error.message : String(error)}`),
    })
    return { life, plimsoll }
  }
  return { clock, machine, gateways, comparisons, loadTests, store, troubles, live }
}

export const order = (n: number, more: Partial<DeploymentOrder> = {}): DeploymentOrder => ({
  name: `order-${n}`,
  kind: 'deploy',
  release: release(n),
  actor: 'ada',
  reason: `change ${n}`,
  settings: {
    instances: 3,
    strategy: { is: 'rolling', surge: 1 },
    bakeMs: 0,
    gates: [],
    port: 8080,
    requestTimeoutMs: 10_000,
    start: {
      command: `serve ${n}`,
      portVariable: 'PORT',
      healthPath: '/healthcheck',
      metricsPath: '/metrics',
      readyWithinMs: 5_000,
      graceMs: 5_000,
      env: {},
    },
  },
  ...more,
})

/** An order with another strategy. */
export const orderBy = (
  n: number,
  strategy: DeploymentOrder['settings']['strategy'],
  bakeMs = 0,
): DeploymentOrder => {
  const usual = order(n)
  return { ...usual, settings: { ...usual.settings, strategy, bakeMs } }
}

const lane = laneRef('payments', 'production')

/** Asks for a deployment as often as it takes until one life has taken it. */
export async function ask(plimsoll: Plimsoll, wanted: DeploymentOrder): Promise<void> {
  await plimsoll.runner.create(lane, newLane('payments', 'production') as unknown as Json)
  await plimsoll.runner.tell(lane, { is: 'order', order: wanted })
}

export const laneOf = (stage: Stage): Promise<LaneState | undefined> => readLane(stage.store.journal, lane.id)
export const deploymentOf = (stage: Stage, number: number): Promise<DeploymentState | undefined> =>
  readDeployment(stage.store.journal, `payments.production.${number}`)
