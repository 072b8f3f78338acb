import type { EvidenceDraft, Json } from '../../../kernel/index.ts'
import { comingIn, type Difference, type Drift, undeclared } from '../in-step/index.ts'
import { laneId } from '../lane-state.ts'
import { type AbsoluteBody, absoluteKind, type LifeState } from './state.ts'
import { measuredParty } from './steps.ts'

/** What comes with a release, whatever guards the environment: how it starts, and how it changes the data. */
const comesWithRelease = (what: string): boolean =>
  what === 'release' ||
  what === 'schema' ||
  /^(start\.(?!target\b)|migrate\.(?!env\.)|containers\b)/.test(what)

const say = ({ what, there, here }: Difference, { with: leader }: Drift): string =>
  `${what} is ${here}, and ${there} in ${leader}`

/** What somebody wanted otherwise who had it measured at another size. */
const comesWithSize = (what: string): boolean => what === 'instances' || what.startsWith('limits.')

/** Of a guest: what differs because it does, or because its size is to, and what remains to be explained. */
export function apartFromGuest(
  drift: Drift,
  isSized = false,
): { readonly butFor: readonly string[]; readonly rest: Drift } {
  const own = undeclared(drift).filter(
    ({ what }) => comesWithRelease(what) || (isSized && comesWithSize(what)),
  )
  return {
    butFor: own.map((one) => say(one, drift)),
    rest: { ...drift, differences: drift.differences.filter((one) => !own.includes(one)) },
  }
}

/** Why what is measured now would not tell what the environment that is followed carries. */
export function doubtsOf(drift: Drift | undefined): readonly string[] {
  if (!drift) return ['the environment is in step with no other']
  return [...[...undeclared(drift), ...comingIn(drift)].map((one) => say(one, drift)), ...drift.unknown]
}

/** What was found, of which release, where, and whether it counts. Its time is when it was found, in every life. */
export function absoluteEvidence(state: LifeState): EvidenceDraft | undefined {
  const { id, service, environment, live, settings, found, doubts = [], butFor = [], rail, leader } = state
  const { size, used, sized } = state
  const { release, deployed } = measuredParty(state)
  if (!live || !release || !found) return undefined
  const body: AbsoluteBody = {
    test: id,
    standing: found.standing,
    text: found.text,
    reasons: found.reasons,
    counts: doubts.length === 0,
    doubts,
    ...(state.guest ? { guest: { instead: live.release, butFor } } : {}),
    ...(sized ? { sized } : {}),
    place: {
      environment: laneId(service, environment),
      inStepWith: leader ?? null,
      instances: deployed?.instances ?? 0,
      ...(size ? { size } : {}),
      ...(used ? { used } : {}),
      seeded: settings.seed !== undefined,
      dependencies: settings.wake !== undefined,
    },
    result: found.body,
  }
  return {
    kind: absoluteKind,
    at: rail.at(-1)?.startedAt ?? state.requestedAt,
    about: { release, environment: laneId(service, environment) },
    body: body as unknown as Json,
  }
}
