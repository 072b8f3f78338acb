import type { Change } from '../changes/index.ts'
import type { ServiceConfig } from '../config/schema.ts'
import { environmentConfig, type SpikeSettings, spikeId, tryConfig } from '../deploy/index.ts'
import { formatDuration, type Json, PlimsollError, type Variables } from '../kernel/index.ts'
import { readRun, readService, serviceRef } from './records.ts'
import type { Runner } from './runner.ts'
import { newService, runId, type ServiceState, type SpikeWish } from './service.ts'
import { taskSettings } from './settings.ts'
import type { World } from './world.ts'

/** Secrets stay with the environment that they were given to: what is run in every one comes without. */
const plainOf = (env: Variables): Variables =>
  Object.fromEntries(Object.entries(env).filter(([, value]) => typeof value === 'string'))

/** Where the commands of dependencies lie: in the tree that the protected branch had when it was last read. */
async function sourceOf(
  world: World,
  { name, guard }: ServiceState,
): Promise<{ repository: string; tree: string }> {
  const run = await readRun(world.journal, runId(name, guard?.run ?? 0))
  if (!run) throw new PlimsollError('PLM_NOT_FOUND', `${name} has no run of its protected branch any more`)
  return { repository: run.change.repository, tree: run.change.tree }
}

async function settingsOf(world: World, state: ServiceState, config: ServiceConfig): Promise<SpikeSettings> {
  const { target, instances, env, dependencies, longest, requestTimeout } = tryOf(config)
  const { migrate } = config
  return {
    ...{ target, instances, env, longestMs: longest, requestTimeoutMs: requestTimeout },
    migrateEnv: plainOf(migrate?.env ?? {}),
    ...(dependencies
      ? {
          dependencies: {
            up: taskSettings(dependencies.up),
            down: taskSettings(dependencies.down),
            source: await sourceOf(world, state),
          },
        }
      : {}),
  }
}

/** A configuration that was read by an older Plimsoll says nothing of it. */
const tryOf = (config: Partial<ServiceConfig>) => tryConfig.parse(config.try ?? {})

function mustBeShort(lifeMs: number | undefined, longestMs: number): void {
  if (lifeMs === undefined || lifeMs <= longestMs) return
  const text = `${formatDuration(lifeMs)} is longer than ${formatDuration(longestMs)}, which try.longest of the protected branch allows`
  throw new PlimsollError('PLM_USAGE', [{ at: 'for', text }])
}

/** @throws PLM_USAGE when a spike may not live so long from now on */
export function checkLife(settings: SpikeSettings, lifeMs: number): void {
  mustBeShort(lifeMs, settings.longestMs)
}

export type TryRequest = Pick<
  SpikeWish,
  'name' | 'number' | 'ref' | 'actor' | 'question' | 'lifeMs' | 'checks'
> & {
  readonly service: string
  readonly change: Change
}

export type Taken = { readonly number: number; readonly run: string }

/** Why a wish was not taken. */
function refusal({ name, spikes }: ServiceState, { number }: TryRequest, atMost: number): PlimsollError {
  const open = (spikes?.open ?? []).map((one) => spikeId(name, one)).join(', ')
  if (number === undefined)
    return new PlimsollError('PLM_TRY_LIMIT', `${atMost} of ${name} are open, as many as may be: ${open}`)
  if (number > (spikes?.count ?? 0))
    return new PlimsollError(
      'PLM_NOT_FOUND',
      `there is no ${spikeId(name, number)}; open is ${open || 'none'}`,
    )
  return new PlimsollError('PLM_TRY_OVER', `${spikeId(name, number)} is closed; open is ${open || 'none'}`)
}

/**
 * Asks for an environment of its own for a change, or for a newer change in one that is open; durable when it returns.
 * @returns the number of the spike, and the run that builds the change for it
 * @throws PLM_NOT_FOUND without a configuration or start command; PLM_TRY_LIMIT, PLM_TRY_OVER, PLM_USAGE
 */
export async function askTry(world: World, runner: Runner, request: TryRequest): Promise<Taken> {
  const of = serviceRef(request.service)
  await runner.create(of, newService(request.service) as unknown as Json)
  const before = await readService(world.journal, request.service)
  const config = before?.guard?.config
  if (!before || !config)
    throw new PlimsollError(
      'PLM_NOT_FOUND',
      `${request.service} has no configuration yet: push its protected branch first`,
    )
  const { for: usualMs, longest, atMost } = tryOf(config)
  mustBeShort(request.lifeMs, longest)
  const { service: _, ...asked } = request
  const settings = await settingsOf(world, before, config)
  const wish: SpikeWish = { ...asked, settings, usualMs, atMost }
  await runner.tell(of, { is: 'try', wish })
  const after = (await readService(world.journal, request.service)) ?? before
  const taken = after.spikes?.wishes.find(({ name }) => name === request.name)
  if (!taken) throw refusal(after, request, atMost)
  return { number: taken.number, run: taken.run }
}

/** The change's own way to start and migrate, in an environment that gets nothing but what `try` names. */
export function configFor(
  { migrate, ...change }: ServiceConfig,
  environment: string,
  { instances, env, requestTimeoutMs: requestTimeout, target, migrateEnv }: SpikeSettings,
  variables: Variables,
): ServiceConfig {
  const own = { ...env, ...variables }
  const place = environmentConfig.parse({ target, instances, data: true, gates: [], requestTimeout })
  return {
    ...change,
    ...(migrate ? { migrate: { ...migrate, env: withoutThose(migrateEnv, own) } } : {}),
    smoke: {},
    environments: { [environment]: { ...place, env: own } },
  }
}

/** What an environment says of itself goes before what is said for all. */
const withoutThose = (env: Variables, own: Variables): Variables =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !(name in own)))
