import { describeEnd } from '../../fleet/index.ts'
import type { CommandEnd } from '../../host/index.ts'
import {
  type Effect,
  type Found,
  formatDuration,
  type Instant,
  type Json,
  type Key,
} from '../../kernel/index.ts'
import { type Floor, laneId } from './lane-state.ts'
import { type DeploymentKind, type DeploymentSettings, type TaskSettings, takesRequests } from './order.ts'
import type { Stage, TaskName } from './stage.ts'
import { type DeploymentState, newFleetOf, type StageDone } from './state.ts'
import { type Waiver, waiverOf } from './waiver.ts'

const titles: Readonly<Record<TaskName, string>> = {
  wake: 'wake what it depends on',
  migrate: 'migrate the data',
  smokeBefore: 'smoke check before any request',
  smokeAfter: 'smoke check with all requests',
}

/** From TERM to KILL. */
const graceMs = 10_000

/** A command, while everything else stays as it is in the stage before. */
const taskStage = (task: TaskName, { sizes, serving }: Pick<Stage, 'sizes' | 'serving'>): Stage => ({
  do: 'task',
  title: titles[task],
  sizes,
  serving,
  task,
})

const afterStage = (stages: readonly Stage[], at: number, task: TaskName): Stage[] => {
  const before = stages[at]
  return before ? [...stages.slice(0, at + 1), taskStage(task, before), ...stages.slice(at + 1)] : [...stages]
}

/**
 * Puts the commands of a deployment among its stages: the migration first, a check when the first new instances are
 * healthy and nobody asks them yet, another when they take all requests and the old ones have not all gone.
 */
export function withTasks(
  kind: DeploymentKind,
  { wake, migrate, smokeBefore, smokeAfter }: DeploymentSettings,
  from: number,
  stages: readonly Stage[],
): Stage[] {
  let all = [...stages]
  const takesAll = all.findLastIndex((stage) => stage.do === 'traffic')
  if (smokeAfter) all = afterStage(all, takesAll, 'smokeAfter')
  const healthy = all.findIndex((stage) => stage.do === 'traffic')
  if (smokeBefore) all = afterStage(all, healthy, 'smokeBefore')
  // The way back leads to a release that knows the data as they are: a migration leads forth only.
  const first = { sizes: { from, to: 0 }, serving: { from, to: 0 } }
  if (migrate && kind !== 'rollback') all = [taskStage('migrate', first), ...all]
  return wake ? [taskStage('wake', first), ...all] : all
}

const settingsOf = ({ settings }: DeploymentState, { task }: Stage): TaskSettings | undefined =>
  task && settings[task]

/** Key of the command that runs in a stage of a deployment. */
export const taskKey = ({ id }: Pick<DeploymentState, 'id'>, { task }: Pick<Stage, 'task'>): Key =>
  `deployment/${id}/task/${task}`

/** Variables of all commands that a deployment may run. */
export const taskVariables = ({
  start,
  wake,
  migrate,
  smokeBefore,
  smokeAfter,
}: DeploymentSettings): TaskSettings['env'][] => [
  start.env,
  ...[wake, migrate, smokeBefore, smokeAfter].flatMap((task) => (task ? [task.env] : [])),
]

/** What older releases are asked for from now on is known before the data change. */
function floorEffect(state: DeploymentState, { task }: Stage): Effect[] {
  const { id, service, environment, release, rail, settings } = state
  const commit = settings.migrate?.oldestCompatible
  if (task !== 'migrate' || commit === undefined) return []
  const floor: Floor = { commit, release, deployment: id, at: rail.at(-1)?.startedAt ?? state.requestedAt }
  const spec = { lane: laneId(service, environment), command: { is: 'migrates', floor } }
  return [{ kind: 'lane.tell', key: `deployment/${id}/migrates`, spec }]
}

/** Runs the command of a stage; idempotent by its key. */
export function taskEffect(state: DeploymentState, stage: Stage): Effect[] {
  const task = settingsOf(state, stage)
  if (!task) return []
  const { service, environment, release, settings } = state
  const spec = {
    ...task,
    graceMs,
    release,
    fleet: newFleetOf(state),
    // The gateway's address, or that of the first new instance while nobody else asks it.
    gatewayPort: stage.task === 'smokeAfter' && takesRequests(settings) ? settings.port : null,
    env: { ...settings.start.env, ...task.env, SERVICE: service, ENVIRONMENT: environment },
    dataFolder: settings.start.dataFolder ?? null,
    ...(settings.start.target ? { target: settings.start.target } : {}),
  }
  const start = { kind: 'task.start', key: taskKey(state, stage), spec: spec as unknown as Json }
  return [...floorEffect(state, stage), start]
}

/** Ends the command of the stage that goes on, when it is one. */
export const cancelTask = (state: DeploymentState): Effect[] => {
  const stage = state.stages[state.at]
  if (stage?.do !== 'task') return []
  const key = taskKey(state, stage)
  return [{ kind: 'command.cancel', key: `${key}/cancel`, spec: { key, graceMs } }]
}

/** The longest that a stage with a command may last. */
export const taskLimitMs = (state: DeploymentState, stage: Stage): number =>
  (settingsOf(state, stage)?.timeoutMs ?? 0) + graceMs

/** How a command stands: it goes on, it has done its work, or why it has not. */
export type TaskSeen =
  | { readonly is: 'running' | 'done' }
  | { readonly is: 'failed' | 'lost'; readonly because: string }

export function taskSeen(stage: Stage, found: Found<CommandEnd> | undefined): TaskSeen {
  const what = stage.title
  if (found === 'lost') return { is: 'lost', because: `${what}: nobody knows how it ended` }
  if (typeof found !== 'object') return { is: 'running' }
  const { exit, why, startedAt, endedAt } = found.ended
  if (exit === 0) return { is: 'done' }
  const took = formatDuration(endedAt - startedAt)
  return {
    is: 'failed',
    because: `${what} ${why === 'timedOut' ? `was not over after ${took}` : describeEnd(found.ended)}`,
  }
}

/** Lets the verdict of a check through; a migration is no check. */
export const taskWaiver = (
  { task }: Stage,
  waivers: readonly Waiver[] | undefined,
  now: Instant,
): Waiver | undefined => (task && task !== 'migrate' ? waiverOf(waivers, task, now) : undefined)

/** What the check of the stage that goes on said stays beside it, with who let it through. */
export const letThrough = (
  state: DeploymentState,
  said: NonNullable<StageDone['letThrough']>,
): DeploymentState => ({
  ...state,
  rail: state.rail.map((done, i) => (i === state.rail.length - 1 ? { ...done, letThrough: said } : done)),
})
