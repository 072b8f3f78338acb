import type { ServiceConfig } from '../config/schema.ts'
import {
  type FiringSeen,
  newSqueeze,
  type Promised,
  type SqueezeConfig,
  type SqueezeSettings,
  type SqueezeSight,
  type SqueezeState,
  squeezeId,
  whyNot,
} from '../deploy/index.ts'
import { fleetSeen } from '../fleet/index.ts'
import { type Json, PlimsollError, type Problem, type Reason } from '../kernel/index.ts'
import { isFiring, promisedIn } from '../watch/index.ts'
import { forecastWindow } from './futures.ts'
import { configOf } from './in-step.ts'
import {
  laneRef,
  readAlerts,
  readDeployment,
  readFleet,
  readLane,
  readSqueeze,
  squeezeRef,
} from './records.ts'
import type { Runner } from './runner.ts'
import type { World } from './world.ts'

type Of = { readonly service: string; readonly environment: string }

async function firingIn(world: World, { service, environment }: Of): Promise<readonly FiringSeen[]> {
  const { alerts = [] } = (await readAlerts(world.journal, service)) ?? {}
  return (
    alerts
      .filter((one) => isFiring(one) && one.labels.environment === environment)
      // What is only foreseen is no trouble yet: to know what an instance carries may be the answer to it.
      .filter(({ labels }) => labels.window !== forecastWindow)
      .map(({ labels, text }) => ({ severity: labels.severity === 'page' ? 'page' : 'ticket', text }))
  )
}

/** What is seen of an environment that is squeezed, or is to be. */
export async function sightOf(world: World, of: Of): Promise<Omit<SqueezeSight, 'owner'>> {
  const lane = await readLane(world.journal, laneRef(of.service, of.environment).id)
  const live = lane?.live
  const deployed = live && (await readDeployment(world.journal, live.deployment))?.settings
  return {
    lane,
    ...(deployed ? { deployed } : {}),
    instances: fleetSeen(live && (await readFleet(world.journal, live.fleet))).instances,
    traffic: await world.gateways.observe(laneRef(of.service, of.environment).id),
    firing: await firingIn(world, of),
  }
}

/** What a gateway can tell of what is promised in an environment. */
const promisesIn = ({ slos, environments }: ServiceConfig, environment: string): readonly Promised[] =>
  slos.flatMap((slo): Promised[] => {
    if (!promisedIn(slo, environments).includes(environment)) return []
    const { name, objective } = slo
    if (slo.kind === 'availability') return [{ name, objective }]
    return slo.kind === 'latency' ? [{ name, objective, belowMs: slo.below }] : []
  })

/** What somebody wants of one, within what the configuration allows. */
export type SqueezeWish = {
  readonly to?: number | undefined
  readonly stages?: readonly number[] | undefined
  readonly maxShare?: number | undefined
}

/** What the configuration does not allow of it. */
function beyond(allowed: SqueezeConfig, { stages = [], maxShare }: SqueezeWish, at: string): Problem[] {
  const most = Math.min(maxShare ?? allowed.maxShare, allowed.maxShare)
  const tooMuch = stages.filter((share) => share > most)
  return [
    ...(maxShare !== undefined && maxShare > allowed.maxShare
      ? [{ at: `${at}.maxShare`, text: `is ${allowed.maxShare}, and ${maxShare} is more than that` }]
      : []),
    ...(tooMuch.length > 0
      ? [{ at: '--stages', text: `${tooMuch.join(', ')} is more than one instance may get, ${most}` }]
      : []),
  ]
}

/**
 * By what an environment would be squeezed.
 * @throws PLM_NOT_FOUND, or PLM_SQUEEZE_NOT_ALLOWED when the configuration does not allow it, naming all that is missing
 */
export async function squeezeSettings(world: World, of: Of, wish: SqueezeWish): Promise<SqueezeSettings> {
  const config = await configOf(world, of.service)
  const place = config?.environments[of.environment]
  if (!config || !place)
    throw new PlimsollError('PLM_NOT_FOUND', `${of.service} has no environment ${of.environment}`)
  const at = `environments.${of.environment}.squeeze`
  const { squeeze: allowed } = place
  const promises = promisesIn(config, of.environment)
  const problems = [
    ...(allowed
      ? beyond(allowed, wish, at)
      : [{ at, text: 'is not there: without { maxShare } nothing is squeezed' }]),
    ...(promises.length === 0
      ? [
          {
            at: 'slos',
            text: `neither availability nor a latency is promised in ${of.environment}: nothing would say when it is too much`,
          },
        ]
      : []),
  ]
  if (!allowed || problems.length > 0) throw new PlimsollError('PLM_SQUEEZE_NOT_ALLOWED', problems)
  const shares = wish.stages ?? allowed.stages
  return {
    ...(shares ? { shares } : {}),
    maxShare: wish.maxShare ?? allowed.maxShare,
    ...(wish.to === undefined ? {} : { toPerSecond: wish.to }),
    ...{ watchMs: allowed.watch, atMostMs: allowed.atMost, alpha: allowed.alpha },
    ...{ minRequests: allowed.minRequests, promises },
  }
}

const problemOf = ({ text, next }: Reason): Problem => ({
  text: next === undefined ? text : `${text}: ${next}`,
})

/** All squeezes of an environment, the newest first. */
export const squeezesOf = async (world: World, { service, environment }: Of): Promise<SqueezeState[]> =>
  (await world.journal.list({ kind: 'squeeze' }))
    .map(({ state }) => state as unknown as SqueezeState)
    .filter((one) => one.service === service && one.environment === environment)
    .sort((a, b) => b.number - a.number)

/** The one that goes on. */
export const openSqueeze = async (world: World, of: Of): Promise<SqueezeState | undefined> =>
  (await squeezesOf(world, of)).find(({ phase }) => phase !== 'ended')

/**
 * Asks for one; durable when it returns. The same name twice is one.
 * @returns its name
 * @throws PLM_SQUEEZE_NOT_ALLOWED by the configuration; PLM_SQUEEZE_REFUSED for all that speaks against it now
 */
export async function orderSqueeze(
  world: World,
  runner: Runner,
  {
    name,
    actor,
    reason,
    wish,
    ...of
  }: Of & {
    readonly name: string
    readonly actor: string
    readonly reason: string
    readonly wish: SqueezeWish
  },
): Promise<string> {
  const settings = await squeezeSettings(world, of, wish)
  for (;;) {
    const known = await squeezesOf(world, of)
    const same = known.find((one) => one.name === name)
    if (same) return same.id
    const reasons = whyNot(await sightOf(world, of))
    if (reasons.length > 0) throw new PlimsollError('PLM_SQUEEZE_REFUSED', reasons.map(problemOf))
    const number = (known[0]?.number ?? 0) + 1
    const id = squeezeId(of.service, of.environment, number)
    const requestedAt = world.clock.now()
    const { state, effects } = newSqueeze({ ...of, id, number, name, actor, reason, settings, requestedAt })
    await runner.create(squeezeRef(id), state as unknown as Json, { effects })
    // Somebody else may have been first with this number.
    if ((await readSqueeze(world.journal, id))?.name === name) return id
  }
}
