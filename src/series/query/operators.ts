import { PlimsollError } from '../../kernel/errors.ts'
import { keyOf, withoutName } from '../series.ts'
import { type Column, distinct, newColumn, put } from './columns.ts'
import type { Operator } from './query.ts'

/** A number, or a vector: some columns. */
export type Value = number | readonly Column[]

const compute: Readonly<Record<Operator, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
}

const mapped = ({ labels, values, has }: Column, change: (value: number) => number): Column => ({
  labels: withoutName(labels),
  values: values.map(change),
  has,
})

/** @throws PLM_QUERY_INVALID when two columns of a side have the same labels but for their names */
function byLabels(columns: readonly Column[]): ReadonlyMap<string, Column> {
  const unnamed = columns.map(({ labels, values, has }) => ({
    labels: withoutName(labels),
    values: values.slice(),
    has: has.slice(),
  }))
  return new Map(distinct(unnamed).map((column) => [keyOf(column.labels), column]))
}

function joined(left: Column, right: Column, change: (a: number, b: number) => number): Column {
  const into = newColumn(left.labels, left.values.length)
  left.has.forEach((is, i) => {
    if (is && right.has[i]) put(into, i, change(left.values[i] as number, right.values[i] as number))
  })
  return into
}

/** Numbers with numbers, numbers with each of a vector, and of two vectors those with equal labels. */
export function arithmeticOf(operator: Operator, left: Value, right: Value): Value {
  const change = compute[operator]
  if (typeof left === 'number' && typeof right === 'number') return change(left, right)
  if (typeof left === 'number')
    return (right as readonly Column[]).map((column) => mapped(column, (value) => change(left, value)))
  if (typeof right === 'number') return left.map((column) => mapped(column, (value) => change(value, right)))
  const others = byLabels(right)
  return [...byLabels(left)].flatMap(([key, column]) => {
    const other = others.get(key)
    return other ? [joined(column, other, change)] : []
  })
}

/** @throws PLM_QUERY_INVALID for a number, which has no labels */
export function vectorOf(value: Value, what: string): readonly Column[] {
  if (typeof value !== 'number') return value
  throw new PlimsollError('PLM_QUERY_INVALID', `${what} needs a vector, found the number ${value}`)
}

/** The left ones; of the right, what the left has not with the same labels at the same time. */
export function either(left: readonly Column[], right: readonly Column[]): readonly Column[] {
  const taken = new Map<string, Uint8Array>()
  for (const { labels, has } of left) {
    const key = keyOf(withoutName(labels))
    const there = taken.get(key)
    taken.set(key, there ? there.map((is, i) => is | (has[i] as number)) : has)
  }
  const others = right.map(({ labels, values, has }) => {
    const there = taken.get(keyOf(withoutName(labels)))
    return { labels, values, has: there ? has.map((is, i) => (there[i] ? 0 : is)) : has }
  })
  return [...left, ...others]
}
