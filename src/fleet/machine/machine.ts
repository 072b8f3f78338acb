import {
  type Decision,
  type Effect,
  type Happening,
  type Instant,
  type Json,
  type Machine,
  move,
  sameJson,
  wait,
} from '../../kernel/index.ts'
import type { FleetSpec } from '../fleet.ts'
import { giveUp, type Judging, look } from './instance.ts'
import {
  type FleetCommand,
  type FleetSight,
  type FleetState,
  type InstanceState,
  instanceKey,
} from './state.ts'

/** How often instances that start, or do not answer, are looked at. */
const closeLookMs = 100
const calmLookMs = 1_000

type Step = { readonly instances: readonly InstanceState[]; readonly effects: readonly Effect[] }

/** A fleet on its first day. */
export const newFleet = (want: FleetSpec, fence: number): FleetState => ({
  want,
  fence,
  starts: 0,
  instances: [],
  unpacking: false,
  folder: undefined,
})

/** Instances as seen now; those that were stopped are gone. */
function lookAtAll(state: FleetState, seen: FleetSight, now: Instant): InstanceState[] {
  return state.instances.flatMap((instance) => look(instance, seen.instances[instance.index], now) ?? [])
}

function cancelEffect(want: FleetSpec, instance: InstanceState): Effect {
  const key = instanceKey(want.fleet, instance.index, instance.attempt)
  return { kind: 'instance.cancel', key: `${key}/cancel`, spec: { key, graceMs: want.start.graceMs } }
}

const isOver = (instance: InstanceState, size: number): boolean =>
  instance.index >= size && instance.phase !== 'stopping'

/** Lets go of the highest places when the fleet is larger than wanted. */
function shrink(want: FleetSpec, instances: readonly InstanceState[], now: Instant): Step {
  const going = instances.filter((instance) => isOver(instance, want.size))
  const waiting = (instance: InstanceState) => instance.phase === 'backingOff'
  return {
    effects: going.filter((instance) => !waiting(instance)).map((instance) => cancelEffect(want, instance)),
    instances: instances
      .filter((instance) => !(isOver(instance, want.size) && waiting(instance)))
      .map((instance) =>
        isOver(instance, want.size) ? { ...instance, phase: 'stopping', since: now } : instance,
      ),
  }
}

/** Ends what runs but is of no use; once it has ended it counts as a crash and is started again after a pause. */
function endUseless(
  want: FleetSpec,
  watchedSince: Judging['watchedSince'],
  instances: readonly InstanceState[],
  now: Instant,
): Step {
  const judging = { start: want.start, watchedSince }
  const next = instances.map((instance) => giveUp(instance, judging, now))
  const given = next.filter((instance, i) => instance !== instances[i])
  return { instances: next, effects: given.map((instance) => cancelEffect(want, instance)) }
}

function start(state: FleetState, folder: string, instance: InstanceState, now: Instant): Effect {
  const { want } = state
  const key = instanceKey(want.fleet, instance.index, instance.attempt)
  const spec = {
    fleet: want.fleet,
    index: instance.index,
    ...(instance.port === undefined ? {} : { port: instance.port }),
    folder,
    start: want.start,
    release: want.release,
  }
  return { kind: 'instance.start', key, spec: { ...spec, at: now } as unknown as Json }
}

const emptyPlace = (index: number, now: Instant): InstanceState => ({
  index,
  attempt: 0,
  phase: 'backingOff',
  port: undefined,
  since: now,
  crashes: 0,
  everReady: false,
  notBefore: now,
})

/** Opens the places that are missing. */
function grow(want: FleetSpec, instances: readonly InstanceState[], now: Instant): InstanceState[] {
  const taken = new Set(instances.map((instance) => instance.index))
  const missing = Array.from({ length: want.size }, (_, index) => index).filter((index) => !taken.has(index))
  return [...instances, ...missing.map((index) => emptyPlace(index, now))].sort((a, b) => a.index - b.index)
}

/** Starts what waits to be started and whose time has come. */
function startDue(
  state: FleetState,
  folder: string,
  ports: readonly number[],
  instances: readonly InstanceState[],
  now: Instant,
): Step & { readonly starts: number } {
  const free = [...ports]
  const effects: Effect[] = []
  let { starts } = state
  const next = instances.map((instance): InstanceState => {
    if (instance.phase !== 'backingOff' || instance.notBefore > now || instance.index >= state.want.size)
      return instance
    const port = state.want.start.worker ? undefined : (instance.port ?? free.shift())
    if (port === undefined && !state.want.start.worker) return instance
    const started: InstanceState = {
      ...instance,
      attempt: ++starts,
      ...(instance.attempt === 0 ? {} : { restarts: (instance.restarts ?? 0) + 1 }),
      phase: 'starting',
      port,
      since: now,
    }
    effects.push(start(state, folder, started, now))
    return started
  })
  return { instances: next, effects, starts }
}

/** What is worth telling others: an instance became ready, crashed, or does not answer. */
function tell(
  before: readonly InstanceState[],
  after: readonly InstanceState[],
  want: FleetSpec,
): Happening[] {
  return after.flatMap((instance) => {
    const old = before.find((b) => b.index === instance.index)
    if (old?.phase === instance.phase || old === undefined) return []
    const crashed = instance.phase === 'backingOff' && instance.crashes > 0
    const type = crashed ? 'instance.crashed' : instance.phase === 'ready' ? 'instance.ready' : undefined
    if (!type && instance.phase !== 'unhealthy') return []
    const body = {
      service: want.service,
      environment: want.environment,
      fleet: want.fleet,
      index: instance.index,
      because: instance.because,
    }
    return [{ type: type ?? 'instance.unhealthy', body }]
  })
}

function nextLook(instances: readonly InstanceState[], now: Instant): Instant {
  const close = instances.some(({ phase, missed }) => phase !== 'ready' || missed !== undefined)
  return now + (close ? closeLookMs : calmLookMs)
}

function decide(state: FleetState, seen: FleetSight, now: Instant): Decision<FleetState> {
  const { want } = state
  const folder = state.folder ?? seen.folder
  const looked = lookAtAll(state, seen, now)
  const shrunk = shrink(want, looked, now)
  if (want.size === 0 && shrunk.instances.length === 0) return endFleet(state)
  if (!folder && !state.unpacking)
    return move({ ...state, unpacking: true }, { effects: [unpackEffect(want)] })
  const ended = endUseless(want, seen.watchedSince, shrunk.instances, now)
  const grown = grow(want, ended.instances, now)
  const started = folder
    ? startDue(state, folder, seen.freePorts, grown, now)
    : { instances: grown, effects: [], starts: state.starts }
  const next: FleetState = { ...state, folder, starts: started.starts, instances: started.instances }
  if (sameJson(next, state)) return wait(waitingFor(state, seen), nextLook(state.instances, now))
  return move(next, {
    events: tell(state.instances, looked, want),
    effects: [...shrunk.effects, ...ended.effects, ...started.effects],
  })
}

function endFleet(state: FleetState): Decision<FleetState> {
  const { service, environment, fleet } = state.want
  const events = [{ type: 'fleet.ended', body: { service, environment, fleet } }]
  return move({ ...state, instances: [] }, { ended: true, events })
}

const unpackEffect = (want: FleetSpec): Effect => ({
  kind: 'release.unpack',
  key: `fleet/${want.fleet}/unpack`,
  spec: { release: want.release, ...(want.start.target ? { target: want.start.target } : {}) },
})

function waitingFor(state: FleetState, seen: FleetSight): string {
  if (seen.unpackProblem) return `the release could not be unpacked: ${seen.unpackProblem}`
  if (!state.folder) return 'the release is being unpacked'
  const not = state.instances.find((instance) => instance.phase !== 'ready')
  return not
    ? `instance ${not.index} is ${not.phase}${not.because ? `: ${not.because}` : ''}`
    : 'all instances are ready'
}

/** The last want applied is the one wanted; an older fence is refused silently: its owner has lost the lease. */
function accept(state: FleetState, command: FleetCommand, now: Instant): Decision<FleetState> {
  if (command.fence < state.fence) return wait('an older order')
  if (sameJson(command.want, state.want) && command.fence === state.fence) return wait('already wanted', now)
  return move({ ...state, want: command.want, fence: command.fence })
}

/** Instances of one release, kept as wanted: started, checked, restarted with a pause, stopped. */
export const fleetMachine: Machine<FleetState, FleetSight, FleetCommand> = { kind: 'fleet', decide, accept }
