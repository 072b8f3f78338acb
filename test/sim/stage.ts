import type { DeploymentOrder, DeploymentState, LaneState } from '../../src/deploy/index.ts'
import { newLane } from '../../src/deploy/index.ts'
import { createGroups } from '../../src/engine/groups.ts'
import { type Plimsoll, startPlimsoll } from '../../src/flow/plimsoll.ts'
import { laneRef, readDeployment, readLane } from '../../src/flow/records.ts'
import type { Sent } from '../../src/flow/traces/follower.ts'
import type { Trace } from '../../src/flow/traces/plan/span.ts'
import type { World } from '../../src/flow/world.ts'
import type { CommandSpec } from '../../src/host/index.ts'
import {
  type Digest,
  type Found,
  type Job,
  type Json,
  type Key,
  PlimsollError,
} from '../../src/kernel/index.ts'
import type { CompareEnd, CompareStart, LineTestEnd, LineTestStart } from '../../src/load/index.ts'
import type { createPosts, PostEnd, PostSpec } from '../../src/notify/index.ts'
import type { WorkEnd, WorkSpec } from '../../src/pipeline/index.ts'
import { createCarried, createLoads, createPeaks } from '../../src/predict/index.ts'
import { memorySeries, type SeriesStore } from '../../src/series/index.ts'
import { memoryStore } from '../../src/store/memory.ts'
import { createBudgets } from '../../src/watch/index.ts'
import { type Clients, noClients } from './clients.ts'
import { foundAt, simulateComparisons } from './comparison-world.ts'
import { beginLife, type CrashPoint, type Life } from './crash.ts'
import { simulateEngine } from './engine-world.ts'
import { carries, simulateLoadTests } from './load-test-world.ts'
import { type Script, simulateGateways, simulateMachine } from './machine-world.ts'
import { simulateSpikes } from './spike-world.ts'
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts'

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

/** Messages that arrive at once, whose answer takes a moment; a life that ends forgets that it was sending. */
function scriptedPosts(clock: ReturnType<typeof createVirtualClock>, receive: (spec: PostSpec) => PostEnd) {
  const known = new Map<Key, Found<PostEnd>>()
  const listeners = new Set<(key: Key) => void>()
  const posts: Job<PostSpec, PostEnd> & { watch(l: (key: Key) => void): () => void } = {
    async start(key, spec) {
      if (known.has(key)) return
      known.set(key, 'running')
      const ended = receive(spec)
      clock.at(clock.now() + 20, () => {
        known.set(key, { ended })
        for (const listener of listeners) listener(key)
      })
    },
    find: async (key) => known.get(key) ?? 'absent',
    async cancel() {},
    watch(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  return posts
}

/** A service whose instances become healthy after a while, whatever else is said. */
export const wellBehaved: Script = { healthyAfterMs: 300 }

export type Stage = {
  readonly clock: ReturnType<typeof createVirtualClock>
  readonly machine: Pick<ReturnType<typeof simulateMachine>, 'healthy' | 'startsOf'> & {
    alive(): readonly { readonly key: Key }[]
  }
  /** The machine of those that are processes. */
  readonly host: ReturnType<typeof simulateMachine>
  readonly gateways: ReturnType<typeof simulateGateways>
  readonly comparisons: ReturnType<typeof simulateComparisons>
  readonly spikes: ReturnType<typeof simulateSpikes>
  readonly loadTests: ReturnType<typeof simulateLoadTests>
  readonly store: ReturnType<typeof memoryStore>
  /** What was collected: nothing, unless a tale puts it there. */
  readonly series: SeriesStore
  readonly troubles: string[]
  /** Begins a life of Plimsoll, which may crash; the machine lives on. */
  live(crash: CrashPoint): { life: Life; plimsoll: Promise<Plimsoll> }
}

export type Props = {
  readonly scriptOf: (key: Key, spec: CommandSpec | undefined) => Script
  readonly workOf?: (spec: WorkSpec) => WorkEnd
  readonly compareEndOf?: (start: CompareStart) => CompareEnd
  readonly lineEndOf?: (start: LineTestStart) => LineTestEnd | 'lost'
  readonly clients?: Clients
  /** What a receiver answers, or that nobody does; told what it was sent. */
  readonly receive?: (spec: PostSpec) => PostEnd
  /** Somebody collects traces: what becomes of each. */
  readonly collect?: (trace: Trace) => Sent
  /** Nobody has given them a value. */
  readonly missingSecrets?: readonly string[]
  /** Whether a commit comes after another. */
  readonly holds?: (commit: string, other: string) => boolean | undefined
  /** Instances are containers of a simulated engine, two each. */
  readonly inContainers?: boolean
  /** Another clock than one on which time passes only when everybody waits for it. */
  readonly clock?: VirtualClock
  /** Messages really go out, and `receive` hears of none. */
  readonly posts?: ReturnType<typeof createPosts>
}

/** A whole Plimsoll in one process on a virtual clock: memory for a store, a simulated machine for a world. */
export function setStage({
  scriptOf,
  workOf = () => ({ is: 'failed', because: 'no work in this story' }),
  compareEndOf = (start) => foundAt(1, start),
  lineEndOf = () => carries(100),
  clients = noClients,
  receive = () => ({ is: 'answered', status: 204 }),
  collect,
  missingSecrets = [],
  holds = () => undefined,
  inContainers = false,
  clock = createVirtualClock(),
  posts: realPosts,
}: Props): Stage {
  const host = simulateMachine(clock, scriptOf)
  const engine = simulateEngine(clock, (key) => scriptOf(key, undefined))
  const machine = inContainers ? engine : host
  const gateways = simulateGateways(clock, machine, clients)
  const comparisons = simulateComparisons(clock, compareEndOf)
  const spikes = simulateSpikes(host)
  const loadTests = simulateLoadTests(clock, lineEndOf)
  const store = memoryStore()
  const series = memorySeries()
  const troubles: string[] = []
  let lives = 0

  function live(crash: CrashPoint) {
    const life = beginLife(crash)
    const work = scriptedWork(workOf)
    const posts = realPosts ?? scriptedPosts(clock, receive)
    const groups = createGroups({
      engine: life.wrap('engine', engine.engine),
      book: life.wrap('book', engine.book),
      secrets: { write: async () => undefined, remove: async () => {} },
      openOutput: () => ({ pump() {}, say() {}, finish: async () => 0, leave() {} }),
      clock: life.wrap('clock', clock),
      home: 'sim',
    })
    const world: World = {
      clock: life.wrap('clock', clock),
      journal: life.wrap('journal', store.journal),
      evidence: life.wrap('evidence', store.evidence),
      blobs: store.blobs,
      commands: inContainers ? groups : life.wrap('commands', host.commands),
      work: life.wrap('work', work),
      comparisons: life.wrap('comparisons', comparisons.comparisons),
      loadTests: life.wrap('loadTests', loadTests.loadTests),
      gateways: life.wrap('gateways', gateways.gateways),
      async secrets(names) {
        const missing = names.filter((name) => missingSecrets.includes(name))
        if (missing.length > 0) throw new PlimsollError('PLM_SECRET_MISSING', missing.join(', '))
        return Object.fromEntries(names.map((name) => [name, `value of ${name}`]))
      },
      spikes: life.wrap('spikes', spikes.spikes),
      dataFolder: spikes.dataFolder,
      instances: life.wrap('instances', { ...machine.instances, scrape: gateways.scrape }),
      posts: life.wrap('posts', posts),
      ...(collect ? { traces: life.wrap('traces', { send: async (trace: Trace) => collect(trace) }) } : {}),
      budgets: createBudgets(series),
      loads: createLoads(series),
      peaks: createPeaks(series),
      carried: createCarried(series),
      history: { holds: async (_service, commit, other) => holds(commit, other) },
      lastLines: async () => ['what it said'],
      jobFolder: (key) => `/jobs/${key}`,
      tidy: async () => {},
    }
    const begin = () =>
      startPlimsoll({
        world,
        owner: `server-${++lives}`,
        signals: [
          inContainers ? groups : life.wrap('commands', host.commands),
          life.wrap('work', work),
          life.wrap('posts', posts),
        ],
        onTrouble: ({ what, error }) =>
          troubles.push(`${what}: ${error instanceof Error ? error.message : String(error)}`),
        onReactorTrouble: (error) =>
          troubles.push(`reactor: ${error instanceof Error ? error.message : String(error)}`),
      })
    // As a server does: what runs is found again before anything is decided.
    const plimsoll = groups.adopt(async () => []).then(begin)
    return { life, plimsoll }
  }
  return {
    clock,
    machine,
    host,
    gateways,
    comparisons,
    loadTests,
    spikes,
    store,
    series,
    troubles,
    live,
  }
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

/** Waits, in a life of Plimsoll, until something holds. */
export async function until(plimsoll: Plimsoll, isSo: () => Promise<boolean>): Promise<void> {
  const { clock } = plimsoll.world
  while (!(await isSo())) await clock.until(clock.now() + 100)
}
