import type { ServiceConfig } from '../config/schema.ts'
import {
  type DeploymentState,
  type LifeSettings,
  type LifeState,
  laneId,
  measuredParty,
  type Sized,
  type TestOrder,
} from '../deploy/index.ts'
import { type Digest, type Json, PlimsollError } from '../kernel/index.ts'
import { type LineTestSettings, objectiveOf } from '../load/index.ts'
import { configOf } from './in-step.ts'
import { inStepRef, readService, serviceRef } from './records.ts'
import type { Runner } from './runner.ts'
import type { MeasureWish } from './service-measuring.ts'
import { taskSettings } from './settings.ts'
import type { World } from './world.ts'

/** What the search for the load line of an environment is made by; undefined while nothing says what a good answer is. */
function testOf({ load, slos }: ServiceConfig, sized?: Sized): LineTestSettings | undefined {
  const objective = load.objective ?? objectiveOf(slos)
  if (objective === undefined) return undefined
  const { path, scenario, env, line } = load
  return {
    path,
    ...(scenario === undefined ? {} : { scenario }),
    objective,
    // What a release must carry it must with the instances that it has.
    ...(line.least === undefined || sized ? {} : { least: line.least }),
    minPerSecond: line.min,
    maxPerSecond: line.max,
    trialMs: line.trial,
    budgetMs: line.budget,
    env,
  }
}

/** What belongs to a load test of an environment; undefined when it has none. */
export function lifeSettingsOf(
  config: ServiceConfig | undefined,
  environment: string,
  measures: boolean,
  sized?: Sized,
): LifeSettings | undefined {
  const own = config?.environments[environment]?.loadTest
  if (!config || !own) return undefined
  const { wake, rest, clean, seed, asleep } = own
  const test = measures ? testOf(config, sized) : undefined
  return {
    ...(wake ? { wake: taskSettings(wake) } : {}),
    ...(rest ? { rest: taskSettings(rest) } : {}),
    ...(clean ? { clean: taskSettings(clean) } : {}),
    ...(seed ? { seed: taskSettings(seed) } : {}),
    asleep,
    ...(test ? { test: test as unknown as Json } : {}),
  }
}

/** @throws PLM_NOT_FOUND when the environment has no load tests */
export async function mustMeasure(
  world: World,
  service: string,
  environment: string,
): Promise<ServiceConfig> {
  const config = await configOf(world, service)
  if (!config?.environments[environment])
    throw new PlimsollError('PLM_NOT_FOUND', `${service} has no environment ${environment}`)
  if (!config.environments[environment].loadTest)
    throw new PlimsollError(
      'PLM_NOT_FOUND',
      `${environment} of ${service} has no load tests: its configuration says nothing of loadTest`,
    )
  return config
}

/**
 * A change goes through its pipeline, and what that builds is measured in the environment; durable when it returns. The
 * same name twice is one.
 * @returns the run of its pipeline
 * @throws PLM_NOT_FOUND when the environment has no load tests
 */
export async function orderMeasuring(
  world: World,
  runner: Runner,
  { service, ...wish }: MeasureWish & { readonly service: string },
): Promise<string> {
  await mustMeasure(world, service, wish.environment)
  await runner.tell(serviceRef(service), { is: 'measure', wish })
  const known = (await readService(world.journal, service))?.measured
  return known?.find(({ name }) => name === wish.name)?.run ?? ''
}

/**
 * Asks for a load test of an environment; durable when it returns. The same name twice is one.
 * @throws PLM_NOT_FOUND when the environment has no load tests
 */
export async function orderLoadTest(
  world: World,
  runner: Runner,
  { service, environment, ...order }: TestOrder & { readonly service: string; readonly environment: string },
): Promise<boolean> {
  await mustMeasure(world, service, environment)
  return runner.tell(inStepRef(service, environment), { is: 'test', order })
}

/**
 * A deployment to an environment with load tests has ended: what it brought is measured, and the environment rests
 * again, whatever has become of it.
 */
export async function testAfter(world: World, runner: Runner, done: DeploymentState): Promise<void> {
  const { service, environment, release, id, standing } = done
  const own = (await configOf(world, service))?.environments[environment]?.loadTest
  // One that never began has woken nobody.
  if (!own || done.startedAt === undefined) return
  const measures = standing === 'passed' && own.afterDeployment
  if (!measures && !own.asleep) return
  await orderLoadTest(world, runner, {
    name: `deployment/${id}`,
    service,
    environment,
    cause: 'deployment',
    actor: 'plimsoll',
    reason: `${id} ${standing}`,
    measures,
    ...(measures ? { wanted: release } : {}),
  })
}

/** Load tests of an environment that have not ended, the oldest first. */
export const openTests = async (
  world: World,
  of?: { service: string; environment: string },
): Promise<LifeState[]> =>
  (await world.journal.list({ kind: 'loadTest', ended: false }))
    .map((record) => record.state as unknown as LifeState)
    .filter((one) => !of || laneId(one.service, one.environment) === laneId(of.service, of.environment))
    .sort((a, b) => a.requestedAt - b.requestedAt || a.number - b.number)

const isBuilding = ({ change, guest, phase }: LifeState): boolean =>
  phase === 'waiting' && change !== undefined && guest === undefined

/** Who of an environment is next, or has it already. What is still being built holds nobody up. */
export async function firstTest(
  world: World,
  of: { service: string; environment: string },
): Promise<LifeState | undefined> {
  const ready = (await openTests(world, of)).filter((one) => !isBuilding(one))
  return ready.find(({ phase }) => phase !== 'waiting') ?? ready[0]
}

/**
 * Whether it measures a release with the instances that it has; nobody knows that of one that is still being built, and
 * whatever is `live` counts.
 */
export const measures = (state: LifeState, live: Digest): boolean =>
  !isBuilding(state) &&
  state.settings.test !== undefined &&
  state.sized === undefined &&
  (measuredParty(state).release ?? state.wanted ?? live) === live

/** The one that loads this machine now. */
export const measuringTest = async (world: World): Promise<LifeState | undefined> =>
  (await openTests(world)).find(({ steps, at, phase }) => phase === 'going' && steps[at]?.do === 'test')
