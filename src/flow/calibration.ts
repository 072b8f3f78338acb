import type { ServiceConfig } from '../config/schema.ts'
import { type LaneState, laneId } from '../deploy/index.ts'
import type { Digest, Evidence, Instant } from '../kernel/index.ts'
import {
  type Around,
  type Carried,
  carriedText,
  contradiction,
  type LiveSpan,
  type Squeezed,
  squeezedIn,
  squeezedLineKind,
} from '../predict/index.ts'
import { promisedIn, sliOf } from '../watch/index.ts'
import { readDeployment, readLane } from './records.ts'
import type { World } from './world.ts'

/** What production itself says of what it carries. */
export type Calibration = {
  /** The most that it has carried within what is promised. */
  readonly carried?: Carried
  /** What one instance carried when it was squeezed. */
  readonly squeezed?: Squeezed
}

/** When the releases of an environment were live alone: one that is replaced is from the first move on not alone any more. */
async function livesIn(world: World, { live, before }: LaneState): Promise<readonly LiveSpan[]> {
  const lives: LiveSpan[] = []
  let to: Instant | undefined
  for (const one of [...(live ? [live] : []), ...before]) {
    const { release, size: instances, since: from, deployment } = one
    lives.push({ release, instances, from, ...(to === undefined ? {} : { to }) })
    to = (await readDeployment(world.journal, deployment))?.startedAt ?? from
  }
  return lives
}

/** How what a gateway can tell of what is promised is counted. */
const promisesOf = ({ slos, environments, service }: ServiceConfig, environment: string) =>
  slos.flatMap((slo) => {
    if (slo.kind !== 'availability' && slo.kind !== 'latency') return []
    if (!promisedIn(slo, environments).includes(environment)) return []
    const sli = sliOf(slo, { service, environment })
    return sli.is === 'queries' ? [{ objective: slo.objective, bad: sli.bad, total: sli.total }] : []
  })

/** What squeezes have found of a release, wherever. */
export const squeezesKept = (world: World, release: Digest): Promise<readonly Evidence[]> =>
  world.evidence.about(release, [squeezedLineKind])

/** What an environment says of the release that runs there, by itself. */
export async function calibrationOf(
  world: World,
  config: ServiceConfig,
  environment: string,
  at: Instant,
): Promise<Calibration> {
  const { service } = config
  const lane = await readLane(world.journal, laneId(service, environment))
  if (!lane?.live) return {}
  const { release, size: instances } = lane.live
  const place = { service, environment, release, instances }
  const lives = await livesIn(world, lane)
  const carried = await world.carried.carriedBy(
    { ...place, lives, promises: promisesOf(config, environment) },
    at,
  )
  const squeezed = squeezedIn(environment, await squeezesKept(world, release))
  return {
    ...(carried ? { carried } : {}),
    ...(squeezed ? { squeezed } : {}),
  }
}

type Line = { readonly high: number; readonly seen: readonly { readonly environment: string }[] }

/** What is to be said beside a load line: what was carried, whether that speaks against the line, what a squeeze found. */
export function calibrationText(
  environment: string,
  { carried, squeezed }: Calibration,
  line: Line | undefined,
  around: Around,
): readonly string[] {
  const elsewhere = line?.seen.map((one) => one.environment).find((one) => one !== environment)
  const against =
    carried && line && elsewhere !== undefined
      ? contradiction(environment, carried, { high: line.high, measuredIn: elsewhere })
      : undefined
  return [
    ...(carried ? [carriedText(environment, carried, around)] : []),
    ...(against === undefined ? [] : [against]),
    ...(squeezed ? [squeezed.text] : []),
  ]
}
