import { describe, expect, test } from 'vitest'
import { boundaries, levels, spentAlpha } from './spending.ts'

const equalLooks = (count: number, alpha: number) =>
  Array.from({ length: count }, (_, i) => ({
    rounds: 10 * (i + 1),
    spent: spentAlpha(alpha, (i + 1) / count),
  }))

describe("O'Brien and Fleming's spending", () => {
  test.each([
    // Lan–DeMets, two-sided 0.05 (0.025 from each side), equal looks: as printed by ldbounds and in
    // Reboussin, DeMets, Kim & Lan (2000).
    [2, [2.963, 1.969]],
    [3, [3.71, 2.511, 1.993]],
    [4, [4.333, 2.963, 2.359, 2.014]],
    [5, [4.877, 3.357, 2.68, 2.29, 2.031]],
  ])('gives the published boundaries of %i looks', (count, published) => {
    const ours = boundaries(equalLooks(count, 0.025))
    expect(ours.map((z) => Math.round(z * 1_000) / 1_000)).toEqual(published)
  })

  test('spends nothing before the first look, hardly any early, all at the end', () => {
    expect(spentAlpha(0.05, 0)).toBe(0)
    expect(spentAlpha(0.025, 0.5)).toBeCloseTo(0.001525, 6)
    expect(spentAlpha(0.05, 0.5)).toBeCloseTo(0.005575, 6)
    expect(spentAlpha(0.05, 1)).toBe(0.05)
    expect(spentAlpha(0.05, 1.2)).toBe(0.05)
  })

  test('spends the same α as one look when there is one, and none at a look that adds none', () => {
    expect(levels([{ rounds: 7, spent: 0.05 }])[0]).toBeCloseTo(0.05, 8)
    const idle = [
      { rounds: 10, spent: 0.01 },
      { rounds: 12, spent: 0.01 },
    ]
    expect(levels(idle)[1]).toBe(0)
    expect(levels([...idle, { rounds: 20, spent: 0.05 }])[2]).toBeGreaterThan(0.04)
  })
})
