import { expect, it } from 'vitest'
import { memorySeries, over, type Query, select, series } from '../index.ts'

const minute = 60_000

async function answers(
  values: readonly (readonly [minute: number, value: number])[],
  query: Query,
  at: number,
) {
  const both = [2, 3] as const
  return Promise.all(
    both.map(async (edition) => {
      const store = memorySeries({ edition })
      await store.append(values.map(([when, value]) => ({ name: 'c', labels: {}, at: when * minute, value })))
      return (await store.instant(query, at * minute))[0]?.value
    }),
  )
}

const byMinute = [0, 1, 2, 3, 4, 5].map((i) => [i, 10 * i] as const)
const window = (fn: 'count_over_time' | 'increase', minutes: number) =>
  over(fn, series('c'), minutes * minute)

// Everything in which Prometheus 2 and 3 differ here; the conformance tests compare either with the real one.
it.each([
  ['a sample where a window begins counts', byMinute, window('count_over_time', 5), 5, 6, 5],
  [
    'so a window of the interval has two samples, and a rate',
    byMinute,
    window('increase', 1),
    5,
    10,
    undefined,
  ],
  ['a value of just five minutes ago counts', [[0, 7]], select(series('c')), 5, 7, undefined],
  [
    'a counter that begins in the window is extrapolated to where it was zero, further than half an interval',
    [
      [8, 50],
      [9, 100],
      [10, 150],
    ],
    window('increase', 10),
    10,
    150,
    125,
  ],
] as const)('in Prometheus 2 %s', async (_, values, query, at, two, three) => {
  expect(await answers(values, query, at)).toEqual([two, three])
})

it('does not depend on the edition away from the edges', async () => {
  expect(await answers(byMinute, window('increase', 3), 4.5)).toEqual([30, 30])
})
