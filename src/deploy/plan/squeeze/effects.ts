import type { Effect, EvidenceDraft, Instant, Json } from '../../../kernel/index.ts'
import { laneId } from '../lane-state.ts'
import { type SqueezedBody, type SqueezeState, squeezedKind } from './state.ts'

/** So long the gateway squeezes when nobody says so again: should the server die, that is how long it lasts. */
export const leaseMs = 10_000
/** So often it is said again. */
export const renewEveryMs = 3_000

/** Tables of an environment follow each other: the turn first, then those of the squeeze. */
export const revisionOf = ({ fence = 0, table }: Pick<SqueezeState, 'fence' | 'table'>): number =>
  fence * 1_000 + table

const laneOf = ({ service, environment }: SqueezeState): string => laneId(service, environment)

/** Wants the environment: no deployment begins meanwhile. */
export const holdEffect = (state: SqueezeState): Effect => ({
  kind: 'lane.tell',
  key: `squeeze/${state.id}/hold`,
  spec: {
    lane: laneOf(state),
    command: {
      is: 'freeze',
      test: state.id,
      owner: `squeeze ${state.id}`,
      reason: `one instance is squeezed: ${state.reason}`,
    },
  },
})

export const letGoEffect = (state: SqueezeState): Effect => ({
  kind: 'lane.tell',
  key: `squeeze/${state.id}/letGo`,
  spec: { lane: laneOf(state), command: { is: 'thaw', test: state.id } },
})

function orderOf(state: SqueezeState): { readonly [key: string]: Json } {
  const { deployed, live, fence = 0 } = state
  return {
    environment: laneOf(state),
    port: deployed?.port,
    requestTimeoutMs: deployed?.requestTimeoutMs,
    ...(deployed?.routes === undefined ? {} : { routes: deployed.routes }),
    ...(deployed?.gateway === undefined ? {} : { gateway: deployed.gateway }),
    healthPath: deployed?.start.healthPath,
    fleets: [{ fleet: live?.fleet, weight: 1, serving: live?.size }],
    ...(deployed?.strategy.is === 'canary' ? { split: deployed.strategy.split } : {}),
    revision: revisionOf(state),
    fence,
  } as unknown as { readonly [key: string]: Json }
}

/**
 * The table of the stage that goes on, with the time until which it holds. It names the server that wants it: one that finds
 * it undone after a crash splits evenly instead.
 */
export function squeezeEffect(state: SqueezeState, now: Instant): Effect {
  const { id, stage, table, live, instance = 0 } = state
  const squeeze = {
    instance: `${live?.fleet}/${instance}`,
    share: stage?.share ?? 0,
    until: now + leaseMs,
  }
  return {
    kind: 'squeeze.apply',
    key: `squeeze/${id}/${table}/${now}`,
    spec: { ...orderOf(state), squeeze, owner: stage?.owner ?? '' },
  }
}

export const evenEffect = (state: SqueezeState, now: Instant): Effect => ({
  kind: 'squeeze.apply',
  key: `squeeze/${state.id}/${state.table}/even/${now}`,
  spec: orderOf(state),
})

/** What is known of what one instance carries. */
export function squeezedEvidence(state: SqueezeState): EvidenceDraft | undefined {
  const {
    id,
    service,
    environment,
    live,
    deployed,
    instance = 0,
    found,
    stages,
    settings,
    text,
    size,
  } = state
  if (!live || !found) return undefined
  const body: SqueezedBody = {
    squeeze: id,
    text,
    place: {
      environment: laneId(service, environment),
      ...{ instances: 1, instance, of: live.size, target: deployed?.start.target ?? 'process' },
      ...(size ? { size: { applied: size } } : {}),
      data: deployed?.start.dataFolder !== undefined,
    },
    promises: settings.promises,
    result: found,
    stages,
  }
  return {
    kind: squeezedKind,
    at: state.startedAt ?? state.requestedAt,
    about: { release: live.release, environment: laneId(service, environment) },
    body: body as unknown as Json,
  }
}

/** What is left to do at the end. */
export function endEffects(state: SqueezeState): Effect[] {
  const evidence = squeezedEvidence(state)
  return [
    ...(evidence
      ? [{ kind: 'evidence.keep', key: `squeeze/${state.id}/keep`, spec: evidence as unknown as Json }]
      : []),
    letGoEffect(state),
  ]
}
