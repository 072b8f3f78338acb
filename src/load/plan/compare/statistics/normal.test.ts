import { expect, test } from 'vitest'
import { normalUpper, normalUpperQuantile } from './normal.ts'

test.each([
  // erfc(x / √2) / 2 of the C library; both sides of 3, where the method changes.
  [0, 0.5],
  [1, 0.1586552539314571],
  [1.959963984540054, 0.025],
  [2.999, 0.0013543365337271066],
  [3.001, 0.0013454728250849683],
  [-1.644853626951472, 0.95],
  [5, 2.866515718791946e-7],
  [8, 6.220960574271819e-16],
])('the normal tail beyond %d is %d', (x, p) => {
  expect(normalUpper(x) / p).toBeCloseTo(1, 11)
  if (p > 1e-10) expect(normalUpperQuantile(p)).toBeCloseTo(x, 8)
})

test('no chance and certainty have infinite quantiles', () => {
  expect(normalUpperQuantile(0)).toBe(Number.POSITIVE_INFINITY)
  expect(normalUpperQuantile(1)).toBe(Number.NEGATIVE_INFINITY)
})
