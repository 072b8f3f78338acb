import { type AbsoluteBody, absoluteKind, isSpikeName, type LaneState } from '../../deploy/index.ts'
import type { Plimsoll } from '../../flow/plimsoll.ts'
import type { ServiceState } from '../../flow/service.ts'
import type { World } from '../../flow/world.ts'
import { locatedLine } from '../../load/index.ts'
import type { RunState } from '../../pipeline/index.ts'
import type { Family, Labels } from '../../series/index.ts'
import type { Journal, StoredEvent } from '../../store/index.ts'
import { type HeartbeatState, isIll } from '../../watch/index.ts'
import { recordFamilies } from './forecast-record.ts'
import { futureFamilies } from './future-metrics.ts'
import { viewFutures } from './futures.ts'
import type { Watching } from './health.ts'
import { promiseMetrics } from './promise-metrics.ts'
import { storageFamilies } from './storage.ts'
import { tracingFamilies } from './tracing.ts'

type Counted = Map<string, { readonly labels: Labels; value: number }>

/** So many events are read at a time. */
const batch = 500

function count(counted: Counted, labels: Labels): void {
  const key = JSON.stringify(labels)
  const known = counted.get(key)
  if (known) known.value++
  else counted.set(key, { labels, value: 1 })
}

type Body = {
  readonly service?: string
  readonly environment?: string
  readonly verdict?: { readonly is: string }
} | null

/** How a deployment ended, when this is such an event. */
function endOfDeployment({ type, of }: StoredEvent): string | undefined {
  const [what, outcome = ''] = type.split('.')
  const isEnd = ['passed', 'failed', 'inconclusive', 'cancelled', 'skipped'].includes(outcome)
  return of.kind === 'deployment' && what === 'deployment' && isEnd ? outcome : undefined
}

/** Counts what has ended since the server began, as counters of a process do. */
export async function countEndings(journal: Journal) {
  let cursor = await journal.newest()
  const deployments: Counted = new Map()
  const runs: Counted = new Map()

  function take(event: StoredEvent): void {
    const { service = '', environment = '', verdict } = (event.body as Body) ?? {}
    const outcome = endOfDeployment(event)
    if (outcome && !isSpikeName(environment))
      count(deployments, { service_name: service, deployment_environment_name: environment, outcome })
    if (event.type === 'run.ended') count(runs, { service_name: service, outcome: verdict?.is ?? '' })
  }

  return async () => {
    for (;;) {
      const events = await journal.events(cursor, batch)
      for (const event of events) take(event)
      cursor = events.at(-1)?.seq ?? cursor
      if (events.length < batch) return { deployments: [...deployments.values()], runs: [...runs.values()] }
    }
  }
}

export type CountedEndings = Awaited<ReturnType<typeof countEndings>>

const placeLabels = ({ service, environment }: Pick<LaneState, 'service' | 'environment'>): Labels => ({
  service_name: service,
  deployment_environment_name: environment,
})

async function loadLines(world: World, lanes: readonly LaneState[]): Promise<Family['samples']> {
  const all = lanes.map(async (lane) => {
    const known = lane.live ? await world.evidence.about(lane.live.release, [absoluteKind]) : []
    const own = known.find(
      ({ about, body }) =>
        about.environment === `${lane.service}.${lane.environment}` &&
        (body as unknown as AbsoluteBody).sized === undefined,
    )
    const line = locatedLine.safeParse((own?.body as unknown as AbsoluteBody | undefined)?.result)
    if (!line.success || line.data.ratePerSecond === null) return []
    return [{ labels: placeLabels(lane), value: line.data.ratePerSecond }]
  })
  return (await Promise.all(all)).flat()
}

function watchingFamilies({ collector }: Watching): Family[] {
  const { looks, readings, refused, problems } = collector.stats()
  return [
    {
      name: 'plimsoll_collector_looks_total',
      help: 'Looks at gateways, targets, instances and probes since the server began.',
      type: 'counter',
      samples: [{ value: looks }],
    },
    {
      name: 'plimsoll_collector_readings_total',
      help: 'Readings that the store of time series has taken.',
      type: 'counter',
      samples: [{ value: readings }],
    },
    {
      name: 'plimsoll_collector_readings_refused_total',
      help: 'Readings that it has not: too late, said twice, or of too many series.',
      type: 'counter',
      samples: [{ value: refused }],
    },
    {
      name: 'plimsoll_collector_problems_total',
      help: 'What was wrong with what was collected, by kind.',
      type: 'counter',
      samples: Object.entries(problems).map(([problem, value]) => ({ labels: { problem }, value })),
    },
  ]
}

const beatLabels = ({ service, environment, name }: HeartbeatState): Labels => ({
  ...placeLabels({ service, environment }),
  plimsoll_heartbeat: name,
})

function heartbeatFamilies(states: readonly HeartbeatState[]): Family[] {
  const known = states.filter(({ schedule }) => schedule !== undefined)
  return [
    {
      name: 'plimsoll_heartbeat_ok',
      help: '0 while a scheduled job is late, has failed or runs too long; absent while that is not known.',
      type: 'gauge',
      samples: known
        .filter(({ standing }) => standing !== 'unknown' && standing !== 'waiting')
        .map((state) => ({ labels: beatLabels(state), value: isIll(state.standing) ? 0 : 1 })),
    },
    {
      name: 'plimsoll_heartbeat_last_success_timestamp_seconds',
      help: 'When a scheduled job last succeeded.',
      type: 'gauge',
      samples: known.flatMap((state) =>
        state.succeededAt === undefined
          ? []
          : [{ labels: beatLabels(state), value: state.succeededAt / 1_000 }],
      ),
    },
    {
      name: 'plimsoll_heartbeat_runs_total',
      help: 'Runs of scheduled jobs that have ended, by outcome.',
      type: 'counter',
      samples: known.flatMap((state) =>
        Object.entries(state.runs).map(([outcome, value]) => ({
          labels: { ...beatLabels(state), outcome },
          value,
        })),
      ),
    },
  ]
}

function laneFamilies(lanes: readonly LaneState[]): Family[] {
  const each = (of: (lane: LaneState) => number) =>
    lanes.map((lane) => ({ labels: placeLabels(lane), value: of(lane) }))
  return [
    {
      name: 'plimsoll_gates_waiting',
      help: 'Deployments that wait for their gates, by environment.',
      type: 'gauge',
      samples: each(({ aside = [] }) => aside.length),
    },
    {
      name: 'plimsoll_environment_queue',
      help: 'Deployments and load tests that wait for their turn, by environment.',
      type: 'gauge',
      samples: each(({ queue }) => queue.length),
    },
    {
      name: 'plimsoll_environment_locked',
      help: '1 while a person has locked the environment.',
      type: 'gauge',
      samples: each(({ holder }) =>
        holder && holder.deployment === undefined && holder.test === undefined ? 1 : 0,
      ),
    },
  ]
}

/** What Plimsoll says of itself to whoever scrapes it. */
export async function ownMetrics(
  { world, tracing }: Pick<Plimsoll, 'world' | 'tracing'>,
  watching: Watching,
  endings: CountedEndings,
): Promise<Family[]> {
  const { journal } = world
  const [{ deployments, runs }, environments, services, open, heartbeats] = await Promise.all([
    endings(),
    journal.list({ kind: 'environment' }),
    journal.list({ kind: 'service' }),
    journal.list({ kind: 'run', ended: false }),
    journal.list({ kind: 'heartbeat', ended: false }),
  ])
  // Records of one kind are written by one machine, so their state has its type.
  const lanes = environments
    .map(({ state }) => state as unknown as LaneState)
    .filter(({ environment }) => !isSpikeName(environment))
  const running = Map.groupBy(open, ({ state }) => (state as unknown as RunState).service)
  return [
    {
      name: 'plimsoll_deployments_total',
      help: 'Deployments that have ended since the server began, by outcome.',
      type: 'counter',
      samples: deployments,
    },
    {
      name: 'plimsoll_runs_total',
      help: 'Runs that have ended since the server began, by outcome.',
      type: 'counter',
      samples: runs,
    },
    {
      name: 'plimsoll_runs_open',
      help: 'Runs that have not ended.',
      type: 'gauge',
      samples: services
        .map(({ state }) => (state as unknown as ServiceState).name)
        .map((name) => ({ labels: { service_name: name }, value: running.get(name)?.length ?? 0 })),
    },
    ...laneFamilies(lanes),
    ...heartbeatFamilies(heartbeats.map(({ state }) => state as unknown as HeartbeatState)),
    ...futureFamilies(await viewFutures(world)),
    {
      name: 'plimsoll_load_line_requests_per_second',
      help: 'Highest rate at which the live release still meets its objective, where it was measured.',
      type: 'gauge',
      samples: await loadLines(world, lanes),
    },
    ...(await recordFamilies(world)),
    ...(await promiseMetrics(
      world,
      services.map(({ state }) => state as unknown as ServiceState),
    )),
    ...watchingFamilies(watching),
    ...storageFamilies(await watching.storage()),
    ...(tracing ? tracingFamilies(tracing.stats(), await tracing.behind()) : []),
    {
      name: 'process_memory_usage_bytes',
      help: 'Resident memory of the server.',
      type: 'gauge',
      samples: [{ value: process.memoryUsage.rss() }],
    },
    {
      name: 'process_cpu_time_seconds_total',
      help: 'User and system time of the server.',
      type: 'counter',
      samples: [{ value: cpuSeconds() }],
    },
  ]
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}
