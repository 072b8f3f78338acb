import type { ServiceConfig } from '../../config/schema.ts'
import type {
  EnvironmentHealth,
  HealthHistory,
  HealthView,
  HeartbeatHealth,
  ProbeHealth,
} from '../../contract/index.ts'
import { type DeploymentState, isSpikeName, type LaneState, laneId } from '../../deploy/index.ts'
import { fleetSeen } from '../../fleet/index.ts'
import { heartbeatsIn } from '../../flow/heartbeats.ts'
import { heartbeatRef, readFleet, readHeartbeat, readLane } from '../../flow/records.ts'
import type { ServiceState } from '../../flow/service.ts'
import type { World } from '../../flow/world.ts'
import { type Instant, shortDigest } from '../../kernel/index.ts'
import type { SeriesStore } from '../../series/index.ts'
import type { Collector, SourceState } from '../../watch/collect/index.ts'
import {
  type Figures,
  figuresIn,
  historyOf,
  judgeHealth,
  type Known,
  windowMs,
} from '../../watch/health/index.ts'
import { type HeartbeatState, newHeartbeat } from '../../watch/index.ts'
import { burnsIn } from './burns.ts'
import { deploymentsOf } from './records.ts'
import { faultsOf, type Storage } from './storage.ts'

/** Where the figures come from. */
export type Watching = {
  readonly series: SeriesStore
  readonly collector: Pick<Collector, 'states' | 'stats'>
  readonly storage: Storage
}

/** More problems of one target say the same. */
const problemsShown = 3

async function instancesOf(world: World, lane: LaneState | undefined): Promise<Known['instances']> {
  const fleet = lane?.live && (await readFleet(world.journal, lane.live.fleet))
  if (!fleet) return undefined
  const { instances } = fleetSeen(fleet)
  return { ready: instances.filter(({ phase }) => phase === 'ready').length, wanted: fleet.want.size }
}

function restsBecause(lane: LaneState | undefined): string | undefined {
  if (!lane?.live) return 'nothing was deployed yet'
  return lane.live.size === 0 ? 'asleep until it is used' : undefined
}

const statesOf = ({ collector }: Watching, service: string, environment: string): readonly SourceState[] =>
  collector.states().filter((state) => state.service === service && state.environment === environment)

const problemsOf = (states: readonly SourceState[]): Known['problems'] =>
  new Map(
    states
      .filter(({ kind }) => kind === 'probe' || kind === 'target')
      .map(({ name, problems }) => [name, problems.map(({ text }) => text)]),
  )

const gatewayOf = (states: readonly SourceState[]): readonly string[] =>
  states
    .filter(({ kind }) => kind === 'gateway')
    .flatMap(({ problems }) => problems.filter(({ kind }) => kind === 'gateway').map(({ text }) => text))

/** How jobs stand; one that was configured a moment ago has not been heard of. */
async function heartbeatsOf(world: World, config: ServiceConfig, environment: string) {
  const own = heartbeatsIn(config).filter((one) => one.environment === environment)
  return Promise.all(
    own.map(async ({ heartbeat: { name } }) => {
      const known = await readHeartbeat(world.journal, heartbeatRef(config.service, environment, name))
      return known ?? newHeartbeat(config.service, environment, name, world.clock.now())
    }),
  )
}

const viewOfBeat = ({
  name,
  standing,
  because,
  changedAt,
  succeededAt,
  last,
}: HeartbeatState): HeartbeatHealth => ({
  ...{ name, is: standing, because, since: changedAt },
  ...(succeededAt === undefined ? {} : { succeededAt }),
  ...(last?.startedAt === undefined ? {} : { durationSeconds: (last.endedAt - last.startedAt) / 1_000 }),
  ...(last?.exitCode === undefined ? {} : { exitCode: last.exitCode }),
  ...(last?.message === undefined ? {} : { message: last.message }),
})

/** Where no gateway counts, what is promised is held against what somebody else's Prometheus says. */
function budgetElsewhere({ runs }: Place, { slos }: ServiceConfig): Pick<Known, 'budget'> {
  const budgets = slos.flatMap((one) => (one.kind === 'availability' ? [1 - one.objective] : []))
  return runs === 'here' || budgets.length === 0 ? {} : { budget: Math.min(...budgets) }
}

/** A Prometheus that tells nothing leaves something unsaid, too. */
const withUnheard = <T extends Pick<Known, 'unsaid'>>(burns: T, states: readonly SourceState[]): T => ({
  ...burns,
  unsaid: [
    ...burns.unsaid,
    ...states
      .filter(({ kind }) => kind === 'prometheus')
      .flatMap(({ problems }) => problems.map(({ text }) => text)),
  ],
})

/** How it went when it was last asked. */
const passOf = (state: SourceState | undefined): Partial<Pick<ProbeHealth, 'askedAt' | 'steps'>> => ({
  ...(state === undefined ? {} : { askedAt: state.at }),
  ...(state?.steps === undefined
    ? {}
    : {
        steps: state.steps.map(({ name, isWell, durationMs }) => ({
          ...{ name, ok: isWell },
          ...(durationMs === undefined ? {} : { durationSeconds: durationMs / 1_000 }),
        })),
      }),
})

type Here = Known & {
  readonly live?: string | undefined
  readonly heartbeats: readonly HeartbeatState[]
  readonly states: readonly SourceState[]
}

function viewOf(name: string, figures: Figures, known: Here): EnvironmentHealth {
  const byName = <T extends { readonly instance: string }>(all: readonly T[]): T[] =>
    [...all].sort((a, b) => (a.instance < b.instance ? -1 : 1))
  return {
    name,
    runs: known.runs,
    ...mutable(judgeHealth(figures, known)),
    releases: figures.releases.filter(
      ({ version, ratePerSecond }) => ratePerSecond > 0 || version === known.live,
    ),
    routes: [...figures.routes].sort((a, b) => b.ratePerSecond - a.ratePerSecond),
    instances: byName(figures.instances),
    probes: figures.probes.map((one) => {
      const [because] = one.ok ? [] : (known.problems.get(one.name) ?? [])
      return {
        ...one,
        ...(because === undefined ? {} : { because }),
        ...passOf(known.states.find(({ kind, name }) => kind === 'probe' && name === one.name)),
      }
    }),
    targets: byName(figures.targets).map((one) => ({
      ...one,
      problems: (known.problems.get(one.instance) ?? []).slice(0, problemsShown),
    })),
    heartbeats: known.heartbeats.map(viewOfBeat),
  }
}

const mutable = ({ is, reasons }: ReturnType<typeof judgeHealth>) => ({ is, reasons: [...reasons] })

type Place = { readonly name: string; readonly runs: Known['runs'] }

/** Environments as they are configured, and what still runs of those that are not any more. */
function placesOf({ environments, watch }: ServiceConfig): Place[] {
  return [
    ...Object.keys(environments).map((name) => ({ name, runs: 'here' as const })),
    ...Object.keys(watch.elsewhere).map((name) => ({ name, runs: 'elsewhere' as const })),
  ].filter(({ name }) => !isSpikeName(name))
}

/** How services are now. @param only the name of one; all of them otherwise */
export async function viewHealth(world: World, watching: Watching, only?: string): Promise<HealthView> {
  const now = world.clock.now()
  const states = (await world.journal.list({ kind: 'service' }))
    .map(({ state }) => state as unknown as ServiceState)
    .filter(({ name }) => only === undefined || name === only)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  const figuresOf = await figuresIn(watching.series, { service: only }, now)
  const services = states.map(async ({ name, guard }) => {
    const environments = guard
      ? placesOf(guard.config).map(async (place) => {
          const lane = await readLane(world.journal, laneId(name, place.name))
          const isHere = place.runs === 'here'
          const states = statesOf(watching, name, place.name)
          return viewOf(place.name, figuresOf(`${name}/${place.name}`), {
            runs: place.runs,
            instances: isHere ? await instancesOf(world, lane) : undefined,
            live: lane?.live && shortDigest(lane.live.release),
            rests: isHere ? restsBecause(lane) : undefined,
            states,
            problems: problemsOf(states),
            gateway: gatewayOf(states),
            ...budgetElsewhere(place, guard.config),
            heartbeats: await heartbeatsOf(world, guard.config, place.name),
            ...withUnheard(
              await burnsIn(world, { service: name, environment: place.name, config: guard.config }),
              states,
            ),
          })
        })
      : []
    return { name, environments: await Promise.all(environments) }
  })
  return {
    schemaVersion: 1,
    at: now,
    windowSeconds: windowMs / 1_000,
    faults: faultsOf(await watching.storage()),
    services: await Promise.all(services),
  }
}

function marker({
  id,
  release,
  standing,
  rail,
  endedAt = 0,
}: DeploymentState): HealthHistory['deployments'][number] {
  const version = shortDigest(release)
  const text = standing === 'passed' ? `${version} was deployed` : `${version} was rolled back`
  return { id, at: endedAt, version, text: rail.length > 0 ? text : `${version} was not deployed` }
}

/** How an environment was lately, with what was done to it. */
export async function viewHealthHistory(
  world: World,
  { series }: Watching,
  { service, environment, config }: { service: string; environment: string; config: ServiceConfig },
  spanMs: number,
): Promise<HealthHistory> {
  const now: Instant = world.clock.now()
  const history = await historyOf(series, { service, environment }, now, spanMs, config.watch.interval)
  const since = history.times[0] ?? now
  const deployments = (await deploymentsOf(world)).filter(
    (one) => one.service === service && one.environment === environment && (one.endedAt ?? 0) >= since,
  )
  const lines = (all: typeof history.rate) => all.map(({ name, values }) => ({ name, values: [...values] }))
  return {
    schemaVersion: 1,
    service,
    environment,
    times: [...history.times],
    rate: lines(history.rate),
    errors: lines(history.errors),
    p95: lines(history.p95),
    deployments: deployments.map(marker).sort((a, b) => a.at - b.at),
  }
}
