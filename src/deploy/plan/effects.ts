import type { Effect, Json } from '../../kernel/index.ts'
import { laneId } from './lane-state.ts'
import { tableRevision } from './settled.ts'
import { type Stage, weightsIn } from './stage.ts'
import { type DeploymentState, fenceOf, newFleetOf } from './state.ts'
import { taskEffect } from './tasks.ts'

/** The effects that make the world want what the stage wants. */
export function effectsOf(state: DeploymentState, stage: Stage): Effect[] {
  const key = (what: string) => `deployment/${state.id}/${state.at}/${what}`
  if (stage.do === 'traffic')
    return [{ kind: 'traffic.apply', key: key('traffic'), spec: weightsOf(state, stage) }]
  if (stage.do === 'task') return taskEffect(state, stage)
  if (stage.do !== 'fleets') return []
  const { settings, service, environment, release } = state
  const to = {
    fleet: newFleetOf(state),
    service,
    environment,
    release,
    size: stage.sizes.to,
    start: settings.start,
  }
  const from = { fleet: state.from?.fleet ?? '', size: stage.sizes.from }
  const fence = fenceOf(state)
  return [
    // A fleet that is not to have an instance yet is not made yet.
    ...(to.size > 0 || state.phase === 'undoing'
      ? [{ kind: 'fleet.apply', key: key('to'), spec: { want: to, fence } as unknown as Json }]
      : []),
    ...(state.from ? [{ kind: 'fleet.resize', key: key('from'), spec: { ...from, fence } }] : []),
  ]
}

function weightsOf(state: DeploymentState, stage: Stage): Json {
  const weights = weightsIn(stage)
  const fleets = [
    ...(state.from ? [{ fleet: state.from.fleet, weight: weights.from, serving: stage.serving.from }] : []),
    { fleet: newFleetOf(state), weight: weights.to, serving: stage.serving.to },
  ]
  const { gateway, port, requestTimeoutMs, routes, start, strategy } = state.settings
  return {
    environment: laneId(state.service, state.environment),
    port,
    requestTimeoutMs,
    ...(routes === undefined ? {} : { routes: { ...routes } as unknown as Json }),
    ...(gateway === undefined ? {} : { gateway: gateway as unknown as Json }),
    healthPath: start.healthPath,
    fleets,
    ...(strategy.is === 'canary' && { split: strategy.split }),
    revision: tableRevision(state),
    fence: fenceOf(state),
  }
}
