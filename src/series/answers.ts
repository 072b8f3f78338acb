import { PlimsollError } from '../kernel/errors.ts'
import type { Instant } from '../kernel/index.ts'
import type { Column } from './query/columns.ts'
import { evaluate, type Source } from './query/evaluate.ts'
import type { Query } from './query/query.ts'
import type { Edition } from './query/windows.ts'
import { nameLabel, type Points, withoutName } from './series.ts'
import type { Answer } from './store.ts'

/** More are asked for by mistake: a day by the second is 86,400. */
const mostSteps = 100_000

/** @throws PLM_QUERY_INVALID when there would be none, or too many */
export function stepsOf(from: Instant, to: Instant, stepMs: number): Instant[] {
  if (!(stepMs > 0) || !(to >= from))
    throw new PlimsollError('PLM_QUERY_INVALID', `steps of ${stepMs} ms from ${from} to ${to} are none`)
  const count = Math.floor((to - from) / stepMs) + 1
  if (count > mostSteps)
    throw new PlimsollError(
      'PLM_QUERY_INVALID',
      `the range has ${count} steps, expected at most ${mostSteps}`,
    )
  return Array.from({ length: count }, (_, i) => from + i * stepMs)
}

export function instantOf(source: Source, query: Query, at: Instant, edition?: Edition): Answer[] {
  return evaluate(query, [at], source, edition).map(({ labels, values }) => ({
    labels,
    value: values[0] as number,
  }))
}

function pointsOf({ labels, values, has }: Column, times: readonly Instant[]): Points {
  return {
    name: labels[nameLabel] ?? '',
    labels: withoutName(labels),
    times: Float64Array.from(times.filter((_, i) => has[i])),
    values: values.filter((_, i) => has[i]),
  }
}

export function rangeOf(
  source: Source,
  query: Query,
  from: Instant,
  to: Instant,
  stepMs: number,
  edition?: Edition,
): Points[] {
  const times = stepsOf(from, to, stepMs)
  return evaluate(query, times, source, edition).map((column) => pointsOf(column, times))
}
