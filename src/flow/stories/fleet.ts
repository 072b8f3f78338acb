import {
  type FleetCommand,
  type FleetSight,
  type FleetState,
  fleetMachine,
  type InstanceSight,
  type InstanceState,
  instanceKey,
} from '../../fleet/index.ts'
import type { CommandSeen } from '../../host/index.ts'
import { formatDuration, type Instant } from '../../kernel/index.ts'
import { secretsProblem, variablesOfInstance } from '../environment-variables.ts'
import type { Story } from '../story.ts'
import type { World } from '../world.ts'

const wantsHealth = (instance: InstanceState): boolean =>
  instance.phase === 'starting' || instance.phase === 'ready' || instance.phase === 'unhealthy'

/** A worker is asked nothing: it says that it is ready by a file, or by going on. */
async function workerHealth(
  world: World,
  { want }: FleetState,
  { index, attempt }: InstanceState,
  startedAt: Instant,
): Promise<NonNullable<InstanceSight['health']>> {
  const ready = want.start.worker?.ready ?? 0
  if (ready === 'file') {
    const ok = await world.instances.isReady(instanceKey(want.fleet, index, attempt))
    return ok ? { ok } : { ok, because: 'has not made its READY_FILE' }
  }
  const ok = world.clock.now() - startedAt >= ready
  return ok ? { ok } : { ok, because: `has not run for ${formatDuration(ready)} yet` }
}

async function healthOf(
  world: World,
  state: FleetState,
  instance: InstanceState,
  { startedAt, unwell }: CommandSeen,
): Promise<Partial<InstanceSight>> {
  if (!wantsHealth(instance)) return {}
  if (unwell !== undefined) return { health: { ok: false, because: unwell } }
  if (state.want.start.worker) return { health: await workerHealth(world, state, instance, startedAt) }
  if (instance.port === undefined) return {}
  return { health: await world.instances.probe(instance.port, state.want.start.healthPath) }
}

/** Asked once for each start: what it runs cannot change while it runs. */
async function runsOf(
  world: World,
  state: FleetState,
  instance: InstanceState,
  seen: CommandSeen,
): Promise<Partial<InstanceSight>> {
  if (instance.runs !== undefined) return { runs: instance.runs }
  const runs = await world.instances.runs(seen, state.want.release)
  return runs ? { runs } : {}
}

/** What is wanted to start and does not may lack something. */
async function problemOf(
  world: World,
  { want }: FleetState,
  { phase }: InstanceState,
): Promise<Pick<InstanceSight, 'problem'>> {
  const problem =
    phase === 'starting' ? await secretsProblem(world, await variablesOfInstance(world, want)) : undefined
  return problem === undefined ? {} : { problem }
}

/** Asked once for each start, too. */
async function sizeOf(
  world: World,
  state: FleetState,
  instance: InstanceState,
): Promise<Partial<InstanceSight>> {
  if (instance.size !== undefined) return { size: instance.size }
  if (state.want.start.target !== 'docker')
    return { size: { is: 'machine', ...(await world.instances.machine()) } }
  const size = await world.commands.containerSize(
    instanceKey(state.want.fleet, instance.index, instance.attempt),
  )
  return size ? { size } : {}
}

async function lookAt(world: World, state: FleetState, instance: InstanceState): Promise<InstanceSight> {
  const key = instanceKey(state.want.fleet, instance.index, instance.attempt)
  const command = instance.phase === 'backingOff' ? 'absent' : await world.commands.find(key)
  if (command === 'absent') return { command, ...(await problemOf(world, state, instance)) }
  if (command !== 'running') return { command }
  const seen = await world.commands.running(key)
  if (!seen) return { command }
  const health = await healthOf(world, state, instance, seen)
  if (!health.health?.ok) return { command, startedAt: seen.startedAt, ...health }
  const runs = await runsOf(world, state, instance, seen)
  return {
    ...{ command, startedAt: seen.startedAt },
    ...{ ...health, ...runs, ...(await sizeOf(world, state, instance)) },
  }
}

async function see(world: World, state: FleetState, watchedSince: Instant): Promise<FleetSight> {
  const looked = await Promise.all(
    state.instances.map(async (i) => [i.index, await lookAt(world, state, i)] as const),
  )
  const portless = state.want.start.worker
    ? 0
    : state.want.size - state.instances.filter((instance) => instance.port !== undefined).length
  return {
    watchedSince,
    folder:
      state.folder ??
      (await world.instances.folderOf(state.want.release, state.want.start.target ?? 'process')),
    freePorts: portless > 0 ? await world.instances.freePorts(portless) : [],
    instances: Object.fromEntries(looked),
  }
}

/** Instances of one release in one environment, kept as wanted. */
export function fleetStory(world: World): Story<FleetState, FleetSight, FleetCommand> {
  const watchedSince = world.clock.now()
  return { machine: fleetMachine, see: (state) => see(world, state, watchedSince) }
}
