import {
  aggregate,
  arithmetic,
  type Matcher,
  number,
  over,
  type Query,
  series,
} from '../../../series/index.ts'
import type { FutureKind } from '../finding.ts'

const hourMs = 3_600_000

export type FillingKind = Extract<FutureKind, 'disk' | 'memory' | 'files' | 'connections' | 'queue'>

/** A question for how full something was in each hour, in percent; of several that a label tells apart, each. */
export type FillingQuestion = {
  readonly kind: FillingKind
  /** Names what is asked for, where there may be several. */
  readonly label?: string
  /** What it is called where no label says so. */
  readonly name: string
  readonly query: Query
  /** How often in each hour what fills up was ended by it, told apart by the same label; absent where nobody tells. */
  readonly kills?: Query
}

type Scope = { readonly service: string; readonly environment: string }

const labelsOf = ({ service, environment }: Scope) => ({
  service_name: service,
  deployment_environment_name: environment,
})

const percent = (of: Query): Query => arithmetic('*', of, number(100))

/** Narrowed down to the place, unless it says itself which is meant. */
function within(matchers: readonly Matcher[], scope: Scope): readonly Matcher[] {
  const own = Object.entries(labelsOf(scope)).map(([label, value]): Matcher => ({ label, is: '=', value }))
  return [...matchers, ...own.filter(({ label }) => !matchers.some((one) => one.label === label))]
}

/** What lies in memory, or holds nothing that grows. */
const noDisk: Matcher = {
  label: 'fstype',
  is: '!~',
  value: 'tmpfs|devtmpfs|ramfs|overlay|squashfs|iso9660|nsfs|autofs|fuse[.].*',
}

/** What is known without a word in the configuration, where targets and containers tell it. */
export function usualQuestions(scope: Scope): readonly FillingQuestion[] {
  const labels = labelsOf(scope)
  const free = arithmetic(
    '/',
    over('min_over_time', series('node_filesystem_avail_bytes', labels, noDisk), hourMs),
    over('min_over_time', series('node_filesystem_size_bytes', labels, noDisk), hourMs),
  )
  const memory = arithmetic(
    '/',
    over('max_over_time', series('container_memory_usage_bytes', labels), hourMs),
    over('max_over_time', series('container_memory_limit_bytes', labels), hourMs),
  )
  const files = arithmetic(
    '/',
    over('max_over_time', series('process_open_fds', labels), hourMs),
    over('max_over_time', series('process_max_fds', labels), hourMs),
  )
  return [
    {
      kind: 'disk',
      label: 'mountpoint',
      name: 'disk',
      query: arithmetic('-', number(100), percent(aggregate('min', ['mountpoint'], free))),
    },
    {
      kind: 'memory',
      label: 'container_name',
      name: 'memory',
      query: percent(aggregate('max', ['container_name'], memory)),
      kills: aggregate(
        'sum',
        ['container_name'],
        over('increase', series('container_oom_events_total', labels), hourMs),
      ),
    },
    { kind: 'files', name: 'files', query: percent(aggregate('max', [], files)) },
  ]
}

/** Matchers of the metric, and of what says how much fits. */
export type WatchedFilling = {
  readonly name: string
  readonly kind: FillingKind
  readonly metric: readonly Matcher[]
  readonly full: number | readonly Matcher[]
}

/** What the configuration names: series of one instance are added, and the fullest instance counts. */
export function watchedQuestion({ name, kind, metric, full }: WatchedFilling, scope: Scope): FillingQuestion {
  const sumOf = (matchers: readonly Matcher[]) =>
    aggregate('sum', ['instance'], over('max_over_time', within(matchers, scope), hourMs))
  const most = typeof full === 'number' ? number(full) : sumOf(full)
  return {
    ...{ kind, name },
    query: percent(aggregate('max', [], arithmetic('/', sumOf(metric), most))),
  }
}

/** How much memory instances use, whether or not anything limits it. */
export const memoryUsed = (scope: Scope): Query =>
  aggregate('max', [], over('max_over_time', series('process_memory_usage_bytes', labelsOf(scope)), hourMs))
