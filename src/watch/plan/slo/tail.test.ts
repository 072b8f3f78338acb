import { expect, it } from 'vitest'
import { chanceOfAtLeast } from './tail.ts'

/** Added up term by term. */
function added(bad: number, total: number, share: number): number {
  let term = (1 - share) ** total
  let below = 0
  for (let k = 0; k < bad; k++) {
    below += term
    term *= ((total - k) / (k + 1)) * (share / (1 - share))
  }
  return 1 - below
}

it.each([
  [1, 10, 0.1],
  [3, 10, 0.01],
  [5, 60, 0.0134],
  [23, 1_000, 0.01344],
  [200, 600, 0.3],
  [30, 30, 0.5],
])('is the sum of all terms: %i of %i at %f', (bad, total, share) => {
  expect(chanceOfAtLeast(bad, total, share)).toBeCloseTo(added(bad, total, share), 11)
})

it('goes smoothly between whole numbers, and knows its ends', () => {
  const between = [4, 4.5, 5].map((bad) => chanceOfAtLeast(bad, 60, 0.02))
  expect(between).toEqual([...between].sort((a, b) => b - a))
  expect(chanceOfAtLeast(0, 10, 0.1)).toBe(1)
  expect(chanceOfAtLeast(11, 10, 0.1)).toBe(0)
  expect(chanceOfAtLeast(5, 10, 1)).toBe(1)
})

it('holds for millions of events', () => {
  // About normal: 2.33 deviations above the mean are one in a hundred.
  const [total, share] = [36e6, 0.00134]
  const deviation = Math.sqrt(total * share * (1 - share))
  expect(chanceOfAtLeast(total * share + 2.3263 * deviation, total, share)).toBeCloseTo(0.01, 3)
})
