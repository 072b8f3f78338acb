import { zoneOf } from '../config/zones.ts'
import { type LaneState, laneId } from '../deploy/index.ts'
import type { Instant, Json } from '../kernel/index.ts'
import type { FuturePlace } from '../predict/index.ts'
import {
  type Burning,
  burningIn,
  burningOf,
  heardOf,
  isNews,
  judgeSlo,
  newAlerts,
  type Promised,
  promisedIn,
  type SloConfig,
  type SloLook,
} from '../watch/index.ts'
import { changesSince } from './changes-lately.ts'
import { lookAtFuture, toldFuturesIn } from './futures.ts'
import { lookAtJob, type ToldJob, toldJobsIn } from './heartbeats.ts'
import { alertsRef, readAlerts, readLane } from './records.ts'
import type { Runner } from './runner.ts'
import type { ServiceState } from './service.ts'
import type { World } from './world.ts'

/** Where a service promises something, what, and how often that is looked at. */
export type Promises = {
  readonly service: string
  readonly environment: string
  /** Whose clocks its team reads. */
  readonly timeZone: string
  readonly slos: readonly SloConfig[]
  readonly prometheus?: Promised['prometheus']
  readonly intervalMs: number
}

/** Everything that services promise, place by place, as their protected branches say. */
export function promisesIn(services: readonly Pick<ServiceState, 'name' | 'guard'>[]): readonly Promises[] {
  return services.flatMap(({ name, guard }) => {
    if (!guard) return []
    const { slos, environments, watch } = guard.config
    const all = slos.flatMap((slo) => promisedIn(slo, environments).map((place) => ({ place, slo })))
    return [...Map.groupBy(all, ({ place }) => place)].map(([environment, here]) => ({
      service: name,
      environment,
      timeZone: zoneOf(guard.config),
      slos: here.map(({ slo }) => slo),
      prometheus: watch.prometheus,
      intervalMs: watch.interval,
    }))
  })
}

/** A place of which somebody is told: of what is promised there, of its jobs, and of what is seen coming. */
export type ToldPlace = Promises & {
  readonly jobs: readonly ToldJob[]
  readonly futures: readonly FuturePlace[]
  /** Who sees to what is seen coming. */
  readonly owner?: string | undefined
}

/**
 * All of them, as the protected branches say.
 * @param told of what somebody was ever told that it is coming
 */
export function toldPlacesIn(
  services: readonly Pick<ServiceState, 'name' | 'guard'>[],
  told: readonly FuturePlace[] = [],
): readonly ToldPlace[] {
  return services.flatMap((one) => {
    if (!one.guard) return []
    const { config } = one.guard
    const promised = new Map(promisesIn([one]).map((place) => [place.environment, place]))
    const jobs = toldJobsIn(config)
    const futures = toldFuturesIn(one.name, config, told)
    return [...new Set([...promised.keys(), ...jobs.keys(), ...futures.keys()])].map((environment) => ({
      ...{ service: one.name, environment, timeZone: zoneOf(config), slos: [] },
      intervalMs: config.watch.interval,
      ...promised.get(environment),
      jobs: jobs.get(environment) ?? [],
      futures: futures.get(environment) ?? [],
      owner: config.predict?.owner,
    }))
  })
}

/** The shortest window there is: of what runs, the gateway has told something in it. */
const newestMs = 300_000

async function lookAt(
  world: World,
  { service, environment, prometheus }: Promises,
  slo: SloConfig,
  lane: LaneState | undefined,
  at: Instant,
  onTrouble: (error: unknown) => void,
): Promise<SloLook> {
  try {
    const counts = await world.budgets.countsOf({ service, environment, slo, prometheus }, at)
    const runs = (lane?.live?.size ?? 0) > 0
    if (slo.kind === 'availability' && runs && counts(newestMs).coverage === 0) return { slo: slo.name }
    return { slo: slo.name, burning: burningOf(slo.name, judgeSlo(slo, counts)) }
  } catch (error) {
    onTrouble(error)
    return { slo: slo.name }
  }
}

/** Judges what is promised in an environment, and its jobs, and tells the service's alerts. */
export async function lookAtEnvironment(
  world: World,
  runner: Runner,
  place: ToldPlace,
  onTrouble: (error: unknown) => void,
): Promise<void> {
  const { service, environment } = place
  const at = world.clock.now()
  const lane = await readLane(world.journal, laneId(service, environment))
  const looks = await Promise.all([
    ...place.slos.map((slo) => lookAt(world, place, slo, lane, at, onTrouble)),
    ...place.jobs.map((job) => lookAtJob(world, place, job)),
    ...place.futures.map((one) => lookAtFuture(world, one, place.owner)),
  ])
  const known = await readAlerts(world.journal, service)
  const of = alertsRef(service)
  const burned = known ? burningIn(known, environment) : []
  const heard = heardOf(looks, burned)
  if (!heard && known?.seenAt[environment] !== undefined) return
  if (!known) await runner.create(of, newAlerts(service) as unknown as Json)
  if (!heard) {
    await runner.tell(of, { is: 'expected', at, environment })
    return
  }
  if (isNews(heard, burned)) await keepCounts(world, onTrouble)
  const burning = await withChanges(world, place, heard, known?.seenAt[environment] ?? at)
  await runner.tell(of, { is: 'seen', at, environment, burning })
}

/** A store that takes longer holds up no alert. */
const keepForMs = 10_000

/** What an alert was judged by must be there after a crash: else it is over and fires anew, for no reason. */
async function keepCounts({ budgets, clock }: World, onTrouble: (error: unknown) => void): Promise<void> {
  const kept = new AbortController()
  await Promise.race([budgets.keep().catch(onTrouble), clock.until(clock.now() + keepForMs, kept.signal)])
  kept.abort()
}

/** What pages within an hour has begun in it. */
const lookBackMs = 3_600_000

/** What fires may have been on its way for as long as its window. */
async function withChanges(
  world: World,
  place: Promises,
  burning: readonly Burning[],
  wellAt: Instant,
): Promise<readonly Burning[]> {
  if (burning.length === 0) return burning
  const changes = await changesSince(world, place, Math.min(wellAt, world.clock.now() - lookBackMs))
  return burning.map((one) => ({ changes, ...one }))
}
