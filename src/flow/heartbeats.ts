import type { ServiceConfig } from '../config/schema.ts'
import type { Json } from '../kernel/index.ts'
import { type HeartbeatConfig, isIll, newHeartbeat, promisedIn, type SloLook } from '../watch/index.ts'
import { heartbeatRef, readHeartbeat, readService } from './records.ts'
import type { Runner } from './runner.ts'
import type { World } from './world.ts'

/** A job that tells when it runs, in one of its environments. */
export type PlacedHeartbeat = { readonly environment: string; readonly heartbeat: HeartbeatConfig }

/** Every job of a service in each environment in which it is expected. */
export function heartbeatsIn(config: ServiceConfig | undefined): readonly PlacedHeartbeat[] {
  if (!config?.watch) return []
  const { heartbeats = [], elsewhere } = config.watch
  const usual = [...promisedIn({}, config.environments), ...Object.keys(elsewhere)]
  return heartbeats.flatMap((heartbeat) =>
    (heartbeat.in ?? usual).map((environment) => ({ environment, heartbeat })),
  )
}

/** How the jobs of a service in an environment stand, of those that are configured. */
export async function heartbeatStates(world: World, service: string, environment: string) {
  const config = (await readService(world.journal, service))?.guard?.config
  const own = heartbeatsIn(config).filter((one) => one.environment === environment)
  const states = await Promise.all(
    own.map(({ heartbeat: { name } }) =>
      readHeartbeat(world.journal, heartbeatRef(service, environment, name)),
    ),
  )
  return states.filter((state) => state !== undefined)
}

/** The window of an alert of a job: it has none. */
export const jobWindow = 'job'

/** A job that somebody is to be told of. */
export type ToldJob = { readonly name: string; readonly severity: 'page' | 'ticket' }

/** Environment → jobs there of which somebody is to be told. */
export function toldJobsIn(config: ServiceConfig | undefined): ReadonlyMap<string, readonly ToldJob[]> {
  const told = heartbeatsIn(config).flatMap(({ environment, heartbeat: { name, alert } }) =>
    alert === 'none' ? [] : [{ environment, name, severity: alert }],
  )
  return Map.groupBy(told, ({ environment }) => environment)
}

/** Whether a job is as it should be, for who tells of alerts. What nobody can know is as it was. */
export async function lookAtJob(
  world: World,
  { service, environment }: { readonly service: string; readonly environment: string },
  { name, severity }: ToldJob,
): Promise<SloLook> {
  const state = await readHeartbeat(world.journal, heartbeatRef(service, environment, name))
  if (state?.standing === 'unknown') return { slo: name }
  if (!state || !isIll(state.standing)) return { slo: name, burning: [] }
  const text = `job ${name} ${state.because}`
  const next = `look at what it says where it runs; plimsoll health ${service} shows when it ran last`
  return { slo: name, burning: [{ slo: name, window: jobWindow, severity, text, next }] }
}

/** From now on each of them is expected; of those that are there already, what is expected may have changed. */
export async function expectHeartbeats(world: World, runner: Runner, service: string): Promise<void> {
  const config = (await readService(world.journal, service))?.guard?.config
  for (const { environment, heartbeat } of heartbeatsIn(config)) {
    const fresh = newHeartbeat(service, environment, heartbeat.name, world.clock.now())
    const of = heartbeatRef(service, environment, heartbeat.name)
    await runner.create(of, fresh as unknown as Json)
  }
  for (const { of, state } of await world.journal.list({ kind: 'heartbeat', ended: false }))
    if ((state as { service?: string }).service === service) runner.wake(of)
}
