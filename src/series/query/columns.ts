import { PlimsollError } from '../../kernel/errors.ts'
import { keyOf, type Labels } from '../series.ts'

/** One series of an answer: at each of the times that were asked for, a value or none. */
export type Column = {
  /** With the name, while it has one. */
  readonly labels: Labels
  readonly values: Float64Array
  /** 1 where there is a value. NaN is a value. */
  readonly has: Uint8Array
}

export const newColumn = (labels: Labels, length: number): Column => ({
  labels,
  values: new Float64Array(length),
  has: new Uint8Array(length),
})

/** Sets the value at a time; undefined leaves it without. */
export function put({ values, has }: Column, i: number, value: number | undefined): void {
  if (value === undefined) return
  values[i] = value
  has[i] = 1
}

const isEmpty = ({ has }: Column): boolean => !has.includes(1)

function join(into: Column, from: Column): void {
  from.has.forEach((is, i) => {
    if (!is) return
    if (into.has[i])
      throw new PlimsollError(
        'PLM_QUERY_INVALID',
        `the answer has more than one series with the labels ${JSON.stringify(into.labels)}`,
      )
    put(into, i, from.values[i])
  })
}

/**
 * One column for each set of labels, without those that have no value.
 * @throws PLM_QUERY_INVALID when two have a value at the same time
 */
export function distinct(columns: readonly Column[]): readonly Column[] {
  const byKey = new Map<string, Column>()
  for (const column of columns) {
    if (isEmpty(column)) continue
    const key = keyOf(column.labels)
    const there = byKey.get(key)
    if (there) join(there, column)
    else byKey.set(key, column)
  }
  return [...byKey.values()]
}
