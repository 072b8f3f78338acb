import { keyOf, type Labels } from '../series.ts'
import { type Column, newColumn } from './columns.ts'
import type { AggregateFunction } from './query.ts'

type Fold = (group: Column, counts: Float64Array, i: number, value: number) => void

const folds: Readonly<Record<AggregateFunction, Fold>> = {
  sum: ({ values }, _, i, value) => {
    values[i] = (values[i] as number) + value
  },
  // The mean so far, so that large numbers do not overflow.
  avg: ({ values }, counts, i, value) => {
    const mean = values[i] as number
    const n = counts[i] as number
    if (Math.abs(mean) === Infinity && (Number.isFinite(value) || value === mean)) return
    values[i] = mean + (value / n - mean / n)
  },
  min: ({ values }, counts, i, value) => {
    const least = values[i] as number
    if (counts[i] === 1 || value < least || Number.isNaN(least)) values[i] = value
  },
  max: ({ values }, counts, i, value) => {
    const most = values[i] as number
    if (counts[i] === 1 || value > most || Number.isNaN(most)) values[i] = value
  },
  count: ({ values }, counts, i) => {
    values[i] = counts[i] as number
  },
}

export function labelsIn(labels: Labels, wanted: readonly string[]): Labels {
  return Object.fromEntries(
    wanted.flatMap((label) => {
      const text = Object.hasOwn(labels, label) ? labels[label] : undefined
      return text ? [[label, text]] : []
    }),
  )
}

/** One column for each combination of the labels `by`; the other labels are gone. */
export function aggregated(
  fn: AggregateFunction,
  by: readonly string[],
  columns: readonly Column[],
): readonly Column[] {
  const groups = new Map<string, { group: Column; counts: Float64Array }>()
  for (const column of columns) {
    const labels = labelsIn(column.labels, by)
    const key = keyOf(labels)
    const length = column.values.length
    const into = groups.get(key) ?? { group: newColumn(labels, length), counts: new Float64Array(length) }
    groups.set(key, into)
    for (let i = 0; i < length; i++) {
      if (!column.has[i]) continue
      into.counts[i] = (into.counts[i] as number) + 1
      into.group.has[i] = 1
      folds[fn](into.group, into.counts, i, column.values[i] as number)
    }
  }
  return [...groups.values()].map(({ group }) => group)
}
