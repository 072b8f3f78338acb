import {
  type DeploymentCommand,
  type DeploymentSight,
  type DeploymentState,
  deployment,
  laneId,
  newFleetOf,
  taskKey,
} from '../../deploy/index.ts'
import { fleetSeen } from '../../fleet/index.ts'
import type { Instant } from '../../kernel/index.ts'
import { seeCounters } from '../counters.ts'
import { secretsProblem, secretsProblemOf, variablesOfTasks } from '../environment-variables.ts'
import { judgeGates } from '../gates.ts'
import { readFleet, readLane } from '../records.ts'
import type { Story } from '../story.ts'
import type { World } from '../world.ts'

/** How the command of the stage that goes on stands, when it has one. */
async function seeTask(
  world: World,
  state: DeploymentState,
): Promise<Pick<DeploymentSight, 'task' | 'taskProblem'>> {
  const stage = state.stages[state.at]
  if (stage?.do !== 'task') return {}
  const task = await world.commands.find(taskKey(state, stage))
  if (task !== 'absent') return { task }
  const taskProblem = await secretsProblem(world, await variablesOfTasks(world, state))
  return { task, ...(taskProblem === undefined ? {} : { taskProblem }) }
}

/** What the target does not find of the release. An engine that does not answer may have it all. */
async function seeLack(
  { instances }: World,
  { phase, release, settings }: DeploymentState,
): Promise<Pick<DeploymentSight, 'lack'>> {
  if (phase !== 'gating' && phase !== 'moving') return {}
  const lack = await instances.lacks(release, settings.start.target ?? 'process').catch(() => undefined)
  return lack === undefined ? {} : { lack }
}

/** Secrets without a value keep it from starting: known as soon as it is judged, and not when its instances are late. */
async function seeSecrets(world: World, state: DeploymentState): Promise<Pick<DeploymentSight, 'noSecret'>> {
  if (state.phase !== 'gating') return {}
  const noSecret = await secretsProblemOf(world, state)
  return noSecret === undefined ? {} : { noSecret }
}

async function see(world: World, state: DeploymentState, watchedSince: Instant): Promise<DeploymentSight> {
  const environment = laneId(state.service, state.environment)
  const lane = await readLane(world.journal, environment)
  const live = state.from?.fleet
  const from = fleetSeen(live ? await readFleet(world.journal, live) : undefined)
  const to = fleetSeen(await readFleet(world.journal, newFleetOf(state)))
  return {
    lane,
    from,
    to,
    watchedSince,
    ...(await seeTask(world, state)),
    ...(await seeLack(world, state)),
    ...(await seeSecrets(world, state)),
    ...(await seeCounters(world, state, [from, to])),
    traffic: await world.gateways.observe(environment),
    gates: state.phase === 'gating' || state.phase === 'waiting' ? await judgeGates(world, state) : [],
  }
}

/** Bringing one release into one environment. */
export function deploymentStory(world: World): Story<DeploymentState, DeploymentSight, DeploymentCommand> {
  const watchedSince = world.clock.now()
  return { machine: deployment, see: (state) => see(world, state, watchedSince) }
}
