import { type DeploymentState, laneId, lifeId, measuredParty } from '../deploy/index.ts'
import type { Digest, GateQuestion, Json } from '../kernel/index.ts'
import {
  type BusiestHourBody,
  busiestHourKind,
  type HighestAhead,
  highestAhead,
  isOtherSize,
} from '../predict/index.ts'
import type { Getter } from './gates.ts'
import { calendarOf, measuredHere, measuringOf, sizeWantedIn } from './headroom.ts'
import { configOf } from './in-step.ts'
import { asOfNow } from './lines-now.ts'
import { openTests, orderLoadTest } from './load-tests.ts'
import { inStepRef, readLoadTest, readWatch } from './records.ts'
import type { Runner } from './runner.ts'
import type { World } from './world.ts'

/** A load test that a deployment has asked for. */
const orderOf = (deployment: string): string => `headroom/${deployment}`

/** Of a release that nobody has measured where it counts, the first environment that can measures it. @returns which */
async function measureIt(
  world: World,
  runner: Runner,
  { service, environment, release, live }: GateQuestion,
  { id }: DeploymentState,
  [place]: readonly string[],
): Promise<string | undefined> {
  if (place === undefined) return undefined
  const config = await configOf(world, service)
  const known = config && (await measuredHere(world, { environment, config }, release, world.clock.now()))
  const lines = known?.measured.lines ?? []
  // Lines of another size do not count, where one of this size can be had.
  const isOther = isOtherSize(lines, known?.size) && config?.environments[place]?.limits === undefined
  if ((lines.length > 0 && !isOther) || (await openTestOf(world, service, place, release))) return undefined
  await orderLoadTest(world, runner, {
    ...{ name: orderOf(id), service, environment: place, cause: 'deployment', actor: 'plimsoll' },
    ...{ reason: `${id} asks what it carries`, measures: true },
    ...(release === live ? {} : { guest: { release } }),
  })
  return place
}

async function openTestOf(world: World, service: string, environment: string, release: Digest) {
  const open = await openTests(world, { service, environment })
  return open.find(
    (one) =>
      one.sized === undefined && one.settings.test !== undefined && measuredParty(one).release === release,
  )
}

/** What comes within the time that the gate looks ahead. */
async function comingIn(
  world: World,
  { service, environment }: GateQuestion,
  { settings: { gates } }: DeploymentState,
): Promise<HighestAhead | undefined> {
  const config = await configOf(world, service)
  const own = gates.find((gate) => typeof gate !== 'string' && gate.kind === 'headroom')
  const aheadMs = typeof own === 'object' && own.kind === 'headroom' ? own.ahead : undefined
  if (aheadMs === undefined || !config) return undefined
  const now = world.clock.now()
  const load = await world.loads.futuresOf({ service, environment }, calendarOf(config, now), now)
  return highestAhead(load, aheadMs / 86_400_000)
}

async function bodyOf(
  world: World,
  runner: Runner,
  question: GateQuestion,
  state: DeploymentState,
): Promise<BusiestHourBody> {
  const { service, environment, live } = question
  if (live === undefined) return { nothing: 'nothing ran before it' }
  const load = await world.loads.loadOf({ service, environment }, world.clock.now(), true)
  const config = await configOf(world, service)
  const { measuredIn, scales, scalesBySize } = measuringOf(config, environment)
  const size = config && (await sizeWantedIn(world, config, environment, question.release))
  const ahead = await comingIn(world, question, state)
  const orderedIn = await measureIt(world, runner, question, state, measuredIn)
  return {
    ...{ load, instances: state.settings.instances, measuredIn: [...measuredIn], scales, scalesBySize },
    ...(size ? { size } : {}),
    ...(config?.predict ? { timeZone: config.predict.timeZone } : {}),
    ...(ahead ? { ahead } : {}),
    ...(orderedIn === undefined ? {} : { orderedIn }),
  }
}

/** An order is begun within this. */
const begunWithinMs = 30_000

/** What is being measured of it, or is about to be; undefined when nothing is. */
async function underWay(
  world: World,
  { service, environment, release, deployment = '' }: GateQuestion,
): Promise<string | undefined> {
  const { measuredIn } = measuringOf(await configOf(world, service), environment)
  for (const place of measuredIn) {
    const going = await openTestOf(world, service, place, release)
    if (going) return `${going.id} measures it: ${going.text}`
  }
  const known = await world.evidence.about(release, [busiestHourKind])
  const newest = known
    .filter(({ about }) => about.environment === laneId(service, environment))
    .toSorted((a, b) => b.at - a.at)[0]
  const { orderedIn } = (newest?.body ?? {}) as { readonly orderedIn?: string }
  if (!newest || orderedIn === undefined) return undefined
  const watch = await readWatch(world.journal, inStepRef(service, orderedIn))
  const behind = watch?.orders.indexOf(orderOf(deployment)) ?? -1
  const id = watch && behind >= 0 ? lifeId(service, orderedIn, watch.tests - behind) : undefined
  const hasBegun = id !== undefined && (await readLoadTest(world.journal, id)) !== undefined
  const isNew = world.clock.now() - newest.at < begunWithinMs
  return isNew && !hasBegun ? `it is about to be measured in ${orderedIn}` : undefined
}

/**
 * The gate `headroom` looks at how busy the environment was, read when it is asked, and at what the release carries: of one
 * that was never measured where that counts, it asks for a load test, and waits for it.
 */
export const headroomGetter: Getter = {
  async ask(world, runner, question, state) {
    const { service, environment, release } = question
    const body = await bodyOf(world, runner, question, state)
    await world.evidence.put({
      kind: busiestHourKind,
      at: world.clock.now(),
      about: { release, environment: laneId(service, environment) },
      body: body as unknown as Json,
    })
  },
  async evidence(world, { service, environment }, known) {
    const place = laneId(service, environment)
    const config = await configOf(world, service)
    const counting = config ? await asOfNow(world, config, environment, known) : known
    return counting.filter(({ kind, about }) => kind !== busiestHourKind || about.environment === place)
  },
  async look(world, question, verdict) {
    if (verdict.is !== 'inconclusive') return {}
    const pending = await underWay(world, question)
    return pending === undefined ? {} : { pending }
  },
}
