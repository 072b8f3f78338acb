import {
  type DeploymentState,
  type LaneState,
  laneId,
  type Preview,
  planUndo,
  previewStages,
  type TrafficBefore,
} from '../deploy/index.ts'
import { judgeGates } from './gates.ts'
import { type Order, wouldBe } from './orders.ts'
import { readDeployment, readLane } from './records.ts'
import type { World } from './world.ts'

/** What would happen, as things stand now. */
export type Ahead = Preview & {
  /** The deployment as it would be, or the one that would be turned round. */
  readonly state: DeploymentState
  readonly lane: LaneState | undefined
  /** What the live version has answered lately, when that is known. */
  readonly lately?: TrafficBefore
}

/** Of the live version alone: it is what a canary is planned by. */
async function latelyOf(world: World, lane: LaneState | undefined): Promise<TrafficBefore | undefined> {
  const { live } = lane ?? {}
  return lane && live
    ? world.gateways.lately(laneId(lane.service, lane.environment), live.fleet, live.since)
    : undefined
}

/** What a deployment would do if it was ordered now. Looks, and changes nothing. */
export async function lookAhead(world: World, order: Order): Promise<Ahead> {
  const lane = await readLane(world.journal, laneId(order.service, order.environment))
  const state = await wouldBe(world, order)
  const gates = order.kind === 'rollback' ? [] : await judgeGates(world, state)
  const lately = await latelyOf(world, lane)
  const preview = previewStages(order.kind, state.settings, lane?.live?.size ?? 0, lately)
  const from = lane?.live ? { from: lane.live } : {}
  return {
    ...preview,
    state: { ...state, ...from, gates, phase: 'gating' },
    lane,
    ...(lately ? { lately } : {}),
  }
}

/** What turning the deployment round that goes on would do; undefined when none does, or it is on its way back. */
export async function lookBack(
  world: World,
  service: string,
  environment: string,
): Promise<Ahead | undefined> {
  const lane = await readLane(world.journal, laneId(service, environment))
  const running = lane?.holder?.deployment
  const state = running === undefined ? undefined : await readDeployment(world.journal, running)
  if (!state || state.phase === 'ended' || state.phase === 'undoing') return undefined
  const stage = state.stages[state.at]
  const stages = stage ? planUndo(state.settings, stage, state.from?.size ?? 0) : []
  return { stages, back: [], state, lane }
}
