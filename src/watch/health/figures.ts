import type { Instant } from '../../kernel/index.ts'
import type { Answer, Query, SeriesStore } from '../../series/index.ts'
import { failedMetric, latencyMetric, rateMetric } from '../collect/plan/prometheus.ts'
import {
  badQuery,
  cpuQuery,
  latencyQuery,
  meanQuery,
  newestQuery,
  rateQuery,
  type Scope,
  sumQuery,
  type ToldBy,
  unlimitedQuery,
} from './plan/questions.ts'

/** How far back rates, ratios and latencies of now reach. */
export const windowMs = 300_000

export type RequestFigures = {
  readonly ratePerSecond: number
  readonly errorRatio?: number
  /** Seconds. */
  readonly p50?: number
  readonly p95?: number
  readonly p99?: number
}

export type ReleaseFigures = RequestFigures & { readonly version: string }

/** As which requests are told of that nobody tells apart by release. */
export const allReleases = 'all'

/** Of one template of the configuration, or of all other paths. */
export type RouteFigures = RequestFigures & { readonly route: string }

export type InstanceFigures = {
  readonly instance: string
  readonly version: string
  readonly cpu?: number
  readonly memoryBytes?: number
  readonly openFiles?: number
  /** So many times it had to be started again. */
  readonly restarts?: number
  /** So many times the kernel ended one of its processes for want of memory, where its containers have limits. */
  readonly kills?: number
  /** Of its containers, where each has one. */
  readonly memoryLimitBytes?: number
}

export type ProbeFigures = {
  readonly name: string
  readonly ok: boolean
  readonly successRatio?: number
  readonly durationSeconds?: number
  readonly certificateEnds?: Instant
}

export type TargetFigures = { readonly instance: string; readonly up: boolean; readonly samples: number }

/** What the store knows of an environment now. */
export type Figures = {
  readonly releases: readonly ReleaseFigures[]
  readonly routes: readonly RouteFigures[]
  readonly instances: readonly InstanceFigures[]
  readonly probes: readonly ProbeFigures[]
  readonly targets: readonly TargetFigures[]
}

const placeOf = ({ labels }: Answer): string =>
  `${labels.service_name ?? ''}/${labels.deployment_environment_name ?? ''}`

/** Answers by place, and there by a label; what is no number is not known. */
type Table = ReadonlyMap<string, ReadonlyMap<string, Answer>>

function tableOf(answers: readonly Answer[], label: string): Table {
  const known = answers.filter(({ value }) => !Number.isNaN(value))
  return new Map(
    [...Map.groupBy(known, placeOf)].map(([place, all]) => [
      place,
      new Map(all.map((one) => [one.labels[label] ?? '', one])),
    ]),
  )
}

const figure = <K extends string>(key: K, value: number | undefined) =>
  (value === undefined ? {} : { [key]: value }) as { [k in K]?: number }

type Ask = (label: string, query: Query) => Promise<Table>

const labelOf = { release: 'service_version', route: 'http_route' } as const

/** Rate, failures and latency, of what requests are told apart by. */
async function requestsBy(ask: Ask, scope: Scope, of: ToldBy) {
  const label = labelOf[of]
  const [rate, bad, p50, p95, p99] = await Promise.all([
    ask(label, rateQuery(scope, windowMs, of)),
    ask(label, badQuery(scope, windowMs, of)),
    ...[0.5, 0.95, 0.99].map((quantile) => ask(label, latencyQuery(scope, quantile, windowMs, of))),
  ])
  return (place: string): readonly (readonly [string, RequestFigures])[] => {
    const at = (table: Table | undefined, key: string) => table?.get(place)?.get(key)?.value
    return [...(rate?.get(place) ?? [])].map(([key, { value }]) => [
      key,
      {
        ratePerSecond: value,
        ...(value > 0 ? { errorRatio: (at(bad, key) ?? 0) / value } : {}),
        ...figure('p50', at(p50, key)),
        ...figure('p95', at(p95, key)),
        ...figure('p99', at(p99, key)),
      },
    ])
  }
}

/** What a team's Prometheus said of all releases together. */
async function toldElsewhere(ask: Ask, scope: Scope) {
  const [rate, failed, latency] = await Promise.all([
    ask('', newestQuery(scope, rateMetric)),
    ask('', newestQuery(scope, failedMetric)),
    ask('quantile', newestQuery(scope, latencyMetric)),
  ])
  return (place: string): readonly ReleaseFigures[] => {
    const at = (table: Table, key = '') => table.get(place)?.get(key)?.value
    const ratePerSecond = at(rate)
    if (ratePerSecond === undefined) return []
    const bad = at(failed)
    return [
      {
        version: allReleases,
        ratePerSecond,
        ...(ratePerSecond > 0 && bad !== undefined ? { errorRatio: bad / ratePerSecond } : {}),
        ...figure('p50', at(latency, '0.5')),
        ...figure('p95', at(latency, '0.95')),
        ...figure('p99', at(latency, '0.99')),
      },
    ]
  }
}

/** Asks for everything at once, for all places of a scope. */
export async function figuresIn(
  store: SeriesStore,
  scope: Scope,
  at: Instant,
): Promise<(place: string) => Figures> {
  const ask = async (label: string, query: Query) => tableOf(await store.instant(query, at), label)
  const [releases, routes, told] = await Promise.all([
    requestsBy(ask, scope, 'release'),
    requestsBy(ask, scope, 'route'),
    toldElsewhere(ask, scope),
  ])
  const newest = (label: string, name: string) => ask(label, newestQuery(scope, name))
  const [cpu, memory, files, restarts, kills, limits, unlimited, up, samples] = await Promise.all([
    ask('instance', cpuQuery(scope, windowMs)),
    newest('instance', 'process_memory_usage_bytes'),
    newest('instance', 'process_open_file_descriptor_count'),
    newest('instance', 'plimsoll_instance_restarts_total'),
    ask('instance', sumQuery(scope, 'container_oom_events_total')),
    ask('instance', sumQuery(scope, 'container_memory_limit_bytes')),
    ask('instance', unlimitedQuery(scope)),
    newest('instance', 'up'),
    newest('instance', 'scrape_samples_scraped'),
  ])
  const [success, mean, took, ends] = await Promise.all([
    newest('plimsoll_probe', 'plimsoll_probe_success'),
    ask('plimsoll_probe', meanQuery(scope, 'plimsoll_probe_success', windowMs)),
    newest('plimsoll_probe', 'plimsoll_probe_duration_seconds'),
    newest('plimsoll_probe', 'plimsoll_probe_certificate_end_timestamp_seconds'),
  ])
  return (place) => {
    const at = (table: Table | undefined, key: string) => table?.get(place)?.get(key)?.value
    const all = (table: Table | undefined) => [...(table?.get(place) ?? [])]
    return {
      releases: [...releases(place).map(([version, figures]) => ({ version, ...figures })), ...told(place)],
      routes: routes(place).map(([route, figures]) => ({ route, ...figures })),
      instances: all(memory).map(([instance, { labels, value }]) => ({
        instance,
        version: labels.service_version ?? '',
        memoryBytes: value,
        ...figure('cpu', at(cpu, instance)),
        ...figure('openFiles', at(files, instance)),
        ...figure('restarts', at(restarts, instance)),
        ...figure('kills', at(kills, instance)),
        // One container without a limit may take what the others are given.
        ...(at(unlimited, instance) === 0 ? figure('memoryLimitBytes', at(limits, instance)) : {}),
      })),
      probes: all(success).map(([name, { value }]) => ({
        name,
        ok: value === 1,
        ...figure('successRatio', at(mean, name)),
        ...figure('durationSeconds', at(took, name)),
        ...figure('certificateEnds', endOf(at(ends, name))),
      })),
      targets: all(up).map(([instance, { value }]) => ({
        instance,
        up: value === 1,
        samples: at(samples, instance) ?? 0,
      })),
    }
  }
}

const endOf = (seconds: number | undefined): Instant | undefined =>
  seconds === undefined ? undefined : seconds * 1_000
