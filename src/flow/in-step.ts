import type { ServiceConfig } from '../config/schema.ts'
import {
  type DeploymentState,
  type Drift,
  driftOf,
  type Following,
  type InStep,
  type LaneState,
  type LifeState,
  type Live,
  laneId,
  lastDue,
  measuredParty,
  newWatch,
  type Running,
  readSchedule,
  type WatchSight,
  withSince,
} from '../deploy/index.ts'
import { fleetSeen } from '../fleet/index.ts'
import type { Json } from '../kernel/index.ts'
import type { LiveAs } from './guests.ts'
import { orderDeployment } from './orders.ts'
import { inStepRef, readDeployment, readFleet, readLane, readService, readWatch } from './records.ts'
import type { Runner } from './runner.ts'
import { inStepOf } from './settings.ts'
import type { World } from './world.ts'

export const configOf = async (world: World, service: string): Promise<ServiceConfig | undefined> =>
  (await readService(world.journal, service))?.guard?.config

/** The environments that are in step with another. */
export const followersOf = (config: ServiceConfig | undefined, leader: string): readonly string[] =>
  Object.entries(config?.environments ?? {}).flatMap(([name, { inStepWith }]) =>
    inStepWith === leader ? [name] : [],
  )

const bringsTo = (lane: LaneState | undefined, release: string): string | undefined => {
  const { holder, queue = [], aside = [] } = lane ?? {}
  return [...(holder ? [holder] : []), ...queue, ...aside].find((one) => one.release === release)?.deployment
}

/** Brings what was brought into an environment into one that follows it; once. */
const bringAlong = (world: World, runner: Runner, there: DeploymentState, follower: string): Promise<void> =>
  orderDeployment(world, runner, {
    name: `inStep/${there.id}`,
    service: there.service,
    environment: follower,
    release: there.release,
    // The schema there has not gone back either.
    kind: there.kind === 'rollback' ? 'rollback' : 'promote',
    actor: 'plimsoll',
    reason: `in step with ${there.environment}: ${there.reason}`,
    there: there.settings,
  })

/** A release is proven in an environment, or what ran before runs there again: what is in step with it follows. */
export async function follow(world: World, runner: Runner, there: DeploymentState): Promise<void> {
  for (const follower of followersOf(await configOf(world, there.service), there.environment))
    await bringAlong(world, runner, there, follower)
}

/** How what runs in an environment was brought there. */
export const liveDeployment = async (
  world: World,
  service: string,
  environment: string,
): Promise<DeploymentState | undefined> => {
  const live = (await readLane(world.journal, laneId(service, environment)))?.live
  return live && readDeployment(world.journal, live.deployment)
}

/** What runs in an environment, and how it was brought there. */
export async function liveAs(
  world: World,
  service: string,
  environment: string,
): Promise<LiveAs | undefined> {
  const there = await liveDeployment(world, service, environment)
  return there && { release: there.release, deployed: there.settings }
}

/** Each environment in step has somebody who looks after it; one that has nothing yet gets what runs already. */
export async function watchFollowers(world: World, runner: Runner, service: string): Promise<void> {
  for (const [name, { inStepWith }] of Object.entries((await configOf(world, service))?.environments ?? {})) {
    if (inStepWith === undefined) continue
    await runner.create(inStepRef(service, name), newWatch(service, name) as unknown as Json)
    runner.wake(inStepRef(service, name))
    const there = await liveDeployment(world, service, inStepWith)
    if (there && !(await liveDeployment(world, service, name))) await bringAlong(world, runner, there, name)
  }
}

/** What an environment is, as far as anybody has seen. */
async function runningIn(
  world: World,
  service: string,
  environment: string,
  sizeOf: (live: Live, wanted: number) => number,
): Promise<Running> {
  const lane = await readLane(world.journal, laneId(service, environment))
  const live = lane?.live
  const settings = (await liveDeployment(world, service, environment))?.settings
  const fleet = live && (await readFleet(world.journal, live.fleet))
  return {
    environment,
    ...(live ? { live } : {}),
    before: lane?.before ?? [],
    ...(settings ? { settings } : {}),
    ...(lane?.schema ? { schema: lane.schema } : {}),
    size: live ? sizeOf(live, fleet?.want.size ?? 0) : 0,
    instances: fleetSeen(fleet).instances,
  }
}

/** How the release that runs there comes here, or why it does not. */
async function followingOf(world: World, lane: LaneState | undefined, there: Running): Promise<Following> {
  const release = there.live?.release
  if (release === undefined) return {}
  const coming = bringsTo(lane, release)
  if (coming !== undefined) return { coming }
  if (lane?.holder?.test !== undefined) return { test: lane.holder.test }
  const last = lane?.lastDeployment ? await readDeployment(world.journal, lane.lastDeployment) : undefined
  if (last?.release !== release || last.standing === 'passed') return {}
  return { because: `${last.id} ${last.standing}: ${last.reasons[0]?.text ?? 'nobody said why'}` }
}

async function look(world: World, service: string, environment: string, inStep: InStep): Promise<WatchSight> {
  // While that is replaced there its old fleet shrinks; here a load test wakes it.
  const there = await runningIn(world, service, inStep.with, ({ size }) => size)
  const here = await runningIn(world, service, environment, (_, wanted) => wanted)
  const lane = await readLane(world.journal, laneId(service, environment))
  const drift = driftOf(there, here, inStep, await followingOf(world, lane, there))
  return { drift, ...(there.live ? { leader: there.live.release } : {}) }
}

/** How an environment differs now from the one that it follows; without a drift when it follows none. */
export async function seeDrift(world: World, service: string, environment: string): Promise<WatchSight> {
  const config = await configOf(world, service)
  const inStep = config && inStepOf(config, environment)
  if (!inStep) return {}
  const { at = [] } = config.environments[environment]?.loadTest ?? {}
  const schedules = at.flatMap((text) => readSchedule(text) ?? [])
  const due = lastDue(schedules, world.clock.now())
  return { ...(await look(world, service, environment, inStep)), ...(due === undefined ? {} : { due }) }
}

/** How an environment would differ with a guest in the place of what is live there. */
async function driftWith(world: World, state: LifeState): Promise<Drift | undefined> {
  const { service, environment, guest } = state
  const config = await configOf(world, service)
  const inStep = config && inStepOf(config, environment)
  const { release, fleet, deployed } = measuredParty(state)
  if (!inStep || !guest || !fleet || !deployed || !release) return undefined
  const there = await runningIn(world, service, inStep.with, ({ size }) => size)
  const here = await runningIn(world, service, environment, (_, wanted) => wanted)
  const size = deployed.instances
  const { instances } = fleetSeen(await readFleet(world.journal, fleet))
  const live: Live = {
    release,
    fleet,
    size,
    deployment: state.id,
    since: state.startedAt ?? state.requestedAt,
  }
  const schema = deployed.migrate ? { schema: { release, whole: true } } : {}
  return driftOf(there, { ...here, live, settings: deployed, ...schema, size, instances }, inStep)
}

/** How what a load test measures differs from what runs in the environment that is followed. */
export const driftMeasured = (world: World, state: LifeState): Promise<Drift | undefined> =>
  state.guest ? driftWith(world, state) : driftNow(world, state.service, state.environment)

/** As `seeDrift`, and since when. */
export async function driftNow(
  world: World,
  service: string,
  environment: string,
): Promise<Drift | undefined> {
  const { drift } = await seeDrift(world, service, environment)
  const watched = await readWatch(world.journal, inStepRef(service, environment))
  return drift && withSince(drift, watched?.drift)
}
