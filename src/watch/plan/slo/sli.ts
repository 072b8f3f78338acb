import {
  aggregate,
  arithmetic,
  durationText,
  type Labels,
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

/** What tells of the events of an SLO. */
export type Events =
  /** Counters of all of them, and of those that are bad, or that are good. */
  | {
      readonly is: 'counted'
      readonly total: readonly Matcher[]
      readonly bad?: readonly Matcher[]
      readonly good?: readonly Matcher[]
      /** Which of all series count bad ones, where labels alone say that. */
      readonly isBad?: (labels: Labels) => boolean
      /** The labels by which that is told. */
      readonly by?: readonly string[]
    }
  /** Each sample is one, good when it is 1. */
  | { readonly is: 'asked'; readonly asked: readonly Matcher[] }

/** Where events are told of. Requests that clients gave up count neither as good nor as bad; undefined: only PromQL says it. */
export function eventsOf(slo: Indicator, scope: Scope): Events | undefined {
  const counted = (of: Omit<Extract<Events, { is: 'counted' }>, 'is'>): Events => ({ is: 'counted', ...of })
  switch (slo.kind) {
    case 'availability':
      return counted({
        bad: within(outcomes('server_error|lost'), scope),
        total: within(outcomes('ok|client_error|server_error|lost'), scope),
        isBad: ({ outcome }) => outcome === 'server_error' || outcome === 'lost',
        by: ['outcome'],
      })
    case 'latency':
      return counted({
        good: within(series(`${durations}_bucket`, {}, edge(slo.below)), scope),
        total: within(series(`${durations}_count`), scope),
      })
    case 'ratio': {
      const total = within(matchersOf(slo.total), scope)
      return slo.bad === undefined
        ? counted({ good: within(matchersOf(slo.good ?? slo.total), scope), total })
        : counted({ bad: within(matchersOf(slo.bad), scope), total })
    }
    case 'probe':
      return {
        is: 'asked',
        asked: within(series('plimsoll_probe_success', { plimsoll_probe: slo.probe }), scope),
      }
    case 'promql':
      return undefined
  }
}

/** What is read of events over a window, each series once: all of them, and those of one kind. */
export type Reads = {
  readonly total: (windowMs: number) => Query
  /** Not asked for when `isBad` tells of each answer to `total`. */
  readonly some: (windowMs: number) => Query
  readonly areBad: boolean
  readonly isBad?: (labels: Labels) => boolean
}

/**
 * How events are read where the answers are put together by whoever asks: the queries of an SLI, which are one number each,
 * read the same series up to three times.
 */
export function readsOf(events: Events): Reads {
  if (events.is === 'asked') {
    const sum = (what: 'count_over_time' | 'sum_over_time') => (windowMs: number) =>
      aggregate('sum', [], over(what, events.asked, windowMs))
    return { total: sum('count_over_time'), some: sum('sum_over_time'), areBad: false }
  }
  const { total, bad, good = total, isBad, by = [] } = events
  return {
    total: (windowMs) => aggregate('sum', by, over('increase', total, windowMs)),
    some: (windowMs) => increase(bad ?? good, windowMs),
    areBad: bad !== undefined,
    ...(isBad && by.length > 0 ? { isBad } : {}),
  }
}

function byEvents(events: Events): Sli {
  if (events.is === 'asked') return byProbe(events.asked)
  const { total, bad, good = total } = events
  return bad ? byBad(bad, total) : byGood(good, total)
}

/** How the events of an SLO are counted. */
export function sliOf(slo: Indicator, scope: Scope): Sli {
  if (slo.kind === 'promql') return byExpressions(slo, scope)
  const events = eventsOf(slo, scope)
  if (!events) throw new TypeError(`nothing counts ${slo.kind}`)
  return byEvents(events)
}

/** The same as PromQL. What is read of two counters may be off by a scrape: a little less than nothing is nothing. */
export function promqlOf(sli: Sli, windowMs: number): { readonly bad: string; readonly total: string } {
  if (sli.is === 'promql') return { bad: `clamp_min(${sli.bad(windowMs)}, 0)`, total: sli.total(windowMs) }
  return { bad: `clamp_min(${toPromql(sli.bad(windowMs))}, 0)`, total: toPromql(sli.total(windowMs)) }
}
