import type { Json } from '../kernel/index.ts'
import { type Finding, finding } from './finding.ts'
import { type KeyPath, valueAt } from './keyPath.ts'

const ways = ['on', 'every', 'calendar'] as const
const oneWay = "expected one of on: '2026-12-25', every: 'last working day' and calendar: 'holidays.ics'"

const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : [])

/** Each entry says in one way which days it is about. */
const checkWays = (days: readonly Json[]): readonly Finding[] =>
  days.flatMap((one, i) => {
    if (typeof one !== 'object' || one === null || Array.isArray(one)) return []
    const given = ways.filter((way) => valueAt(one, [way]) !== undefined)
    if (given.length === 1) return []
    const found = given.length === 0 ? 'says no day' : `has ${given.join(' and ')}`
    return [finding(['predict', 'days', i], `${found}, ${oneWay}`)]
  })

type Listed = { readonly date: Json; readonly path: KeyPath }

function listedIn(one: Json, i: number): readonly Listed[] {
  const on = valueAt(one, ['on'])
  const path = ['predict', 'days', i, 'on']
  if (typeof on === 'string') return [{ date: on, path }]
  return listOf(on).map((date, at) => ({ date, path: [...path, at] }))
}

/** A day is of one kind. */
function checkDoubles(days: readonly Json[]): readonly Finding[] {
  const firstOf = new Map<Json, KeyPath>()
  return days.flatMap(listedIn).flatMap(({ date, path }) => {
    const first = firstOf.get(date)
    if (first === undefined) {
      firstOf.set(date, path)
      return []
    }
    const other = `predict.days[${String(first[2])}]`
    return [finding(path, `is '${String(date)}', which ${other} lists, too, expected each day once`)]
  })
}

/** What is wrong with the special days of a configuration and no single value shows. */
export function checkDays(root: Json): readonly Finding[] {
  const days = listOf(valueAt(root, ['predict', 'days']))
  return [...checkWays(days), ...checkDoubles(days)]
}
