import { orderEnvironments } from '../../config/order.ts'
import type { ServiceState } from '../../flow/service.ts'

/** Environments in the order in which a release travels. */
export function placesOf(service: ServiceState): { name: string; after?: string | undefined }[] {
  const environments = service.guard?.config.environments ?? {}
  return orderEnvironments(environments).map((name) => ({ name, after: environments[name]?.after }))
}
