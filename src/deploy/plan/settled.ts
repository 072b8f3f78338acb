import type { InstanceSeen, TrafficSeen, UpstreamSeen } from '../../fleet/index.ts'
import type { Instant, Reason } from '../../kernel/index.ts'
import type { Stage } from './stage.ts'
import { type DeploymentSight, type DeploymentState, fenceOf, newFleetOf } from './state.ts'
import { taskLimitMs, taskSeen } from './tasks.ts'

const readyOf = (instances: readonly InstanceSeen[]): number =>
  instances.filter((i) => i.phase === 'ready').length

function why(instances: readonly InstanceSeen[]): string {
  const not = instances.find((instance) => instance.phase !== 'ready')
  return not ? ` (instance ${not.index} is ${not.phase}${not.because ? `: ${not.because}` : ''})` : ''
}

const enough = (instances: readonly InstanceSeen[], size: number, which: string): string | undefined =>
  readyOf(instances) < size
    ? `${readyOf(instances)} of ${size} ${which} instances are ready${why(instances)}`
    : undefined

const tooMany = (instances: readonly InstanceSeen[], size: number, which: string): string | undefined =>
  instances.length > size ? `${instances.length - size} ${which} instances are still stopping` : undefined

/** Going forth the new instances matter, going back the old ones: those that leave may be as ill as they like. */
function fleetsUnsettled(
  state: DeploymentState,
  { sizes }: Stage,
  seen: DeploymentSight,
): string | undefined {
  const to = seen.to.instances
  const from = seen.from.instances
  const matters = isUndoing(state) ? enough(from, sizes.from, 'old') : enough(to, sizes.to, 'new')
  return matters ?? tooMany(to, sizes.to, 'new') ?? tooMany(from, sizes.from, 'old')
}

const indexOf = (upstream: UpstreamSeen): number =>
  Number(upstream.instance.slice(upstream.instance.lastIndexOf('/') + 1))

function upstreamUnsettled(upstream: UpstreamSeen, serving: number): string | undefined {
  const shouldServe = indexOf(upstream) < serving
  if (shouldServe && !upstream.serving) return `${upstream.instance} does not serve yet`
  if (shouldServe) return undefined
  return upstream.inFlight > 0
    ? `${upstream.inFlight} requests are in flight at ${upstream.instance}`
    : undefined
}

/** Upstreams of one fleet that the gateway should see healthy and does not. */
function unseen(traffic: TrafficSeen, fleet: string | undefined, size: number): string | undefined {
  const known = traffic.upstreams.filter((upstream) => upstream.fleet === fleet && indexOf(upstream) < size)
  if (known.length < size) return `the gateway knows ${known.length} of ${size} instances`
  const sick = known.find((upstream) => !upstream.healthy)
  return sick && `the gateway does not see ${sick.instance} healthy${sick.because ? `: ${sick.because}` : ''}`
}

/** How long a way back waits for the gateway to see the old instances healthy: going back sick beats not going back. */
const patienceMs = 30_000

function healthUnsettled(
  state: DeploymentState,
  stage: Stage,
  seen: DeploymentSight,
  now: Instant,
): string | undefined {
  if (!isUndoing(state)) return unseen(seen.traffic, newFleetOf(state), stage.sizes.to)
  const began = state.rail.at(-1)?.startedAt ?? now
  return now - began < patienceMs ? unseen(seen.traffic, state.from?.fleet, stage.sizes.from) : undefined
}

function trafficUnsettled(
  state: DeploymentState,
  stage: Stage,
  seen: DeploymentSight,
  now: Instant,
): string | undefined {
  const { traffic } = seen
  if (!traffic.reachable) return 'the gateway does not answer'
  if (traffic.revision !== tableRevision(state)) return 'the gateway has not taken the new weights yet'
  const sick = healthUnsettled(state, stage, seen, now)
  if (sick) return sick
  for (const upstream of traffic.upstreams) {
    const serving = upstream.fleet === newFleetOf(state) ? stage.serving.to : stage.serving.from
    const reason = upstreamUnsettled(upstream, serving)
    if (reason) return reason
  }
  return undefined
}

/** A command that has failed is acted upon at once; after one that is done, the new instances must be there. */
function taskUnsettled(stage: Stage, seen: DeploymentSight): string | undefined {
  const task = taskSeen(stage, seen.task)
  if (task.is === 'running') return seen.taskProblem ?? 'it goes on'
  return task.is === 'done' ? enough(seen.to.instances, stage.sizes.to, 'new') : undefined
}

const isUndoing = (state: DeploymentState): boolean => state.phase === 'undoing'

/** Turns of an environment follow each other, and so do their tables: fence first, stage second. */
export const tableRevision = (state: Pick<DeploymentState, 'fence' | 'number' | 'at'>): number =>
  fenceOf(state) * 1_000 + state.at

/** What is not yet as the stage wants it; undefined when all is. */
export function unsettled(
  state: DeploymentState,
  stage: Stage,
  seen: DeploymentSight,
  now: Instant,
): string | undefined {
  if (stage.do === 'fleets') return fleetsUnsettled(state, stage, seen)
  if (stage.do === 'traffic') return trafficUnsettled(state, stage, seen, now)
  // A judge looks on while an instance is down: what that costs is what he is there for.
  if (stage.do === 'judge') return undefined
  if (stage.do === 'task') return taskUnsettled(stage, seen)
  const began = state.rail.at(-1)?.startedAt ?? now
  const notReady = enough(seen.to.instances, stage.sizes.to, 'new')
  if (notReady || stage.do === 'plan') return notReady
  return now - began < state.settings.bakeMs ? 'baking' : undefined
}

/** Crashes in a row after which a new instance is given up. */
const crashLimit = 3
/** Beyond what the instances and requests themselves may take. */
const marginMs = 15_000

function stageLimitMs(state: DeploymentState, stage: Stage): number {
  const { bakeMs, requestTimeoutMs, start, strategy } = state.settings
  if (state.heldSince !== undefined) return Number.POSITIVE_INFINITY
  if (stage.do === 'task') return taskLimitMs(state, stage) + marginMs
  if (stage.do === 'judge' && strategy.is === 'canary') return strategy.deadlineMs + marginMs
  if (stage.do === 'fleets') return start.readyWithinMs + start.graceMs + marginMs
  return (stage.do === 'bake' ? bakeMs : requestTimeoutMs) + marginMs
}

/** How new instances ended by themselves, for people: what a judge saw may come from it. */
export const crashesIn = ({ to }: DeploymentSight): Reason[] =>
  to.instances.flatMap(({ index, lastCrash }) =>
    lastCrash === undefined ? [] : [{ text: `instance ${index} ${lastCrash}` }],
  )

/** The target does not find what it needs of the release. */
export const cannotRun = (lack: string): string => `the release cannot run here: ${lack}`

/** Why the rollout cannot go on; undefined while it can. */
export function hopeless(
  state: DeploymentState,
  stage: Stage,
  seen: DeploymentSight,
  now: Instant,
): string | undefined {
  if (seen.lack !== undefined) return cannotRun(seen.lack)
  const wrong = seen.to.instances.find(
    (instance) => instance.runs !== undefined && instance.runs !== state.release,
  )
  if (wrong) return `instance ${wrong.index} runs ${wrong.runs}, not the release`
  const crashing = seen.to.instances.find((instance) => instance.crashes >= crashLimit)
  if (crashing)
    return `instance ${crashing.index} ${crashing.lastCrash ?? 'crashes'}, ${crashing.crashes} times`
  const late = seen.to.instances.find(
    (instance) => instance.crashes > 0 && instance.lastCrash?.startsWith('not healthy within'),
  )
  if (late) return `instance ${late.index} was ${late.lastCrash}`
  const began = Math.max(state.rail.at(-1)?.startedAt ?? now, seen.watchedSince)
  if (now - began < stageLimitMs(state, stage)) return undefined
  return `"${stage.title}" took too long: ${unsettled(state, stage, seen, now) ?? 'unknown'}`
}
