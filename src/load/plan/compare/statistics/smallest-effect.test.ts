import { expect, test } from 'vitest'
import { seededRandom } from '../../../../kernel/index.ts'
import { normalUpperQuantile } from './normal.ts'
import { signedRankInterval } from './signed-rank.ts'
import { smallestEffect } from './smallest-effect.ts'

test('by hand: nine even values, whose interval is 3 to 7 and a half-width of 2', () => {
  // n = 9: T ≤ 5 is significant; the 6th Walsh average from each end of 1 … 9 is 2.5 and 7.5.
  expect(smallestEffect([1, 2, 3, 4, 5, 6, 7, 8, 9])).toBeCloseTo((2.5 * 2.801585) / 1.959964, 4)
})

test('no effect could be seen by five values', () => expect(smallestEffect([1, 2, 3, 4, 5])).toBeNull())

test.each([8, 12, 20])('with %i values an effect of that size is found in about 80 %%', (n) => {
  const random = seededRandom(n)
  const noise = () => Array.from({ length: n }, () => normalUpperQuantile(1 - random.next() || 0.5))
  const runs = 1_000
  const sizes = Array.from({ length: 200 }, () => smallestEffect(noise()) ?? Number.NaN)
  const typical = sizes.reduce((sum, size) => sum + size, 0) / sizes.length
  let found = 0
  for (let i = 0; i < runs; i++)
    if (
      (signedRankInterval(
        noise().map((x) => x + typical),
        0.025,
      )?.low ?? 0) > 0
    )
      found += 1
  expect(found / runs).toBeGreaterThan(0.72)
  expect(found / runs).toBeLessThan(0.93)
})
