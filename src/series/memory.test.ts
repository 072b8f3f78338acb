import { describe, expect, it } from 'vitest'
import {
  aggregate,
  arithmetic,
  histogramQuantile,
  memorySeries,
  nameLabel,
  number,
  or,
  over,
  type Query,
  quantileOverTime,
  type Reading,
  type SeriesStore,
  select,
  series,
  staleMarker,
  vector,
} from './index.ts'

const minute = 60_000

/** Values of one series, a minute from each other; undefined leaves one out. */
const every = (
  name: string,
  labels: Reading['labels'],
  values: readonly (Reading['value'] | undefined)[],
): Reading[] =>
  values.flatMap((value, i) => (value === undefined ? [] : [{ name, labels, at: i * minute, value }]))

async function storeWith(...readings: readonly Reading[][]): Promise<SeriesStore> {
  const store = memorySeries()
  await store.append(readings.flat())
  return store
}

const valuesAt = async (store: SeriesStore, query: Query, at: number) =>
  (await store.instant(query, at)).map(({ value }) => value)

describe('a value now', () => {
  it('is the last of five minutes, unless the series has ended', async () => {
    const store = await storeWith(
      every('up', { job: 'a' }, [1, 2]),
      every('up', { job: 'b' }, [3, staleMarker]),
    )
    const at = (time: number) => valuesAt(store, select(series('up')), time)
    expect(await at(-1)).toEqual([])
    expect(await at(0)).toEqual([1, 3])
    expect(await at(minute)).toEqual([2])
    expect(await at(6 * minute - 1)).toEqual([2])
    expect(await at(6 * minute)).toEqual([])
    expect(await store.instant(select(series('up')), minute)).toEqual([
      { labels: { __name__: 'up', job: 'a' }, value: 2 },
    ])
  })

  it('leaves markers out of what is selected, and tells them from other numbers that are none', async () => {
    const store = await storeWith(every('up', {}, [1, staleMarker, 2]))
    expect(await store.select(series('up'), -1, 9 * minute)).toEqual([
      { name: 'up', labels: {}, times: new Float64Array([0, 2 * minute]), values: new Float64Array([1, 2]) },
    ])
    // After many calls the code is compiled another way, which must not make another NaN of it.
    const many = Array.from({ length: 200_000 }, (_, i) => (i % 2 ? staleMarker : Number.NaN))
    await store.append(every('many', {}, many))
    const [points] = await store.select(series('many'), -1, Infinity)
    expect(points?.values).toHaveLength(100_000)
  })

  it.each([
    ['=', 'a', ['a']],
    ['!=', 'a', ['b', 'ab']],
    ['=~', 'a|b', ['a', 'b']],
    ['!~', 'a.*', ['b']],
    ['=~', '(?i)A', ['a']],
  ] as const)('of series whose label is %s %j', async (is, value, expected) => {
    const store = await storeWith(...['a', 'b', 'ab'].map((job) => every('up', { job }, [1])))
    const found = await store.instant(select(series('up', {}, { label: 'job', is, value })), 0)
    expect(found.map(({ labels }) => labels.job)).toEqual(expected)
  })
})

describe('what is left out', () => {
  it('is counted, and takes nothing with it', async () => {
    const store = memorySeries({ mostSeries: 1 })
    const reading = { name: 'a', labels: {}, at: 5, value: 1 }
    expect(
      await store.append([
        reading,
        { ...reading, at: 4 },
        { ...reading, value: 2 },
        reading,
        { ...reading, labels: { too: 'many' } },
        { ...reading, at: 6 },
      ]),
    ).toEqual({ taken: 2, outOfOrder: 1, duplicate: 1, beyondLimit: 1 })
    expect(await store.select(series('a'), 0, 9)).toEqual([
      { name: 'a', labels: {}, times: new Float64Array([5, 6]), values: new Float64Array([1, 1]) },
    ])
  })
})

describe('a window', () => {
  // Both edges are within 1.1 intervals of a sample, so that the increase is extrapolated to the whole window.
  it.each([
    ['rate', 1],
    ['increase', 300],
    ['count_over_time', 5],
    ['last_over_time', 300],
    ['sum_over_time', 900],
    ['avg_over_time', 180],
    ['min_over_time', 60],
    ['max_over_time', 300],
    ['delta', 300],
  ] as const)('%s is %d', async (fn, expected) => {
    const store = await storeWith(every('c', {}, [0, 60, 120, 180, 240, 300]))
    expect(await valuesAt(store, over(fn, series('c'), 5 * minute), 5 * minute)).toEqual([expected])
  })

  it('takes a counter that begins again for what it was before and what it is now', async () => {
    const store = await storeWith(every('c', {}, [10, 20, 5, 15, 25]))
    // 10 + 5 + 10 + 10 in four minutes, one more minute to the beginning, but not below zero: 10 of 35 in four minutes.
    const [increase] = await valuesAt(store, over('increase', series('c'), 5 * minute), 4 * minute)
    expect(increase).toBeCloseTo(35 * (4 + 1) * 0.25)
  })

  it('has a quantile', async () => {
    const store = await storeWith(every('g', {}, [4, 1, 3, 2]))
    expect(await valuesAt(store, quantileOverTime(0.5, series('g'), 5 * minute), 3 * minute)).toEqual([2.5])
  })
})

describe('vectors', () => {
  const made = () =>
    storeWith(
      every('bad', { route: 'x', zone: '1' }, [1]),
      every('bad', { route: 'x', zone: '2' }, [2]),
      every('all', { route: 'x', zone: '1' }, [10]),
      every('all', { route: 'x', zone: '2' }, [20]),
      every('all', { route: 'y', zone: '1' }, [40]),
    )
  const sum = (name: string) => aggregate('sum', ['route'], select(series(name)))

  it('are aggregated by labels', async () => {
    const store = await made()
    expect(await store.instant(sum('all'), 0)).toEqual([
      { labels: { route: 'x' }, value: 30 },
      { labels: { route: 'y' }, value: 40 },
    ])
    const by = (fn: 'avg' | 'min' | 'max' | 'count') =>
      valuesAt(store, aggregate(fn, [], select(series('all'))), 0)
    expect(await Promise.all([by('avg'), by('min'), by('max'), by('count')])).toEqual([
      [expect.closeTo(70 / 3)],
      [10],
      [40],
      [3],
    ])
  })

  it('are computed with where their labels are equal', async () => {
    const store = await made()
    expect(await store.instant(arithmetic('/', sum('bad'), sum('all')), 0)).toEqual([
      { labels: { route: 'x' }, value: 0.1 },
    ])
    const doubled = arithmetic('*', number(2), sum('bad'))
    expect(await valuesAt(store, arithmetic('-', doubled, number(1)), 0)).toEqual([5])
    expect(await valuesAt(store, arithmetic('+', number(2), number(1)), 0)).toEqual([3])
  })

  it('have a default where there are none', async () => {
    const store = await made()
    const none = aggregate('sum', [], select(series('none')))
    expect(await valuesAt(store, or(none, vector(0)), 0)).toEqual([0])
    expect(await valuesAt(store, or(sum('bad'), sum('all')), 0)).toEqual([3, 40])
  })

  it('are refused when two have the same labels', async () => {
    const store = await made()
    const names = [{ label: nameLabel, is: '=~', value: 'all|bad' }] as const
    const query = over('count_over_time', names, minute)
    await expect(store.instant(query, 0)).rejects.toMatchObject({ code: 'PLM_QUERY_INVALID' })
    await expect(store.instant(arithmetic('+', select(names), number(1)), 0)).rejects.toThrow(
      /more than one series/,
    )
  })
})

describe('a quantile of a histogram', () => {
  const bucket = (le: string, value: number) => every('took_bucket', { le, route: 'x' }, [value])

  it.each([
    [
      'lies within its bucket',
      0.5,
      [
        ['1', 2],
        ['2', 6],
        ['+Inf', 8],
      ],
      1.5,
    ],
    [
      'begins at zero',
      0.1,
      [
        ['1', 2],
        ['+Inf', 2],
      ],
      0.1,
    ],
    [
      'is the highest edge for what lies above it',
      0.99,
      [
        ['1', 2],
        ['2', 6],
        ['+Inf', 8],
      ],
      2,
    ],
    [
      'is none without observations',
      0.5,
      [
        ['1', 0],
        ['+Inf', 0],
      ],
      Number.NaN,
    ],
    [
      'is none without the infinite bucket',
      0.5,
      [
        ['1', 1],
        ['2', 2],
      ],
      Number.NaN,
    ],
    ['is none with the infinite bucket alone', 0.5, [['+Inf', 2]], Number.NaN],
    [
      'is infinite when it is no quantile',
      1.5,
      [
        ['1', 2],
        ['+Inf', 2],
      ],
      Infinity,
    ],
    [
      'takes less than the bucket before for as much',
      0.5,
      [
        ['1', 4],
        ['2', 3],
        ['+Inf', 8],
      ],
      1,
    ],
    [
      'is the edge of a first bucket below zero',
      0.5,
      [
        ['-1', 4],
        ['+Inf', 8],
      ],
      -1,
    ],
  ] as const)('%s', async (_, quantile, buckets, expected) => {
    const store = await storeWith(...buckets.map(([le, value]) => bucket(le, value)))
    const asked = histogramQuantile(quantile, select(series('took_bucket')))
    expect(await store.instant(asked, 0)).toEqual([{ labels: { route: 'x' }, value: expected }])
  })
})

describe('a range', () => {
  it('has a value at each step where there is one', async () => {
    const store = await storeWith(every('g', {}, [1, undefined, 3]))
    expect(await store.range(select(series('g')), -minute, 2 * minute, minute)).toEqual([
      {
        name: 'g',
        labels: {},
        times: new Float64Array([0, minute, 2 * minute]),
        values: new Float64Array([1, 1, 3]),
      },
    ])
    await expect(store.range(select(series('g')), 0, 1, 0)).rejects.toThrow(/steps of 0 ms/)
    await expect(store.range(select(series('g')), 0, 1e9, 1)).rejects.toThrow(/at most/)
  })
})
