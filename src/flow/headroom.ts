import type { ServiceConfig } from '../config/schema.ts'
import type { Digest, Evidence } from '../kernel/index.ts'
import { absoluteLineKind } from '../predict/index.ts'
import { promisedIn } from '../watch/index.ts'
import { followersOf } from './in-step.ts'
import type { World } from './world.ts'

/** What the configuration says of how an environment's load line is measured. */
export type Measuring = {
  /** Environments in step with it that have load tests. */
  readonly measuredIn: string[]
  /** Environment in step → why it carries in proportion to its instances. */
  readonly scales: Record<string, string>
}

export function measuringOf(config: ServiceConfig | undefined, environment: string): Measuring {
  const followers = followersOf(config, environment)
  const placeOf = (name: string) => config?.environments[name]
  return {
    measuredIn: followers.filter((name) => placeOf(name)?.loadTest),
    scales: Object.fromEntries(
      followers.flatMap((name) => {
        const why = placeOf(name)?.scales
        return why === undefined ? [] : [[name, why]]
      }),
    ),
  }
}

/** The environments whose headroom somebody wants to know: those that others follow, and those at the end of the way. */
export function headroomPlaces({ environments }: ServiceConfig): readonly string[] {
  const followed = Object.values(environments).flatMap(({ inStepWith }) => inStepWith ?? [])
  return [...new Set([...promisedIn({}, environments), ...followed])].filter((name) => environments[name])
}

/** All load lines that were measured of a release, alone. */
export const linesOf = (world: World, release: Digest): Promise<readonly Evidence[]> =>
  world.evidence.about(release, [absoluteLineKind])
