import type { ServiceConfig } from '../config/schema.ts'
import { headroomConfig, laneId } from '../deploy/index.ts'
import { type Digest, type Instant, type Limits, limitsInAll, sameLimits } from '../kernel/index.ts'
import {
  type Ahead,
  type Assumed,
  daysAround,
  fargateSizes,
  measuredFor,
  orSqueezed,
  type Prices,
  type SizeWanted,
  squeezedIn,
} from '../predict/index.ts'
import { promisedIn } from '../watch/index.ts'
import { squeezesKept } from './calibration.ts'
import { followersOf } from './in-step.ts'
import { linesNow } from './lines-now.ts'
import { readLane } from './records.ts'
import { sizeIn } from './sizes.ts'
import type { World } from './world.ts'

/** What the configuration says of how an environment's load line is measured. */
export type Measuring = {
  /** Environments in step with it that have load tests. */
  readonly measuredIn: string[]
  /** Environment in step → why it carries in proportion to its instances. */
  readonly scales: Record<string, string>
  /** Environment in step → why a larger instance carries in proportion. */
  readonly scalesBySize: Record<string, string>
}

export function measuringOf(config: ServiceConfig | undefined, environment: string): Measuring {
  const followers = followersOf(config, environment)
  const placeOf = (name: string) => config?.environments[name]
  const hasOwnLimits = (name: string) => placeOf(name)?.limits !== undefined
  return {
    // Those whose instances are of the same size come first.
    measuredIn: followers
      .filter((name) => placeOf(name)?.loadTest)
      .toSorted((a, b) => Number(hasOwnLimits(a)) - Number(hasOwnLimits(b))),
    scales: Object.fromEntries(
      [...followers, environment].flatMap((name) => {
        // Of what one instance carried in the environment itself it says so where it allows that.
        const why = name === environment ? placeOf(name)?.squeeze?.scales : placeOf(name)?.scales
        return why === undefined ? [] : [[name, why]]
      }),
    ),
    scalesBySize: Object.fromEntries(
      followers.flatMap((name) => {
        const why = placeOf(name)?.scalesBySize
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

/**
 * What was measured of a release that counts for an environment now, and how it is carried over to other sizes; by a squeeze
 * only where nothing else is known.
 */
export async function measuredHere(
  world: World,
  { environment, config }: Pick<HeadroomPlace, 'environment' | 'config'>,
  release: Digest | undefined,
  at: Instant,
) {
  const lines = release ? await linesNow(world, config, environment, release) : []
  const measured = measuredFor(environment, lines, at)
  const squeezed = release && squeezedIn(environment, await squeezesKept(world, release))
  const why = config.environments[environment]?.squeeze?.scales
  const size = await sizeWantedIn(world, config, environment, release)
  return {
    ...{ measured: orSqueezed(measured, squeezed, why), ...measuringOf(config, environment) },
    ...(size ? { size } : {}),
  }
}

/** Of what size instances of a release are in an environment, or would be; undefined when nobody knows it. */
export async function sizeWantedIn(
  world: World,
  config: ServiceConfig,
  environment: string,
  release: Digest | undefined,
): Promise<SizeWanted | undefined> {
  const exactly = await sizeIn(world, config, environment, release)
  const isGiven = config.environments[environment]?.limits !== undefined
  return exactly && { limits: limitsInAll(exactly), exactly, ...(isGiven ? { isGiven } : {}) }
}

/** As it would be: what is not assumed stays as it is. */
export function sizeUnder(
  size: SizeWanted | undefined,
  assumed: Assumed | undefined,
): SizeWanted | undefined {
  const { cpus, memoryBytes } = assumed?.size ?? {}
  if (cpus === undefined && memoryBytes === undefined) return size
  const now = size?.limits ?? { cpus: null, memoryBytes: null }
  const limits = { cpus: cpus ?? now.cpus, memoryBytes: memoryBytes ?? now.memoryBytes }
  return size && sameLimits(limits, now) ? size : { limits }
}

/** How much is to be left: what the environment's gate wants, or would want. */
export function headroomPolicy(config: ServiceConfig, environment: string) {
  const gates = config.environments[environment]?.gates ?? []
  const own = gates.find((gate) => typeof gate !== 'string' && gate.kind === 'headroom')
  return typeof own === 'object' && own.kind === 'headroom' ? own : headroomConfig.parse({ kind: 'headroom' })
}

export type HeadroomPlace = {
  readonly service: string
  readonly environment: string
  readonly config: ServiceConfig
}

const usualLeadMs = 30 * 86_400_000

/** So long before somebody wants to know; the usual for a configuration that was read before it could say that. */
export const leadMsOf = ({ predict }: Pick<Partial<ServiceConfig>, 'predict'>): number =>
  predict?.lead ?? usualLeadMs

/** So far ahead one looks. */
const horizonMs = 180 * 86_400_000

/** What the forecast of an environment's load is told of the calendar. */
export const calendarOf = ({ predict }: ServiceConfig, at: Instant) => daysAround(predict, at, horizonMs)

/** What is assumed otherwise: another release among it, when there is one. */
export type AssumedThere = Assumed & { readonly digest?: Digest }

/** When the load of an environment reaches what runs there carries; undefined while nothing runs. */
export async function aheadIn(
  world: World,
  { service, environment, config }: HeadroomPlace,
  at: Instant,
  assumed?: AssumedThere,
): Promise<Ahead | undefined> {
  const { live } = (await readLane(world.journal, laneId(service, environment))) ?? {}
  if (!live) return undefined
  const place = { environment, config }
  const { measured, scales, scalesBySize, size } = await measuredHere(
    world,
    place,
    assumed?.digest ?? live.release,
    at,
  )
  const question = {
    lines: measured.lines,
    instances: Math.max(0, live.size + (assumed?.instances ?? 0)),
    ...{ scales, scalesBySize, size: sizeUnder(size, assumed) },
    ...{ sizes: sizesListed(config), prices: pricesIn(config, environment) },
    below: headroomPolicy(config, environment).below,
    leadMs: leadMsOf(config),
    ...(assumed ? { assumed } : {}),
  }
  return world.loads.aheadOf({ service, environment }, question, calendarOf(config, at), at)
}

type Predicting = Pick<Partial<ServiceConfig>, 'predict'>

/** Sizes that instances can have, as the team lists them; none: any. */
function sizesListed({ predict }: Predicting): readonly Limits[] {
  const sizes = predict?.sizes ?? []
  return sizes === 'fargate' ? fargateSizes : sizes.map(({ cpus, memory }) => ({ cpus, memoryBytes: memory }))
}

/** What instances of an environment cost, where somebody says it. */
export function pricesIn({ predict }: Predicting, environment: string): Prices | undefined {
  if (!predict?.costs) return undefined
  const { instance, cpuHour, gibHour, currency, per, environments } = predict.costs
  const listed = predict.sizes === 'fargate' ? [] : (predict.sizes ?? [])
  return {
    ...{ instance: environments[environment] ?? instance, cpuHour, gibHour, currency, per },
    sizes: listed.flatMap(({ cpus, memory, price }) =>
      price === undefined ? [] : [{ limits: { cpus, memoryBytes: memory }, price }],
    ),
  }
}
