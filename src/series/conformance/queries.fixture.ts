import { type Random, seededRandom } from '../../kernel/index.ts'
import {
  aggregate,
  arithmetic,
  histogramQuantile,
  type Matcher,
  number,
  or,
  over,
  type Query,
  quantileOverTime,
  select,
  series,
  vector,
} from '../index.ts'
import { lengthMs } from './data.fixture.ts'

/** A query with the times for which it is asked: one, or several with a step. */
export type Question = {
  readonly query: Query
  readonly from: number
  readonly to: number
  readonly stepMs: number
}

const second = 1_000
const minute = 60 * second

const counters = ['requests_total', 'took_seconds_count', 'took_seconds_sum', 'took_seconds_bucket']
const gauges = ['queue_length', 'temperature_celsius', 'up', 'odd', 'wide']
const windowFunctions = [
  'rate',
  'increase',
  'delta',
  'sum_over_time',
  'avg_over_time',
  'min_over_time',
  'max_over_time',
  'count_over_time',
  'last_over_time',
] as const
const aggregates = ['sum', 'avg', 'min', 'max', 'count'] as const
const windows = [
  20 * second,
  minute,
  90 * second,
  5 * minute,
  7 * minute,
  30 * minute,
  60 * minute,
  150 * minute,
]

/** Everything that a question is made of, by chance. */
function createChooser(random: Random) {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random.next() * from.length)] as T
  const often = (share: number): boolean => random.next() < share

  const conditions: readonly (readonly Matcher[])[] = [
    [],
    [],
    [{ label: 'instance', is: '=', value: 'a' }],
    [{ label: 'instance', is: '!=', value: 'a' }],
    [{ label: 'instance', is: '=~', value: 'a|c' }],
    [{ label: 'instance', is: '!~', value: '[bc].*' }],
    [{ label: 'outcome', is: '=~', value: '.*_error' }],
    [{ label: 'nowhere', is: '=', value: '' }],
    [{ label: 'route', is: '!=', value: '/pay' }],
  ]
  const some = (names: readonly string[]): readonly Matcher[] => series(pick(names), {}, ...pick(conditions))
  const windowMs = () => pick(windows)
  const offsetMs = () => (often(0.2) ? pick([minute, 10 * minute, 3_700 * second]) : 0)
  const labels = () => ['instance', 'outcome', 'route', 'job', 'zone'].filter(() => often(0.3))

  const window = (): Query => {
    const fn = pick(windowFunctions)
    const isOfCounter = fn === 'rate' || fn === 'increase'
    return over(fn, some(isOfCounter ? counters : [...gauges, ...counters]), windowMs(), offsetMs())
  }
  const grouped = (by: readonly string[]): Query =>
    aggregate(pick(aggregates), by, often(0.7) ? window() : select(some(gauges), offsetMs()))
  const quantile = (): Query => {
    const rates = over(
      pick(['rate', 'increase'] as const),
      some(['took_seconds_bucket']),
      windowMs(),
      offsetMs(),
    )
    const by = ['le', ...(often(0.5) ? ['route'] : []), ...(often(0.3) ? ['instance'] : [])]
    const of = often(0.6)
      ? aggregate('sum', by, rates)
      : often(0.5)
        ? rates
        : select(some(['took_seconds_bucket']))
    return histogramQuantile(pick([0, 0.5, 0.9, 0.95, 0.99, 1, 1.2, -0.1]), of)
  }
  const ratio = (): Query => {
    const [by, ms] = [labels(), windowMs()]
    const sum = (...more: readonly Matcher[]) =>
      aggregate('sum', by, over('rate', series('requests_total', {}, ...more), ms))
    return arithmetic('/', sum({ label: 'outcome', is: '=', value: 'server_error' }), sum())
  }
  const computed = (): Query => {
    const operator = pick(['+', '-', '*', '/'] as const)
    const other = often(0.5) ? number(pick([0, 1, -2.5, 1e3])) : select(some(gauges))
    const [left, right] = often(0.5) ? [select(some(gauges)), other] : [other, window()]
    return arithmetic(operator, left, right)
  }
  const either = (): Query =>
    or(often(0.5) ? window() : grouped(labels()), often(0.5) ? vector(0) : select(some(gauges)))
  const overTime = (): Query =>
    quantileOverTime(pick([0, 0.3, 0.5, 0.99, 1]), some(gauges), windowMs(), offsetMs())

  const kinds: readonly (() => Query)[] = [
    () => select(some([...gauges, ...counters]), offsetMs()),
    window,
    window,
    window,
    () => grouped(labels()),
    () => grouped(labels()),
    quantile,
    quantile,
    ratio,
    computed,
    either,
    overTime,
  ]
  return { query: () => pick(kinds)(), pick, often }
}

/** Questions about `madeReadings`, at times that are now and then where windows begin. The same for the same seed. */
export function madeQuestions(begin: number, count: number, seed = 7): readonly Question[] {
  const random = seededRandom(seed)
  const { query, pick, often } = createChooser(random)
  return Array.from({ length: count }, () => {
    const raw = begin + random.next() * (lengthMs + 10 * minute)
    const unit = pick([1, 1, second, 15 * second, 5 * minute])
    const from = Math.floor(raw / unit) * unit
    const stepMs = pick([1_000, 15_000, 61_000, 300_000, 300_001])
    const steps = often(0.5) ? 0 : 1 + Math.floor(random.next() * 20)
    return { query: query(), from, to: from + steps * stepMs, stepMs }
  })
}
