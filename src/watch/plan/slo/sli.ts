import { type Metric, readMetric, writeMetric } from '../../../series/index.ts'

/** Whose events are counted, and where. */
export type Scope = { readonly service: string; readonly environment: string }

/** What an SLO counts, and how. */
export type Indicator =
  | { readonly kind: 'availability' }
  | { readonly kind: 'latency'; readonly below: number }
  | {
      readonly kind: 'ratio'
      readonly bad?: string | undefined
      readonly good?: string | undefined
      readonly total: string
    }
  | { readonly kind: 'promql'; readonly bad: string; readonly total: string }

/** PromQL that counts events over a window (`1h`): one number each, or none when nothing is known. */
export type Sli = { readonly bad: (window: string) => string; readonly total: (window: string) => string }

const serviceLabel = 'service_name'
const environmentLabel = 'deployment_environment_name'

/** Labels of everything that is recorded about an SLO. */
export const labelsOf = (name: string, { service, environment }: Scope) => ({
  [serviceLabel]: service,
  [environmentLabel]: environment,
  slo: name,
})

/** Narrowed down to the service and the environment, unless it says itself which are meant. */
function within({ name, matchers }: Metric, { service, environment }: Scope): Metric {
  const own = [
    { label: serviceLabel, is: '=', value: service },
    { label: environmentLabel, is: '=', value: environment },
  ] as const
  const more = own.filter(({ label }) => !matchers.some((matcher) => matcher.label === label))
  return { name, matchers: [...more, ...matchers] }
}

const increase = (metric: Metric, window: string): string =>
  `sum(increase(${writeMetric(metric)}[${window}]))`

/** A counter that has counted nothing yet is often not there at all. */
const orNone = (some: string, all: string): string => `(${some} or ${all} * 0)`

const byBad = (bad: Metric, total: Metric): Sli => ({
  bad: (window) => orNone(increase(bad, window), increase(total, window)),
  total: (window) => increase(total, window),
})

/** What is read of two counters may be off by a scrape: a little less than nothing is nothing. */
const byGood = (good: Metric, total: Metric): Sli => ({
  bad: (window) => {
    const all = increase(total, window)
    return `clamp_min(${all} - ${orNone(increase(good, window), all)}, 0)`
  },
  total: (window) => increase(total, window),
})

const requests = 'plimsoll_gateway_requests_total'
const durations = 'http_server_request_duration_seconds'

const outcomes = (value: string): Metric => ({
  name: requests,
  matchers: [{ label: 'outcome', is: '=~', value }],
})

/** An edge of a histogram: whole numbers are written with `.0` by some, and without by others. */
const edge = (belowMs: number): Metric['matchers'][number] => {
  const seconds = String(belowMs / 1_000)
  return Number.isInteger(belowMs / 1_000)
    ? { label: 'le', is: '=~', value: `${seconds}|${seconds}[.]0` }
    : { label: 'le', is: '=', value: seconds }
}

const metricOf = (text: string): Metric => {
  const metric = readMetric(text)
  if (!metric) throw new TypeError(`${text} names no metric`)
  return metric
}

function fill(expression: string, window: string, { service, environment }: Scope): string {
  const values: Readonly<Record<string, string>> = { window, service, environment }
  return `sum(${expression.replace(/\$(window|service|environment)\b/g, (_, name: string) => values[name] ?? '')})`
}

/** How the events of an SLO are counted. Requests that clients gave up count neither as good nor as bad. */
export function sliOf(slo: Indicator, scope: Scope): Sli {
  switch (slo.kind) {
    case 'availability':
      return byBad(
        within(outcomes('server_error|lost'), scope),
        within(outcomes('ok|client_error|server_error|lost'), scope),
      )
    case 'latency':
      return byGood(
        within({ name: `${durations}_bucket`, matchers: [edge(slo.below)] }, scope),
        within({ name: `${durations}_count`, matchers: [] }, scope),
      )
    case 'ratio': {
      const total = within(metricOf(slo.total), scope)
      return slo.bad === undefined
        ? byGood(within(metricOf(slo.good ?? slo.total), scope), total)
        : byBad(within(metricOf(slo.bad), scope), total)
    }
    case 'promql': {
      const total = (window: string) => fill(slo.total, window, scope)
      return { bad: (window) => orNone(fill(slo.bad, window, scope), total(window)), total }
    }
  }
}
