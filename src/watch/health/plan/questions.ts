import {
  durationMetric,
  requestsMetric,
  routeDurationMetric,
  routeRequestsMetric,
} from '../../../fleet/index.ts'
import {
  aggregate,
  arithmetic,
  histogramQuantile,
  type Matcher,
  over,
  type Query,
  select,
  series,
} from '../../../series/index.ts'

/** Which services are asked about: all of them when none is named. */
export type Scope = { readonly service?: string | undefined; readonly environment?: string | undefined }

const place = ['service_name', 'deployment_environment_name'] as const

const within = ({ service, environment }: Scope): Readonly<Record<string, string>> => ({
  ...(service === undefined ? {} : { service_name: service }),
  ...(environment === undefined ? {} : { deployment_environment_name: environment }),
})

const by = (...labels: readonly string[]) => [...place, ...labels]
const bad: Matcher = { label: 'outcome', is: '=~', value: 'server_error|lost' }
/** A client that goes away says nothing of the service. */
const counted: Matcher = { label: 'outcome', is: '!=', value: 'abandoned' }

/** What requests are told apart by: each has counters and a histogram of its own. */
const told = {
  release: { label: 'service_version', requests: requestsMetric, duration: durationMetric },
  route: { label: 'http_route', requests: routeRequestsMetric, duration: routeDurationMetric },
} as const
export type ToldBy = keyof typeof told

/** Requests a second, by release or by route. */
export function rateQuery(scope: Scope, windowMs: number, of: ToldBy = 'release'): Query {
  const { label, requests } = told[of]
  return aggregate('sum', by(label), over('rate', series(requests, within(scope), counted), windowMs))
}

/** Requests a second that failed or were lost. */
export function badQuery(scope: Scope, windowMs: number, of: ToldBy = 'release'): Query {
  const { label, requests } = told[of]
  return aggregate('sum', by(label), over('rate', series(requests, within(scope), bad), windowMs))
}

/** Share that failed or was lost, by release. */
export const errorsQuery = (scope: Scope, windowMs: number): Query =>
  arithmetic('/', badQuery(scope, windowMs), rateQuery(scope, windowMs))

/** Seconds within which a share of the answers came. */
export function latencyQuery(
  scope: Scope,
  quantile: number,
  windowMs: number,
  of: ToldBy = 'release',
): Query {
  const { label, duration } = told[of]
  const rates = over('rate', series(`${duration}_bucket`, within(scope)), windowMs)
  return histogramQuantile(quantile, aggregate('sum', by(label, 'le'), rates))
}

/** Cores that are kept busy, by instance. */
export const cpuQuery = (scope: Scope, windowMs: number): Query =>
  aggregate(
    'sum',
    by('service_version', 'instance'),
    over('rate', series('process_cpu_time_seconds_total', within(scope)), windowMs),
  )

/** The newest of what each instance, target or probe says. */
export const newestQuery = (scope: Scope, name: string): Query => select(series(name, within(scope)))

/** The mean of what each probe says. */
export const meanQuery = (scope: Scope, name: string, windowMs: number): Query =>
  over('avg_over_time', series(name, within(scope)), windowMs)

/** The sum over what each instance has several of. */
export const sumQuery = (scope: Scope, name: string): Query =>
  aggregate('sum', by('instance'), select(series(name, within(scope))))

/** How many containers of each instance have no limit of memory. */
export const unlimitedQuery = (scope: Scope): Query =>
  arithmetic(
    '-',
    aggregate('count', by('instance'), select(series('container_memory_usage_bytes', within(scope)))),
    aggregate('count', by('instance'), select(series('container_memory_limit_bytes', within(scope)))),
  )
