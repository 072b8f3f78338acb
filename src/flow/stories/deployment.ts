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
import { judgeGates } from '../gates.ts'
import { readFleet, readLane } from '../records.ts'
import type { Story } from '../story.ts'
import type { World } from '../world.ts'

async function see(world: World, state: DeploymentState, watchedSince: Instant): Promise<DeploymentSight> {
  const environment = laneId(state.service, state.environment)
  const lane = await readLane(world.journal, environment)
  const live = state.from?.fleet
  const stage = state.stages[state.at]
  return {
    lane,
    from: fleetSeen(live ? await readFleet(world.journal, live) : undefined),
    to: fleetSeen(await readFleet(world.journal, newFleetOf(state))),
    watchedSince,
    ...(stage?.do === 'task' && { task: await world.commands.find(taskKey(state, stage)) }),
    traffic: await world.gateways.observe(environment),
    gates: state.phase === 'gating' || state.phase === 'waiting' ? await judgeGates(world, state) : [],
  }
}

/** Bringing one release into one environment. */
export function deploymentStory(world: World): Story<DeploymentState, DeploymentSight, DeploymentCommand> {
  const watchedSince = world.clock.now()
  return { machine: deployment, see: (state) => see(world, state, watchedSince) }
}
