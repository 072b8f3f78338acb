import { expect, it } from 'vitest'
import { createHistogram } from '../../../kernel/index.ts'
import { latencyEdges, slowerThan } from './index.ts'

function histogramOf(count: number) {
  const histogram = createHistogram()
  for (let i = 1; i <= count; i++) histogram.record(i / 10)
  return histogram.counts()
}

it("chooses edges from the live version's own latency, a tenth further for the canary", () => {
  const edges = latencyEdges(histogramOf(20_000))
  expect(edges.map(({ name }) => name)).toEqual([
    'p50',
    'p90',
    'p95',
    'p99',
    'p99.9',
    '2 × p99.9',
    '5 × p99.9',
    '20 × p50',
  ])
  for (const [j, ms] of [1_000, 1_800, 1_900, 1_980, 1_998, 3_996, 9_990, 20_000].entries()) {
    expect((edges[j]?.liveMs ?? 0) / ms).toBeCloseTo(1, 1)
    expect((edges[j]?.canaryMs ?? 0) / (edges[j]?.liveMs ?? 1)).toBeCloseTo(1.1, 9)
  }
})

it.each([
  [0, []],
  [30, ['p50', '2 × p50', '5 × p50', '20 × p50']],
  [500, ['p50', 'p90', 'p95', '2 × p95', '5 × p95', '20 × p50']],
  [2_000, ['p50', 'p90', 'p95', 'p99', '2 × p99', '5 × p99', '20 × p50']],
])('of %d answers it takes only edges that are known', (count, names) => {
  expect(latencyEdges(histogramOf(count)).map(({ name }) => name)).toEqual(names)
})

it('takes edges at one place for one', () => {
  expect(latencyEdges({ upperMs: [5], counts: [100_000] }).map(({ name }) => name)).toEqual([
    'p50',
    '2 × p50',
    '5 × p50',
    '20 × p50',
  ])
})

it('has edges within reach, though an hour of the past was bad', () => {
  const histogram = createHistogram()
  for (let i = 0; i < 1_000; i++) histogram.record(i < 880 ? 20 + i / 22 : 1_000 + 10 * i)
  const edges = latencyEdges(histogram.counts()).map(({ name, liveMs }) => [name, Math.round(liveMs / 100)])
  expect(edges.slice(0, 4)).toEqual([
    ['p50', 0],
    ['5 × p50', 2],
    ['20 × p50', 9],
    ['p90', 100],
  ])
})

it('counts what is slower than an edge', () => {
  const histogram = { upperMs: [5, 10, 20], counts: [7, 2, 1] }
  expect(slowerThan(histogram, [5, 10, 11, 20, 30])).toEqual([3, 1, 1, 0, 0])
})
