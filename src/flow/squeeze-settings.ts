import type { ServiceConfig } from '../config/schema.ts'
import type { Promised, SqueezeConfig, SqueezeSettings } from '../deploy/index.ts'
import { PlimsollError, type Problem } from '../kernel/index.ts'
import { promisedIn } from '../watch/index.ts'
import { configOf } from './in-step.ts'
import type { World } from './world.ts'

type Of = { readonly service: string; readonly environment: string }

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
  /** The number of the instance; chosen when not given. */
  readonly instance?: number | undefined
}

function settingsOf(
  allowed: SqueezeConfig,
  wish: SqueezeWish,
  promises: readonly Promised[],
): SqueezeSettings {
  const shares = wish.stages ?? allowed.stages
  return {
    ...(shares ? { shares } : {}),
    maxShare: wish.maxShare ?? allowed.maxShare,
    ...(wish.instance === undefined ? {} : { instance: wish.instance }),
    ...(wish.to === undefined ? {} : { toPerSecond: wish.to }),
    ...{ watchMs: allowed.watch, atMostMs: allowed.atMost, alpha: allowed.alpha },
    ...{ minRequests: allowed.minRequests, promises },
  }
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

/** By what an environment would be squeezed, and all that the configuration does not allow of it. */
export type Allowed = { readonly settings: SqueezeSettings } | { readonly problems: readonly Problem[] }

/** @throws PLM_NOT_FOUND */
export async function squeezeAllowed(world: World, of: Of, wish: SqueezeWish): Promise<Allowed> {
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
  return !allowed || problems.length > 0 ? { problems } : { settings: settingsOf(allowed, wish, promises) }
}
