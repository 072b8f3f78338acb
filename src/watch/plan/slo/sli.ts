import {
  aggregate,
  arithmetic,
  durationText,
  type Matcher,
  number,
  or,
  over,
  type Query,
  readMatchers,
  series,
  toPromql,
} from '../../../series/index.ts'

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
  | { readonly kind: 'probe'; readonly probe: string }

/** What counts events over a window: one number each, or none when nothing is known. */
export type Sli =
  | {
      readonly is: 'queries'
      readonly bad: (windowMs: number) => Query
      readonly total: (windowMs: number) => Query
    }
  /** Only a Prometheus can answer. */
  | {
      readonly is: 'promql'
      readonly bad: (windowMs: number) => string
      readonly total: (windowMs: number) => string
    }

const serviceLabel = 'service_name'
const environmentLabel = 'deployment_environment_name'

/** Labels of everything that is recorded about an SLO. */
export const labelsOf = (name: string, { service, environment }: Scope) => ({
  [serviceLabel]: service,
  [environmentLabel]: environment,
  slo: name,
})

/** Narrowed down to the service and the environment, unless it says itself which are meant. */
function within(matchers: readonly Matcher[], { service, environment }: Scope): readonly Matcher[] {
  const own: readonly Matcher[] = [
    { label: serviceLabel, is: '=', value: service },
    { label: environmentLabel, is: '=', value: environment },
  ]
  return [...matchers, ...own.filter(({ label }) => !matchers.some((matcher) => matcher.label === label))]
}

const increase = (matchers: readonly Matcher[], windowMs: number): Query =>
  aggregate('sum', [], over('increase', matchers, windowMs))

/** A counter that has counted nothing yet is often not there at all. */
const orNone = (some: Query, all: Query): Query => or(some, arithmetic('*', all, number(0)))

const byBad = (bad: readonly Matcher[], total: readonly Matcher[]): Sli => ({
  is: 'queries',
  bad: (windowMs) => orNone(increase(bad, windowMs), increase(total, windowMs)),
  total: (windowMs) => increase(total, windowMs),
})

const byGood = (good: readonly Matcher[], total: readonly Matcher[]): Sli => ({
  is: 'queries',
  bad: (windowMs) => {
    const all = increase(total, windowMs)
    return arithmetic('-', all, orNone(increase(good, windowMs), all))
  },
  total: (windowMs) => increase(total, windowMs),
})

/** A probe says 1 when all is well, and 0 when it is not: each time that it asked is an event. */
function byProbe(asked: readonly Matcher[]): Sli {
  const total = (windowMs: number) => aggregate('sum', [], over('count_over_time', asked, windowMs))
  const good = (windowMs: number) => aggregate('sum', [], over('sum_over_time', asked, windowMs))
  return { is: 'queries', total, bad: (windowMs) => arithmetic('-', total(windowMs), good(windowMs)) }
}

const requests = 'plimsoll_gateway_requests_total'
const durations = 'http_server_request_duration_seconds'

const outcomes = (value: string): readonly Matcher[] =>
  series(requests, {}, { label: 'outcome', is: '=~', value })

/** An edge of a histogram: whole numbers are written with `.0` by some, and without by others. */
function edge(belowMs: number): Matcher {
  const seconds = String(belowMs / 1_000)
  return Number.isInteger(belowMs / 1_000)
    ? { label: 'le', is: '=~', value: `${seconds}|${seconds}[.]0` }
    : { label: 'le', is: '=', value: seconds }
}

function matchersOf(text: string): readonly Matcher[] {
  const matchers = readMatchers(text)
  if (!matchers) throw new TypeError(`${text} names no metric`)
  return matchers
}

function byExpressions({ bad, total }: { bad: string; total: string }, scope: Scope): Sli {
  const fill = (expression: string, windowMs: number): string => {
    const values: Readonly<Record<string, string>> = { ...scope, window: durationText(windowMs) }
    return `sum(${expression.replace(/\$(window|service|environment)\b/g, (_, name: string) => values[name] ?? '')})`
  }
  return {
    is: 'promql',
    bad: (windowMs) => `${fill(bad, windowMs)} or (${fill(total, windowMs)} * 0)`,
    total: (windowMs) => fill(total, windowMs),
  }
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
        within(series(`${durations}_bucket`, {}, edge(slo.below)), scope),
        within(series(`${durations}_count`), scope),
      )
    case 'ratio': {
      const total = within(matchersOf(slo.total), scope)
      return slo.bad === undefined
        ? byGood(within(matchersOf(slo.good ?? slo.total), scope), total)
        : byBad(within(matchersOf(slo.bad), scope), total)
    }
    case 'probe':
      return byProbe(within(series('plimsoll_probe_success', { plimsoll_probe: slo.probe }), scope))
    case 'promql':
      return byExpressions(slo, scope)
  }
}

/** The same as PromQL. What is read of two counters may be off by a scrape: a little less than nothing is nothing. */
export function promqlOf(sli: Sli, windowMs: number): { readonly bad: string; readonly total: string } {
  if (sli.is === 'promql') return { bad: `clamp_min(${sli.bad(windowMs)}, 0)`, total: sli.total(windowMs) }
  return { bad: `clamp_min(${toPromql(sli.bad(windowMs))}, 0)`, total: toPromql(sli.total(windowMs)) }
}
