import { requestsMetric } from '../fleet/index.ts'
import { evenly, type History } from '../forecast/index.ts'
import type { Instant } from '../kernel/index.ts'
import { aggregate, over, type SeriesStore, series } from '../series/index.ts'

const hourMs = 3_600_000
/** Half a year: forecasts look no further back. */
const mostMs = 26 * 7 * 24 * hourMs

const place = ['service_name', 'deployment_environment_name'] as const

/** Requests a second of an environment, hour by hour, as its gateway counted them; the hour that is not over is left out. */
export async function hourlyRequests(
  store: SeriesStore,
  { service, environment }: { readonly service: string; readonly environment: string },
  now: Instant,
): Promise<History> {
  const labels = { service_name: service, deployment_environment_name: environment }
  const query = aggregate('sum', place, over('rate', series(requestsMetric, labels), hourMs))
  const end = Math.floor(now / hourMs) * hourMs
  const [points] = await store.range(query, end - mostMs, end, hourMs)
  // What is said at the end of an hour is of that hour.
  const of = [...(points?.times ?? [])].map((at, i) => ({
    at: at - hourMs,
    value: points?.values[i] ?? Number.NaN,
  }))
  const { from, values } = evenly(of, hourMs)
  if (values.length === 0) return { from: end, stepMs: hourMs, values }
  // Up to now, though nothing was counted lately.
  const steps = Math.round((end - from) / hourMs)
  return {
    from,
    stepMs: hourMs,
    values: Float64Array.from({ length: steps }, (_, i) => values[i] ?? Number.NaN),
  }
}
