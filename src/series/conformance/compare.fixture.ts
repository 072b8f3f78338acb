import { PlimsollError } from '../../kernel/index.ts'
import { type Labels, nameLabel, type SeriesStore } from '../index.ts'
import type { Question } from './queries.fixture.ts'

/** An answer that can be compared: by series and time. */
export type Comparable = ReadonlyMap<string, number> | 'refused'

const keyOf = ({ [nameLabel]: name, ...labels }: Labels, dropsName: boolean): string =>
  `${dropsName ? '' : (name ?? '')}${JSON.stringify(Object.entries(labels).sort())}`

/** @param dropsNames for comparing with what keeps them */
export async function answerOf(
  store: SeriesStore,
  question: Question,
  dropsNames = false,
): Promise<Comparable> {
  const { query, from, to, stepMs } = question
  const all = new Map<string, number>()
  try {
    if (from === to)
      for (const { labels, value } of await store.instant(query, from))
        all.set(`${keyOf(labels, dropsNames)} ${from}`, value)
    else
      for (const { name, labels, times, values } of await store.range(query, from, to, stepMs))
        times.forEach((at, i) => {
          const full = name === '' ? labels : { ...labels, [nameLabel]: name }
          all.set(`${keyOf(full, dropsNames)} ${at}`, values[i] ?? Number.NaN)
        })
    return all
  } catch (error) {
    if (error instanceof PlimsollError && error.code === 'PLM_QUERY_INVALID') return 'refused'
    throw error
  }
}

/** Sums are added up in another order here and there; what cancels out leaves the rounding of its parts. */
const isNear = (a: number, b: number, tolerance: number): boolean =>
  Object.is(a, b) || a === b || Math.abs(a - b) <= tolerance * Math.max(1e-6, Math.abs(a), Math.abs(b))

/** The places at which two answers differ; empty when they are the same. */
export function differences(found: Comparable, expected: Comparable, tolerance = 1e-9): readonly string[] {
  if (found === 'refused' || expected === 'refused')
    return found === expected ? [] : [`${found === 'refused' ? 'refused' : 'answered'}, but not the other`]
  const keys = new Set([...found.keys(), ...expected.keys()])
  return [...keys].flatMap((key) => {
    const [a, b] = [found.get(key), expected.get(key)]
    if (a !== undefined && b !== undefined && isNear(a, b, tolerance)) return []
    return [`${key}: ${a}, expected ${b}`]
  })
}
