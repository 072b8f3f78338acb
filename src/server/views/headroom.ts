import type { ServiceConfig } from '../../config/schema.ts'
import type { EnvironmentHeadroom, HeadroomView } from '../../contract/index.ts'
import { type Live, laneId } from '../../deploy/index.ts'
import { calibrationOf, calibrationText } from '../../flow/calibration.ts'
import {
  type AssumedThere,
  aheadIn,
  type HeadroomPlace,
  headroomPlaces,
  headroomPolicy,
  leadMsOf,
  measuredHere,
  pricesIn,
  sizeUnder,
} from '../../flow/headroom.ts'
import { readLane } from '../../flow/records.ts'
import type { ServiceState } from '../../flow/service.ts'
import type { World } from '../../flow/world.ts'
import { type Instant, shortDigest } from '../../kernel/index.ts'
import {
  aroundOf,
  foundIn,
  type Headroom,
  headroomOf,
  reasonsOf,
  sentenceOf,
  standingOf,
} from '../../predict/index.ts'
import { viewAhead } from './headroom-ahead.ts'

type Range = { readonly low: number; readonly at: number; readonly high: number }

/** JSON has no Infinity. */
const rangeOf = ({ low, at, high }: Range) => ({ low, at, high: Number.isFinite(high) ? high : null })

function figuresOf({ load, line, used }: Headroom): Partial<EnvironmentHeadroom> {
  return {
    ...(load.busiest ? { busiest: { ...load.busiest, from: Math.round(load.busiest.from) } } : {}),
    ...(line
      ? {
          line: {
            ...rangeOf(line),
            how: line.how,
            measured: line.seen.map(({ environment, instances, measuredAt: at, size, used }) => ({
              ...{ environment, instances, at },
              ...(size ? { size } : {}),
              ...(used ? { used } : {}),
            })),
          },
        }
      : {}),
    ...(used ? { used: rangeOf(used) } : {}),
  }
}

type Viewed = HeadroomPlace & { readonly at: Instant }

/** How near the busiest hour came to what runs there carries, or would have, under what is assumed. */
async function nowIn(world: World, place: Viewed, live: Live | undefined, assumed?: AssumedThere) {
  const { service, environment, config, at } = place
  const release = assumed?.digest ?? live?.release
  const instances = (live?.size ?? 0) + (assumed?.instances ?? 0)
  const known = await measuredHere(world, place, release, at)
  return headroomOf({
    ...{ environment, isLive: assumed?.digest === undefined, instances },
    load: await world.loads.loadOf({ service, environment }, at),
    historyMs: headroomPolicy(config, environment).history,
    release: release ? shortDigest(release) : 'what runs',
    ...known,
    size: sizeUnder(known.size, assumed),
  })
}

/** What is to come, as it is and as it would be. */
async function aheadViews(
  world: World,
  place: Viewed,
  live: Live | undefined,
  assumed: AssumedThere | undefined,
): Promise<Pick<EnvironmentHeadroom, 'ahead' | 'whatIf'>> {
  const { config, environment, at } = place
  const shown = {
    environment,
    leadDays: leadMsOf(config) / 86_400_000,
    prices: pricesIn(config, environment),
  }
  const around = aroundOf(config.predict, at)
  const ahead = await aheadIn(world, place, at)
  if (!ahead) return {}
  const then = assumed && (await aheadIn(world, place, at, assumed))
  if (!assumed || !then) return { ahead: viewAhead(ahead, shown, around) }
  return {
    ahead: viewAhead(ahead, shown, around),
    whatIf: {
      assumed: [...assumed.says],
      text: sentenceOf(await nowIn(world, place, live, assumed), around),
      ahead: viewAhead(then, shown, around),
    },
  }
}

/** How far the load of an environment stays below what runs there carries. */
async function viewPlace(
  world: World,
  place: Viewed,
  assumed: AssumedThere | undefined,
): Promise<EnvironmentHeadroom> {
  const { service, environment, config } = place
  const { live } = (await readLane(world.journal, laneId(service, environment))) ?? {}
  const { below } = headroomPolicy(config, environment)
  const around = aroundOf(config.predict, place.at)
  const headroom = await nowIn(world, place, live)
  const calibration = await calibrationOf(world, config, environment, place.at)
  const reasons = live
    ? reasonsOf(headroom, below, around)
    : [{ text: 'nothing runs there', next: 'deploy something' }]
  return {
    service,
    environment,
    is: standingOf(headroom, below),
    text: sentenceOf(headroom, around),
    found: [...foundIn(headroom), ...calibrationText(environment, calibration, headroom.line, around)],
    reasons: reasons.map(({ text, next }) => ({ text, ...(next === undefined ? {} : { next }) })),
    below,
    ...(live ? { release: shortDigest(live.release) } : {}),
    instances: live?.size ?? 0,
    knownHours: headroom.load.known,
    soughtHours: headroom.load.sought,
    ...figuresOf(headroom),
    ...(await aheadViews(world, place, live, assumed)),
  }
}

/** What somebody asks to have assumed of a service. */
export type Assuming = (config: ServiceConfig, at: Instant) => Promise<AssumedThere>

/**
 * The headroom wherever somebody wants to know it, and what becomes of it.
 * @param only the name of one service; all of them otherwise
 */
export async function viewHeadroom(world: World, only?: string, assuming?: Assuming): Promise<HeadroomView> {
  const at = world.clock.now()
  const states = (await world.journal.list({ kind: 'service' }))
    .map(({ state }) => state as unknown as ServiceState)
    .filter(({ name }) => only === undefined || name === only)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  const viewed = states.map(async ({ guard }) => {
    if (!guard) return []
    const { config } = guard
    const assumed = await assuming?.(config, at)
    const places = headroomPlaces(config).map((environment) => ({
      ...{ service: config.service, environment, config, at },
    }))
    return Promise.all(places.map((place) => viewPlace(world, place, assumed)))
  })
  return { schemaVersion: 1, at, environments: (await Promise.all(viewed)).flat() }
}
