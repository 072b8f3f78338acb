import type { ServiceConfig } from '../../config/schema.ts'
import type { ServiceState } from '../service.ts'

/** A service in an environment that a gateway stands before. */
export type ForecastPlace = {
  readonly service: string
  readonly environment: string
  readonly config: ServiceConfig
}

/** All whose requests are forecast, in order of the services, as their protected branches have them. */
export const forecastPlaces = (
  services: readonly Pick<ServiceState, 'name' | 'guard'>[],
): readonly ForecastPlace[] =>
  services
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(({ name, guard }) =>
      guard
        ? Object.keys(guard.config.environments).map((environment) => ({
            service: name,
            environment,
            config: guard.config,
          }))
        : [],
    )
