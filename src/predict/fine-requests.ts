import { requestsMetric } from '../fleet/index.ts'
import type { Instant } from '../kernel/index.ts'
import { aggregate, over, type SeriesStore, series } from '../series/index.ts'
import { lookBackMs } from './plan/headroom/load.ts'
import { fineMs, type WithinHour, withinHour } from './plan/headroom/within-hour.ts'

/** How much busier five minutes of an environment's last 28 days were than their hours, as its gateway counted. */
export async function requestsWithinHours(
  store: SeriesStore,
  { service, environment }: { readonly service: string; readonly environment: string },
  now: Instant,
): Promise<WithinHour | undefined> {
  const labels = { service_name: service, deployment_environment_name: environment }
  const query = aggregate('sum', [], over('rate', series(requestsMetric, labels), fineMs))
  const end = Math.floor(now / fineMs) * fineMs
  const [points] = await store.range(query, end - lookBackMs, end, fineMs)
  return points && withinHour(points)
}
