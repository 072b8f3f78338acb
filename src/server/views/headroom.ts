import type { ServiceConfig } from '../../config/schema.ts'
import type { EnvironmentHeadroom, HeadroomView } from '../../contract/index.ts'
import { headroomConfig, laneId } from '../../deploy/index.ts'
import { calibrationOf, calibrationText } from '../../flow/calibration.ts'
import { headroomPlaces, linesOf, measuringOf } from '../../flow/headroom.ts'
import { readLane } from '../../flow/records.ts'
import type { ServiceState } from '../../flow/service.ts'
import type { World } from '../../flow/world.ts'
import { type Instant, shortDigest } from '../../kernel/index.ts'
import {
  foundIn,
  type Headroom,
  headroomOf,
  measuredFor,
  orSqueezed,
  reasonsOf,
  sentenceOf,
  standingOf,
} from '../../predict/index.ts'

/** How much is to be left: what the environment's gate wants, or would want. */
function policyOf(config: ServiceConfig, environment: string) {
  const gates = config.environments[environment]?.gates ?? []
  const own = gates.find((gate) => typeof gate !== 'string' && gate.kind === 'headroom')
  return typeof own === 'object' && own.kind === 'headroom' ? own : headroomConfig.parse({ kind: 'headroom' })
}

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
            measured: line.seen.map(({ environment, instances, measuredAt: at }) => ({
              ...{ environment, instances, at },
            })),
          },
        }
      : {}),
    ...(used ? { used: rangeOf(used) } : {}),
  }
}

/** How far the load of an environment stays below what runs there carries. */
async function viewPlace(
  world: World,
  config: ServiceConfig,
  environment: string,
  at: Instant,
): Promise<EnvironmentHeadroom> {
  const { service } = config
  const { live } = (await readLane(world.journal, laneId(service, environment))) ?? {}
  const { below, history: historyMs } = policyOf(config, environment)
  const load = await world.loads.loadOf({ service, environment }, at)
  const production = await calibrationOf(world, config, environment, at)
  const measuring = measuringOf(config, environment)
  const { squeezed, scales } = production
  const measured = measuredFor(environment, live ? await linesOf(world, live.release) : [], at)
  const headroom = headroomOf({
    ...{ environment, load, historyMs, isLive: true, instances: live?.size ?? 0 },
    release: live ? shortDigest(live.release) : 'what runs',
    measured: orSqueezed(measured, squeezed, scales),
    ...measuring,
    ...(scales === undefined ? {} : { scales: { ...measuring.scales, [environment]: scales } }),
  })
  const reasons = live
    ? reasonsOf(headroom, below)
    : [{ text: 'nothing runs there', next: 'deploy something' }]
  return {
    service,
    environment,
    is: standingOf(headroom, below),
    text: sentenceOf(headroom),
    found: [...foundIn(headroom), ...calibrationText(environment, production, headroom.line)],
    reasons: reasons.map(({ text, next }) => ({ text, ...(next === undefined ? {} : { next }) })),
    below,
    ...(live ? { release: shortDigest(live.release) } : {}),
    instances: live?.size ?? 0,
    knownHours: load.known,
    soughtHours: load.sought,
    ...figuresOf(headroom),
  }
}

/** The headroom wherever somebody wants to know it. @param only the name of one service; all of them otherwise */
export async function viewHeadroom(world: World, only?: string): Promise<HeadroomView> {
  const at = world.clock.now()
  const states = (await world.journal.list({ kind: 'service' }))
    .map(({ state }) => state as unknown as ServiceState)
    .filter(({ name }) => only === undefined || name === only)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  const places = states.flatMap(({ guard }) =>
    guard ? headroomPlaces(guard.config).map((name) => ({ config: guard.config, name })) : [],
  )
  const environments = await Promise.all(places.map(({ config, name }) => viewPlace(world, config, name, at)))
  return { schemaVersion: 1, at, environments }
}
