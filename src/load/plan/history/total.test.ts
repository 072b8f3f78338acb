import { expect, test } from 'vitest'
import { calm, logStepsOf } from './testdata/steps.ts'
import { totalOf } from './total.ts'

// 400 degrees of freedom: Student's 97.5 % is 1.966.
test('all steps together: the error of four is twice that of one', () => {
  const total = totalOf(logStepsOf([-0.05, 0.01, -0.02, 0.02]))
  expect(total?.ratio).toBeCloseTo(Math.expm1(-0.04), 12)
  expect(total?.interval.low).toBeCloseTo(Math.expm1(-0.04 - 1.966 * 0.02), 4)
  expect(total?.interval.high).toBeCloseTo(Math.expm1(-0.04 + 1.966 * 0.02), 4)
})

test('of one step is as unsure as its few rounds', () => {
  const [step] = logStepsOf([0])
  const total = step && totalOf([{ ...step, degrees: 8 }])
  // Student's 97.5 % for eight degrees of freedom.
  expect(total?.interval.high).toBeCloseTo(Math.expm1(2.306 * 0.01), 4)
})

test('is less sure when the steps scatter more than they say', () => {
  const width = (size: number) => {
    const { low, high } = totalOf(logStepsOf(calm(20, size)))?.interval ?? { low: 0, high: 0 }
    return high - low
  }
  expect(width(0.03)).toBeGreaterThan(1.5 * width(0.005))
})

test('of no steps is none', () => expect(totalOf([])).toBeNull())
