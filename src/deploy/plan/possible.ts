import { type DeploymentSettings, takesRequests } from './order.ts'
import type { Stage } from './stage.ts'

/** Where no requests are taken there are none to be sent anywhere. */
export const possible = (settings: DeploymentSettings, stages: readonly Stage[]): Stage[] =>
  takesRequests(settings) ? [...stages] : stages.filter((stage) => stage.do !== 'traffic')
