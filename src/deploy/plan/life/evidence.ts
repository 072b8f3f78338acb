import type { EvidenceDraft, Json } from '../../../kernel/index.ts'
import { comingIn, type Drift, undeclared } from '../in-step/index.ts'
import { laneId } from '../lane-state.ts'
import { type AbsoluteBody, absoluteKind, type LifeState } from './state.ts'

/** Why what is measured now would not tell what the environment that is followed carries. */
export function doubtsOf(drift: Drift | undefined): readonly string[] {
  if (!drift) return ['the environment is in step with no other']
  return [
    ...[...undeclared(drift), ...comingIn(drift)].map(
      ({ what, there, here }) => `${what} is ${here}, and ${there} in ${drift.with}`,
    ),
    ...drift.unknown,
  ]
}

/** What was found, of which release, where, and whether it counts. Its time is when it was found, in every life. */
export function absoluteEvidence(state: LifeState): EvidenceDraft | undefined {
  const { id, service, environment, live, deployed, settings, found, doubts = [], rail, leader } = state
  if (!live || !found) return undefined
  const body: AbsoluteBody = {
    test: id,
    standing: found.standing,
    text: found.text,
    reasons: found.reasons,
    counts: doubts.length === 0,
    doubts,
    place: {
      environment: laneId(service, environment),
      inStepWith: leader ?? null,
      instances: deployed?.instances ?? 0,
      seeded: settings.seed !== undefined,
      dependencies: settings.wake !== undefined,
    },
    result: found.body,
  }
  return {
    kind: absoluteKind,
    at: rail.at(-1)?.startedAt ?? state.requestedAt,
    about: { release: live.release, environment: laneId(service, environment) },
    body: body as unknown as Json,
  }
}
