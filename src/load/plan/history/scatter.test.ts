import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../../kernel/index.ts'
import { excessScatter } from './scatter.ts'
import { normal } from './testdata/histories.ts'
import { logStepsOf } from './testdata/steps.ts'

/** Normal steps whose true standard deviation is so many times their standard error of 1 %. */
function scattered(times: number, centre = 0, count = 200): readonly number[] {
  const random = seededRandom(11)
  return Array.from({ length: count }, () => centre + 0.01 * times * normal(random))
}

describe('the excess of scatter', () => {
  test.each([
    [1, 1],
    [0.5, 1],
    [2, 2],
    [3, 3],
  ])('of steps that scatter %d times what they say is %d', (times, excess) =>
    expect(excessScatter(logStepsOf(scattered(times)))).toBeCloseTo(excess, 0),
  )

  test('does not see a drift', () =>
    expect(excessScatter(logStepsOf(scattered(1, -0.03)))).toBe(excessScatter(logStepsOf(scattered(1)))))

  test('does not see what stands out', () => {
    const steps = scattered(1, 0, 20)
    const shifted = [...steps.slice(1), -0.3]
    expect(excessScatter(logStepsOf(shifted))).toBeLessThan(1.2)
  })

  test('is unknown of four steps', () => expect(excessScatter(logStepsOf([0.5, -0.5, 0.5, -0.5]))).toBe(1))
})
