import { type Labels, type Matcher, nameLabel } from '../series.ts'

/** What is asked of the samples of a window. */
export type WindowFunction =
  | 'rate'
  | 'increase'
  | 'delta'
  | 'sum_over_time'
  | 'avg_over_time'
  | 'min_over_time'
  | 'max_over_time'
  | 'count_over_time'
  | 'last_over_time'
export type AggregateFunction = 'sum' | 'avg' | 'min' | 'max' | 'count'
export type Operator = '+' | '-' | '*' | '/'

/** A question to a store. A tree, so that it can be both answered here and asked of a Prometheus (`toPromql`). */
export type Query =
  | { readonly kind: 'number'; readonly value: number }
  /** One value without labels, to be a default behind `or`. */
  | { readonly kind: 'vector'; readonly value: number }
  | { readonly kind: 'select'; readonly matchers: readonly Matcher[]; readonly offsetMs?: number }
  | {
      readonly kind: 'window'
      readonly function: WindowFunction
      readonly matchers: readonly Matcher[]
      readonly windowMs: number
      readonly offsetMs?: number
    }
  | {
      readonly kind: 'quantile_over_time'
      readonly quantile: number
      readonly matchers: readonly Matcher[]
      readonly windowMs: number
      readonly offsetMs?: number
    }
  | {
      readonly kind: 'aggregate'
      readonly function: AggregateFunction
      readonly by: readonly string[]
      readonly of: Query
    }
  | { readonly kind: 'histogram_quantile'; readonly quantile: number; readonly of: Query }
  /** Of two vectors, those with equal labels. */
  | {
      readonly kind: 'arithmetic'
      readonly operator: Operator
      readonly left: Query
      readonly right: Query
    }
  /** The left ones, and those of the right whose labels the left has not. */
  | { readonly kind: 'or'; readonly left: Query; readonly right: Query }

/** Matchers of the series of a name that have these labels. */
export const series = (
  name: string,
  labels: Labels = {},
  ...more: readonly Matcher[]
): readonly Matcher[] => [
  { label: nameLabel, is: '=', value: name },
  ...Object.entries(labels).map(([label, value]): Matcher => ({ label, is: '=', value })),
  ...more,
]

export const number = (value: number): Query => ({ kind: 'number', value })
export const vector = (value: number): Query => ({ kind: 'vector', value })
export const select = (matchers: readonly Matcher[], offsetMs = 0): Query => ({
  kind: 'select',
  matchers,
  offsetMs,
})
/** `over('rate', series('requests_total'), 300_000)`: the window ends at the moment of the question, less the offset. */
export const over = (
  fn: WindowFunction,
  matchers: readonly Matcher[],
  windowMs: number,
  offsetMs = 0,
): Query => ({ kind: 'window', function: fn, matchers, windowMs, offsetMs })
export const quantileOverTime = (
  quantile: number,
  matchers: readonly Matcher[],
  windowMs: number,
  offsetMs = 0,
): Query => ({ kind: 'quantile_over_time', quantile, matchers, windowMs, offsetMs })
export const aggregate = (fn: AggregateFunction, by: readonly string[], of: Query): Query => ({
  kind: 'aggregate',
  function: fn,
  by,
  of,
})
/** Of a classic histogram's buckets, which have the label `le`. */
export const histogramQuantile = (quantile: number, of: Query): Query => ({
  kind: 'histogram_quantile',
  quantile,
  of,
})
export const arithmetic = (operator: Operator, left: Query, right: Query): Query => ({
  kind: 'arithmetic',
  operator,
  left,
  right,
})
export const or = (left: Query, right: Query): Query => ({ kind: 'or', left, right })
