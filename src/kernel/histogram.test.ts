import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createHistogram, meanOf, mergeCounts, type Precision, quantileOf, totalOf } from './histogram.ts'
import { seededRandom } from './random.ts'

const only = (durationMs: number, precision: Precision = 'coarse') => {
  const histogram = createHistogram(precision)
  histogram.record(durationMs)
  return histogram.counts()
}

test.each([
  ['coarse', 1 / 128],
  ['fine', 1 / 1024],
] as const)(
  'a value falls into a %s bucket whose upper edge is at most so much (or 1 µs) above it',
  (precision, share) => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 4_000_000, noNaN: true }), (durationMs) => {
        const [upperMs] = only(durationMs, precision).upperMs
        expect(upperMs).toBeGreaterThanOrEqual(durationMs - 0.001)
        expect(upperMs).toBeLessThanOrEqual(durationMs * (1 + share) + 0.001)
      }),
    )
  },
)

test('quantiles and the mean are those of the values, within the precision', () => {
  const random = seededRandom(4)
  const values = Array.from({ length: 5_000 }, () => -Math.log(1 - random.next()) * 40).sort((a, b) => a - b)
  const parts = [0, 1, 2].map((part) => {
    const histogram = createHistogram('fine')
    for (const [i, value] of values.entries()) if (i % 3 === part) histogram.record(value)
    return histogram.counts()
  })
  const whole = mergeCounts(parts)
  expect(totalOf(whole)).toBe(5_000)
  for (const share of [0, 0.001, 0.5, 0.99, 0.999, 1]) {
    const exact = values[Math.max(0, Math.ceil(share * 5_000) - 1)] ?? Number.NaN
    expect(Math.abs((quantileOf(whole, share) ?? Number.NaN) - exact)).toBeLessThanOrEqual(
      exact * 0.001 + 0.001,
    )
  }
  const mean = values.reduce((sum, value) => sum + value, 0) / 5_000
  expect(Math.abs((meanOf(whole) ?? 0) / mean - 1)).toBeLessThan(0.001)
  expect([quantileOf(mergeCounts([]), 0.5), meanOf(mergeCounts([]))]).toEqual([undefined, undefined])
})

test('what was taken is not counted again', () => {
  const histogram = createHistogram()
  histogram.record(3)
  expect(totalOf(histogram.take())).toBe(1)
  histogram.record(5)
  histogram.record(700)
  expect(histogram.take().counts).toEqual([1, 1])
  expect(histogram.counts()).toEqual({ upperMs: [], counts: [] })
})

test('a larger value never falls into a lower bucket', () => {
  const edges = Array.from({ length: 32 }, (_, octave) => 2 ** octave)
  const values = edges.flatMap((edge) => [edge - 1, edge, edge + 1].map((units) => units / 1_000))
  const uppers = values.sort((a, b) => a - b).map((value) => only(value).upperMs[0] ?? Number.NaN)
  expect(uppers).toEqual([...uppers].sort((a, b) => a - b))
})

test('counts are kept apart, in order, empty buckets left out', () => {
  const histogram = createHistogram()
  for (const durationMs of [100, 0.1, 100, 2_000]) histogram.record(durationMs)
  const { upperMs, counts } = histogram.counts()
  expect(counts).toEqual([1, 2, 1])
  expect(upperMs.map((upper) => Math.round(upper * 10) / 10)).toEqual([0.1, 100.4, 2_007])
})

test('what is out of range counts as the nearest that is in it', () => {
  expect(only(-5)).toEqual({ upperMs: [0], counts: [1] })
  expect(only(Number.NaN)).toEqual({ upperMs: [0], counts: [1] })
  expect(only(1e12).upperMs[0]).toBeCloseTo((2 ** 32 - 1) / 1_000)
})
