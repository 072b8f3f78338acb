import type { Instant } from '../../../kernel/index.ts'
import type { Reading } from '../../../series/index.ts'
import { labelsOf, type Watched } from './watched.ts'

/** Metrics by which services tell how their requests were answered: the first that is there counts. */
type Convention = {
  /** Counts requests. */
  readonly count: string
  /** Its histogram, if it has one, and how many of its units make a second. */
  readonly bucket?: string
  readonly perSecond?: number
}

const conventions: readonly Convention[] = [
  // OpenTelemetry, since its conventions for HTTP are stable; then before.
  {
    count: 'http_server_request_duration_seconds_count',
    bucket: 'http_server_request_duration_seconds_bucket',
  },
  {
    count: 'http_server_duration_milliseconds_count',
    bucket: 'http_server_duration_milliseconds_bucket',
    perSecond: 1_000,
  },
  // Micrometer; then what client libraries of Prometheus have in their examples.
  { count: 'http_server_requests_seconds_count', bucket: 'http_server_requests_seconds_bucket' },
  { count: 'http_request_duration_seconds_count', bucket: 'http_request_duration_seconds_bucket' },
  { count: 'http_requests_total' },
]

/** How each of those names the status of an answer. */
const statusLabels = [
  'http_response_status_code',
  'http_status_code',
  'status_code',
  'status',
  'code',
] as const

/** What is said to a team's Prometheus: `selector` narrows down, the rest is asked as it is. */
export type PrometheusQuestions = {
  /** Matchers of labels: `job="payments"`. */
  readonly selector: string
  /** Requests a second. */
  readonly rate?: string | undefined
  /** Requests a second that failed. */
  readonly errors?: string | undefined
  /** Seconds within which the share `$quantile` was answered. */
  readonly latency?: string | undefined
}

export const quantiles = [0.5, 0.95, 0.99] as const

/** Asks which of the metrics that are known there are. */
export function whichQuery({ selector }: PrometheusQuestions): string {
  const names = conventions.map(({ count }) => count).join('|')
  return `count by (__name__) ({__name__=~"${names}",${selector}})`
}

/** The first in order of those that there are. */
export const conventionIn = (there: readonly string[]): Convention | undefined =>
  conventions.find(({ count }) => there.includes(count))

const window = '[5m]'

/** Series that say a status; a series that says it twice counts once. */
const withStatus = (
  count: string,
  selector: string,
  matcher: string,
  of: (series: string) => string,
): string => statusLabels.map((label) => of(`${count}{${selector},${label}${matcher}}`)).join(' or ')

/** What is asked. Undefined: nothing there could tell. */
export type Expressions = {
  readonly rate?: string
  readonly errors?: string
  /** Whether anything says how requests were answered: without, no errors would mean nothing. */
  readonly saysStatus?: string
  readonly latency?: (quantile: number) => string
}

const byExpression = (text: string) => (quantile: number) => text.replaceAll('$quantile', String(quantile))

/** What is asked: as the team says it, or by a convention. */
export function expressionsOf(asked: PrometheusQuestions, convention: Convention | undefined): Expressions {
  const { selector, rate, errors, latency } = asked
  const own: Expressions = {
    ...(rate === undefined ? {} : { rate: `sum(${rate})` }),
    ...(errors === undefined ? {} : { errors: `sum(${errors})` }),
    ...(latency === undefined ? {} : { latency: byExpression(latency) }),
  }
  if (!convention) return own
  const { count, bucket, perSecond = 1 } = convention
  const rateOf = (series: string) => `rate(${series}${window})`
  return {
    rate: `sum(${rateOf(`${count}{${selector}}`)})`,
    errors: `sum(${withStatus(count, selector, '=~"5.."', rateOf)})`,
    ...(errors === undefined
      ? { saysStatus: `count(${withStatus(count, selector, '!=""', (series) => series)})` }
      : {}),
    ...(bucket === undefined
      ? {}
      : {
          latency: (quantile: number) =>
            `histogram_quantile(${quantile}, sum by (le) (${rateOf(`${bucket}{${selector}}`)})) / ${perSecond}`,
        }),
    ...own,
  }
}

/** What it answered; undefined is not known. */
export type PrometheusFigures = {
  readonly rate: number
  readonly errors: number | undefined
  readonly latency: readonly (readonly [quantile: number, seconds: number])[]
}

export const rateMetric = 'plimsoll_elsewhere_requests_per_second'
export const failedMetric = 'plimsoll_elsewhere_failed_per_second'
export const latencyMetric = 'plimsoll_elsewhere_latency_seconds'

/** The same as readings. */
export function prometheusReadings(
  of: Pick<Watched, 'service' | 'environment'>,
  { rate, errors, latency }: PrometheusFigures,
  at: Instant,
): readonly Reading[] {
  const reading = (name: string, value: number, more: Readonly<Record<string, string>> = {}): Reading => ({
    name,
    labels: labelsOf(of, more),
    at,
    value,
  })
  return [
    reading(rateMetric, rate),
    ...(errors === undefined ? [] : [reading(failedMetric, errors)]),
    ...latency.map(([quantile, seconds]) => reading(latencyMetric, seconds, { quantile: String(quantile) })),
  ]
}
