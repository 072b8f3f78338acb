import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../../../kernel/index.ts'
import { lowerP, signedRankInterval, signFlipDistribution, twoSidedP, upperP } from './signed-rank.ts'
import { hodgesLehmann, walshAverages } from './walsh.ts'

/** Every pattern of signs, one by one: what the dynamic programme must equal. */
function enumerated(values: readonly number[]): number {
  const sizes = values.map(Math.abs)
  const rankOf = (size: number) =>
    sizes.filter((other) => other < size).length + (sizes.filter((other) => other === size).length + 1) / 2
  const ranks = sizes.map(rankOf)
  const seen = ranks.reduce((sum, rank, i) => sum + ((values[i] ?? 0) > 0 ? rank : 0), 0)
  let asLow = 0
  for (let signs = 0; signs < 2 ** values.length; signs++)
    if (ranks.reduce((sum, rank, i) => sum + ((signs >> i) & 1 ? rank : 0), 0) <= seen) asLow += 1
  return asLow / 2 ** values.length
}

describe('the sign-flip test on ranks', () => {
  // Darwin's maize (Fisher, The Design of Experiments, §17), cross minus self, eighths of an inch:
  // T− = 24 of 15 pairs; two-sided exact p 0.0413 with ties by mid-ranks.
  const darwin = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]

  test("says of Darwin's maize what counting all patterns of signs says", () => {
    expect(upperP(darwin)).toBeCloseTo(enumerated(darwin.map((value) => -value)), 12)
    expect(twoSidedP(darwin)).toBeCloseTo(0.0413, 4)
  })

  test.each([
    [[1, 2, 3, 4, 5], 1 / 16],
    [[-1, 2, 3, 4, 5, 6], 4 / 64],
    [[0, 0, 0], 1],
    [[], 1],
    [[1, -1], 1],
  ])('two-sided p of %j is %d', (values, p) => expect(twoSidedP(values)).toBeCloseTo(p, 12))

  test('equals the count of all patterns for seeded values with ties', () => {
    const random = seededRandom(3)
    for (let i = 0; i < 40; i++) {
      const values = Array.from({ length: 9 }, () => Math.round(random.next() * 12 - 6) || 1)
      expect(lowerP(values)).toBeCloseTo(enumerated(values), 12)
    }
  })

  test('is a distribution: adds up to one, is symmetric', () => {
    const probabilities = signFlipDistribution(Array.from({ length: 30 }, (_, i) => i + 1))
    expect(probabilities.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 12)
    expect(probabilities[100]).toBeCloseTo(probabilities[465 - 100] ?? 0, 15)
  })

  // Critical values of T (Wilcoxon & Wilcox 1964; Hollander & Wolfe, table A.4): the largest T that is
  // significant at the two-sided level leaves T + 1 as the place of the interval's end, counted from 1.
  test.each([
    [6, 0.025, 0],
    [8, 0.025, 3],
    [10, 0.025, 8],
    [15, 0.025, 25],
    [20, 0.025, 52],
    [30, 0.025, 137],
    [10, 0.05, 10],
    [20, 0.05, 60],
  ])('for %i values and a tail of %d keeps %i Walsh averages outside', (n, tailP, critical) => {
    const values = Array.from({ length: n }, (_, i) => 2 ** (i / 3) - 3)
    const interval = signedRankInterval(values, tailP)
    expect(interval?.low).toBe(walshAverages(values)[critical])
    expect(interval?.high).toBe(walshAverages(values).at(-1 - critical))
  })

  test('has no interval of 95 % for five values', () => {
    expect(signedRankInterval([1, 2, 3, 4, 5], 0.025)).toBeNull()
    expect(signedRankInterval([1, 2, 3, 4, 5], 0.05)).toEqual({ low: 1, high: 5 })
  })

  test('the interval inverts the test: its ends are where the test turns', () => {
    const random = seededRandom(8)
    const values = Array.from({ length: 12 }, () => random.next())
    const { low, high } = signedRankInterval(values, 0.025) ?? { low: Number.NaN, high: Number.NaN }
    expect(upperP(values, low - 1e-9)).toBeLessThanOrEqual(0.025)
    expect(upperP(values, low + 1e-9)).toBeGreaterThan(0.025)
    expect(lowerP(values, high + 1e-9)).toBeLessThanOrEqual(0.025)
    expect(lowerP(values, high - 1e-9)).toBeGreaterThan(0.025)
  })
})

describe('Hodges and Lehmann', () => {
  test.each([
    [[1, 2, 3], 2],
    [[1, 2, 9], 3.5], // averages 1, 1.5, 2, 5, 5.5, 9
    [[-4], -4],
    [[0, 10], 5],
  ])('of %j is %d', (values, estimate) => expect(hodgesLehmann(values)).toBe(estimate))

  test('is moved little by one wild value', () => {
    expect(hodgesLehmann([1, 2, 3, 4, 5, 1_000])).toBeLessThan(5)
  })
})
