import type { ServiceConfig } from '../config/schema.ts'
import {
  type DeploymentSettings,
  type EnvironmentConfig,
  type InStep,
  type MigrateConfig,
  type MigrateSettings,
  type StrategyConfig,
  type StrategySettings,
  settingsInStep,
  type TaskConfig,
  type TaskSettings,
} from '../deploy/index.ts'
import { entryOf, type GivenLimits, type StartSpec } from '../fleet/index.ts'
import { PlimsollError } from '../kernel/index.ts'
import { edgesWith } from '../watch/collect/index.ts'

type Start = Omit<StartSpec, 'env' | 'dataFolder'>

const untold = (config: ServiceConfig): PlimsollError =>
  new PlimsollError('PLM_NOT_FOUND', `${config.service} does not say how it is started`)

function processStart(config: ServiceConfig): Start {
  if (!config.start) throw untold(config)
  const { command, port: variable, ready = steadyMs, health, metrics, readyWithin, grace } = config.start
  return {
    command,
    portVariable: variable || 'PORT',
    ...(variable === false ? { worker: { ready } } : {}),
    healthPath: health,
    ...(metrics === undefined ? {} : { metricsPath: metrics }),
    readyWithinMs: readyWithin,
    graceMs: grace,
  }
}

/** The command, where there is one, is for comparisons: they run releases as processes. */
function containersStart(config: ServiceConfig): Start {
  const [, takes] = entryOf(config.containers) ?? []
  if (!takes) throw untold(config)
  const { health, readyWithin, grace } = takes
  return {
    target: 'docker',
    command: config.start?.command ?? '',
    portVariable: config.start?.port || 'PORT',
    healthPath: health,
    readyWithinMs: readyWithin,
    graceMs: grace,
  }
}

function strategyOf(deploy: StrategyConfig): StrategySettings {
  if (deploy.strategy === 'rolling')
    return { is: 'rolling', surge: deploy.surge, ...(deploy.overlap ? {} : { overlap: false }) }
  if (deploy.strategy === 'blueGreen') return { is: 'blueGreen' }
  const {
    stages,
    stageAtMost,
    find,
    alpha,
    watch,
    warmUp,
    minRequests,
    deadline,
    inconclusive,
    split,
    latency,
    counters,
  } = deploy
  return {
    is: 'canary',
    ...(stages ? { shares: stages } : {}),
    stageAtMostMs: stageAtMost,
    find,
    alpha,
    watchMs: watch,
    warmUpMs: warmUp,
    minRequests,
    deadlineMs: deadline,
    inconclusive,
    split,
    latency,
    counters,
  }
}

export const taskSettings = ({ run, timeout, env }: TaskConfig): TaskSettings => ({
  run,
  timeoutMs: timeout,
  env,
})

const migrateOf = ({ oldestCompatible, ...task }: MigrateConfig): MigrateSettings => ({
  ...taskSettings(task),
  ...(oldestCompatible === undefined ? {} : { oldestCompatible }),
})

const tasksOf = ({ migrate, smoke: { before, after } }: ServiceConfig) => ({
  ...(migrate && { migrate: migrateOf(migrate) }),
  ...(before && { smokeBefore: taskSettings(before) }),
  ...(after && { smokeAfter: taskSettings(after) }),
})

/** How an environment follows another one; undefined when it follows none. */
export function inStepOf(config: ServiceConfig, environment: string): InStep | undefined {
  const { inStepWith, size = 1, differs = {} } = config.environments[environment] ?? {}
  return inStepWith === undefined ? undefined : { with: inStepWith, size, differs }
}

/** A worker that says nothing is ready when it has run for so long. */
const steadyMs = 5_000

/**
 * What a deployment needs of the configuration, fixed when it is ordered.
 * @param there of an environment in step: how the release was brought into the one that it follows; as it would be today
 *   when that is not given
 * @throws PLM_NOT_FOUND when the configuration has no such environment
 */
export function settingsFor(
  config: ServiceConfig,
  environment: string,
  port: number,
  dataFolder: string,
  there?: DeploymentSettings,
): DeploymentSettings {
  const own = ownSettings(config, environment, port, dataFolder)
  const inStep = inStepOf(config, environment)
  if (!inStep) return own
  return settingsInStep(there ?? ownSettings(config, inStep.with, port, dataFolder), own, inStep, dataFolder)
}

/** What the gateway tells apart; nothing when no routes are given. */
function routesOf({ watch, slos }: ServiceConfig): Pick<DeploymentSettings, 'routes'> {
  const { routes: templates } = watch
  if (templates.length === 0) return {}
  const belowMs = slos.flatMap((one) => (one.kind === 'latency' ? [one.below] : []))
  const edgesMs = edgesWith(belowMs).map((seconds) => Number((seconds * 1_000).toPrecision(12)))
  return { routes: { templates, edgesMs } }
}

const limitsOf = (limits: NonNullable<EnvironmentConfig['limits']>): GivenLimits =>
  Object.fromEntries(
    Object.entries(limits).map(([name, { cpus, memory }]) => [
      name,
      {
        ...(cpus === undefined ? {} : { cpus }),
        ...(memory === undefined ? {} : { memoryBytes: memory }),
      },
    ]),
  )

/** One in step runs where the one that it follows does. */
const targetOf = ({ environments }: ServiceConfig, { target, inStepWith }: EnvironmentConfig) =>
  (inStepWith === undefined ? undefined : environments[inStepWith]?.target) ?? target

function ownSettings(
  config: ServiceConfig,
  environment: string,
  port: number,
  dataFolder: string,
): DeploymentSettings {
  const place = config.environments[environment]
  if (!place) throw new PlimsollError('PLM_NOT_FOUND', `${config.service} has no environment ${environment}`)
  return {
    instances: place.instances,
    strategy: strategyOf(place.deploy),
    bakeMs: place.deploy.bake,
    ...(place.loadTest?.wake ? { wake: taskSettings(place.loadTest.wake) } : {}),
    ...tasksOf(config),
    gates: place.gates,
    waiting: place.waiting,
    port,
    requestTimeoutMs: place.requestTimeout,
    ...routesOf(config),
    gateway: place.gateway,
    start: {
      ...(targetOf(config, place) === 'docker' ? containersStart(config) : processStart(config)),
      env: place.env,
      ...(place.limits ? { limits: limitsOf(place.limits) } : {}),
      ...(place.data ? { dataFolder } : {}),
    },
  }
}
