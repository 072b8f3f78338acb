import type { Json } from '../kernel/index.ts'
import { valueAt } from './keyPath.ts'
import type { ServiceConfig } from './schema.ts'

/** Anything of a configuration that says whose clocks are meant; stored ones may be older than `timeZone`. */
type Zoned = {
  readonly timeZone?: string | undefined
  readonly predict?: { readonly timeZone?: string | undefined } | undefined
}

/** Whose clocks tell the times in sentences about a service: its team's. */
export const zoneOf = (config: Zoned | undefined): string =>
  config?.timeZone ?? config?.predict?.timeZone ?? 'Etc/UTC'

/**
 * One zone that is said goes for all that say none: requests come from where the team is, and its jobs run by its clocks. What was
 * said only for forecasts, before there was another key, goes for what people read; when jobs run it never said.
 * @param root what the file says, before defaults
 */
export function withZones(config: ServiceConfig, root: Json): ServiceConfig {
  const predicted = valueAt(root, ['predict', 'timeZone']) !== undefined
  if (valueAt(root, ['timeZone']) === undefined)
    return predicted ? { ...config, timeZone: config.predict.timeZone } : config
  const { timeZone, watch, predict } = config
  const heartbeats = watch.heartbeats.map((one, i) =>
    valueAt(root, ['watch', 'heartbeats', i, 'timeZone']) === undefined ? { ...one, timeZone } : one,
  )
  return {
    ...config,
    watch: { ...watch, heartbeats },
    predict: predicted ? predict : { ...predict, timeZone },
  }
}
