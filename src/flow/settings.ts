import type { ServiceConfig } from '../config/schema.ts'
import {
  type DeploymentSettings,
  type InStep,
  type StrategyConfig,
  type StrategySettings,
  settingsInStep,
  type TaskConfig,
  type TaskSettings,
} from '../deploy/index.ts'
import { PlimsollError } from '../kernel/index.ts'

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

export const taskOf = ({ run, timeout, env }: TaskConfig): TaskSettings => ({ run, timeoutMs: timeout, env })

const tasksOf = ({ migrate, smoke: { before, after } }: ServiceConfig) => ({
  ...(migrate && { migrate: taskOf(migrate) }),
  ...(before && { smokeBefore: taskOf(before) }),
  ...(after && { smokeAfter: taskOf(after) }),
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

function ownSettings(
  config: ServiceConfig,
  environment: string,
  port: number,
  dataFolder: string,
): DeploymentSettings {
  const place = config.environments[environment]
  if (!place) throw new PlimsollError('PLM_NOT_FOUND', `${config.service} has no environment ${environment}`)
  if (!config.start)
    throw new PlimsollError('PLM_NOT_FOUND', `${config.service} does not say how it is started`)
  const { command, port: variable, ready = steadyMs, health, metrics, readyWithin, grace } = config.start
  return {
    instances: place.instances,
    strategy: strategyOf(place.deploy),
    bakeMs: place.deploy.bake,
    ...(place.loadTest?.wake ? { wake: taskOf(place.loadTest.wake) } : {}),
    ...tasksOf(config),
    gates: place.gates,
    waiting: place.waiting,
    port,
    requestTimeoutMs: place.requestTimeout,
    start: {
      command,
      portVariable: variable || 'PORT',
      ...(variable === false ? { worker: { ready } } : {}),
      healthPath: health,
      ...(metrics === undefined ? {} : { metricsPath: metrics }),
      readyWithinMs: readyWithin,
      graceMs: grace,
      env: place.env,
      ...(place.data ? { dataFolder } : {}),
    },
  }
}
