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
import { durationMetric, requestsMetric } from '../../collect/plan/traffic.ts'

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

/** Requests a second, by release. */
export const rateQuery = (scope: Scope, windowMs: number): Query =>
  aggregate(
    'sum',
    by('service_version'),
    over('rate', series(requestsMetric, within(scope), counted), windowMs),
  )

/** Requests a second that failed or were lost, by release. */
export const badQuery = (scope: Scope, windowMs: number): Query =>
  aggregate('sum', by('service_version'), over('rate', series(requestsMetric, within(scope), bad), windowMs))

/** Share that failed or was lost, by release. */
export const errorsQuery = (scope: Scope, windowMs: number): Query =>
  arithmetic('/', badQuery(scope, windowMs), rateQuery(scope, windowMs))

/** Seconds within which a share of the answers came, by release. */
export const latencyQuery = (scope: Scope, quantile: number, windowMs: number): Query =>
  histogramQuantile(
    quantile,
    aggregate(
      'sum',
      by('service_version', 'le'),
      over('rate', series(`${durationMetric}_bucket`, within(scope)), windowMs),
    ),
  )

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
