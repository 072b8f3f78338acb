import { absoluteKind, type Drift, driftKind, laneId, nothingMeasured } from '../deploy/index.ts'
import type { Digest, GateQuestion, Json } from '../kernel/index.ts'
import type { Getter } from './gates.ts'
import { configOf, followersOf } from './in-step.ts'
import { measures, openTests } from './load-tests.ts'
import type { World } from './world.ts'

/** What is known of what runs, from the environments in step with where it runs; of the first release, what was kept. */
async function ofFollowers(
  world: World,
  { service, environment, release, live }: GateQuestion,
  kind: string,
) {
  const config = await configOf(world, service)
  const places = live === undefined ? [environment] : followersOf(config, environment)
  const wanted = places.map((one) => laneId(service, one))
  const known = await world.evidence.about(live ?? release, [kind])
  return known.filter(({ about }) => wanted.includes(about.environment ?? ''))
}

/** Before anything runs nothing can differ, and nothing can have been measured; that is what is judged by then. */
async function keepNothing(
  world: World,
  { service, environment, release, live }: GateQuestion,
  kind: string,
  body: Json,
): Promise<void> {
  if (live !== undefined) return
  const place = laneId(service, environment)
  const known = await world.evidence.about(release as Digest, [kind])
  if (known.some(({ about }) => about.environment === place)) return
  await world.evidence.put({ kind, at: world.clock.now(), about: { release, environment: place }, body })
}

/** The gate `drift` looks at how what follows the environment differs from what runs there now. */
export const driftGetter: Getter = {
  ask(world, _runner, question) {
    const nothing: Drift = { with: question.environment, differences: [], unknown: [] }
    return keepNothing(world, question, driftKind, nothing as unknown as Json)
  },
  evidence: (world, question) => ofFollowers(world, question, driftKind),
}

/** The gate `loadTest` looks at what was measured of what runs now; what is just being measured is waited for. */
export const loadTestGetter: Getter = {
  ask: (world, _runner, question) => keepNothing(world, question, absoluteKind, { nothing: nothingMeasured }),
  evidence: (world, question) => ofFollowers(world, question, absoluteKind),
  async look(world, { service, environment, live }, verdict) {
    if (verdict.is === 'pass' || live === undefined) return {}
    const config = await configOf(world, service)
    for (const follower of followersOf(config, environment)) {
      const open = await openTests(world, { service, environment: follower })
      const going = open.find((one) => measures(one, live as Digest))
      if (going) return { pending: `${going.id} measures it: ${going.text}` }
    }
    return {}
  },
}
