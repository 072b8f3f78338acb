import type { ServiceConfig } from '../config/schema.ts'
import type { DeploymentSettings } from '../deploy/index.ts'
import { PlimsollError } from '../kernel/index.ts'

/**
 * What a deployment needs of the configuration, fixed when it is ordered.
 * @throws PLM_NOT_FOUND when the configuration has no such environment
 */
export function settingsFor(
  config: ServiceConfig,
  environment: string,
  port: number,
  dataFolder: string,
): DeploymentSettings {
  const place = config.environments[environment]
  if (!place) throw new PlimsollError('PLM_NOT_FOUND', `${config.service} has no environment ${environment}`)
  if (!config.start)
    throw new PlimsollError('PLM_NOT_FOUND', `${config.service} does not say how it is started`)
  const { command, port: portVariable, health, readyWithin, grace } = config.start
  return {
    instances: place.instances,
    surge: place.deploy.surge,
    bakeMs: place.deploy.bake,
    gates: place.gates,
    port,
    requestTimeoutMs: place.requestTimeout,
    start: {
      command,
      portVariable,
      healthPath: health,
      readyWithinMs: readyWithin,
      graceMs: grace,
      env: place.env,
      ...(place.data ? { dataFolder } : {}),
    },
  }
}
