import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createHistogram } from './histogram.ts'

const only = (durationMs: number) => {
  const histogram = createHistogram()
  histogram.record(durationMs)
  return histogram.counts()
}

test('a value falls into a bucket whose upper edge is at most 1 % (or 1 µs) above it', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 4_000_000, noNaN: true }), (durationMs) => {
      const [upperMs] = only(durationMs).upperMs
      expect(upperMs).toBeGreaterThanOrEqual(durationMs - 0.001)
      expect(upperMs).toBeLessThanOrEqual(durationMs * 1.01 + 0.001)
    }),
  )
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
