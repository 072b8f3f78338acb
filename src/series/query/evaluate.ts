import type { Instant } from '../../kernel/index.ts'
import type { Labels, Matcher } from '../series.ts'
import { withoutName } from '../series.ts'
import { aggregated } from './aggregate.ts'
import { type Column, distinct, newColumn, put } from './columns.ts'
import { quantiles } from './histogram-quantile.ts'
import { arithmeticOf, either, type Value, vectorOf } from './operators.ts'
import { quantileOf } from './quantile.ts'
import type { Query } from './query.ts'
import type { Summary } from './summary.ts'
import { type Edition, windowFunctions } from './windows.ts'

/** How long a value counts when no other follows and its series does not say that it has ended. */
export const lookbackMs = 5 * 60_000

/** One stored series, to be read where a query needs it. All bounds mean after `from` and until `to`. */
export interface StoredSeries {
  /** With the name. */
  readonly labels: Labels
  /** Undefined without samples. */
  window(from: Instant, to: Instant): Summary | undefined
  /** The newest value; undefined without samples, or when the newest says that the series has ended. */
  newest(from: Instant, to: Instant): number | undefined
  /** Values without markers of an end. */
  values(from: Instant, to: Instant): Float64Array
}

/** Where a query finds series; those that have nothing in between may be left out. */
export interface Source {
  find(matchers: readonly Matcher[], from: Instant, to: Instant): readonly StoredSeries[]
}

/** The times for which a query is answered. */
type Frame = { readonly times: readonly Instant[]; readonly source: Source; readonly edition: Edition }
type Reading = { readonly matchers: readonly Matcher[]; readonly offsetMs?: number }
type Take = (series: StoredSeries, from: Instant, to: Instant) => number | undefined

/** Reads each series at each time. */
function readEach(
  { times, source, edition }: Frame,
  { matchers, offsetMs = 0 }: Reading,
  windowMs: number,
  take: Take,
): Column[] {
  // In edition 2 the beginning is part of the window. Times are whole milliseconds.
  const reach = windowMs + (edition === 2 ? 1 : 0)
  const [first = 0, last = 0] = [times[0], times.at(-1)]
  const found = source.find(matchers, first - offsetMs - reach, last - offsetMs)
  return found.map((series) => {
    const column = newColumn(series.labels, times.length)
    times.forEach((at, i) => {
      put(column, i, take(series, at - offsetMs - reach, at - offsetMs))
    })
    return column
  })
}

const unnamed = (columns: readonly Column[]): Column[] =>
  columns.map((column) => ({ ...column, labels: withoutName(column.labels) }))

function windowValue(frame: Frame, query: Extract<Query, { kind: 'window' }>): readonly Column[] {
  const compute = windowFunctions[query.function]
  const columns = readEach(frame, query, query.windowMs, (series, from, to) => {
    const summary = series.window(from, to)
    return summary && compute(summary, { from: to - query.windowMs, to }, frame.edition)
  })
  return query.function === 'last_over_time' ? columns : unnamed(columns)
}

function quantileValue(frame: Frame, query: Extract<Query, { kind: 'quantile_over_time' }>): Column[] {
  return unnamed(
    readEach(frame, query, query.windowMs, (series, from, to) =>
      quantileOf(query.quantile, series.values(from, to)),
    ),
  )
}

function constant({ times }: Frame, value: number): Column {
  return {
    labels: {},
    values: new Float64Array(times.length).fill(value),
    has: new Uint8Array(times.length).fill(1),
  }
}

function answer(frame: Frame, query: Query): Value {
  switch (query.kind) {
    case 'number':
      return query.value
    case 'vector':
      return [constant(frame, query.value)]
    case 'select':
      return readEach(frame, query, lookbackMs, (series, from, to) => series.newest(from, to))
    case 'window':
      return distinct(windowValue(frame, query))
    case 'quantile_over_time':
      return distinct(quantileValue(frame, query))
    case 'aggregate':
      return aggregated(query.function, query.by, vectorOf(answer(frame, query.of), query.function))
    case 'histogram_quantile':
      return quantiles(query.quantile, vectorOf(answer(frame, query.of), query.kind))
    case 'arithmetic': {
      const value = arithmeticOf(query.operator, answer(frame, query.left), answer(frame, query.right))
      return typeof value === 'number' ? value : distinct(value)
    }
    case 'or':
      return distinct(
        either(vectorOf(answer(frame, query.left), 'or'), vectorOf(answer(frame, query.right), 'or')),
      )
  }
}

/**
 * Answers a query at each of some times, oldest first, as Prometheus would.
 * @throws PLM_QUERY_INVALID when it cannot be answered: two series with the same labels, a number where a vector belongs
 */
export function evaluate(
  query: Query,
  times: readonly Instant[],
  source: Source,
  edition: Edition = 3,
): readonly Column[] {
  const frame = { times, source, edition }
  const value = answer(frame, query)
  return distinct(typeof value === 'number' ? [constant(frame, value)] : value)
}
