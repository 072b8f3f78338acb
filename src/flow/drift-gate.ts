import { type Drift, driftKind, laneId } from '../deploy/index.ts'
import type { Json } from '../kernel/index.ts'
import type { Getter } from './gates.ts'
import { configOf, followersOf } from './in-step.ts'

/**
 * The gate `drift` looks at what follows the environment: at how that differs from what runs there now. Before anything
 * does, nothing can differ, and that is kept as what it judges by.
 */
export const driftGetter: Getter = {
  async ask(world, _runner, { service, environment, release, live }) {
    if (live !== undefined) return
    const known = await world.evidence.about(release, [driftKind])
    const place = laneId(service, environment)
    if (known.some(({ about }) => about.environment === place)) return
    const nothing: Drift = { with: environment, differences: [], unknown: [] }
    await world.evidence.put({
      kind: driftKind,
      at: world.clock.now(),
      about: { release, environment: place },
      body: nothing as unknown as Json,
    })
  },
  async evidence(world, { service, environment, live }, known) {
    if (live === undefined)
      return known.filter(({ about }) => about.environment === laneId(service, environment))
    const followers = followersOf(await configOf(world, service), environment).map((one) =>
      laneId(service, one),
    )
    return (await world.evidence.about(live, [driftKind])).filter(({ about }) =>
      followers.includes(about.environment ?? ''),
    )
  },
}
