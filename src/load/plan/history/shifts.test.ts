import { describe, expect, test } from 'vitest'
import { lastingSteps, significantSteps } from './shifts.ts'
import { calm, logStepsOf } from './testdata/steps.ts'

const placesOf = (logs: readonly number[]): readonly number[] =>
  significantSteps(logStepsOf(logs)).map(({ at }) => at)

describe('a step that stands out', () => {
  test.each([
    ['nothing in a calm history', calm(20), []],
    ['a loss of a tenth', [...calm(10), -0.105, ...calm(10)], [10]],
    ['the first and the last', [-0.08, ...calm(10), 0.08], [0, 11]],
    ['the only one', [-0.08], [0]],
    ['nothing in none', [], []],
  ])('%s', (_, logs, found) => expect(placesOf(logs)).toEqual(found))

  test('needs more the more steps there are', () => {
    expect(placesOf([-0.034])).toEqual([0])
    expect(placesOf([...calm(60), -0.034])).toEqual([])
  })

  test('has a p that is corrected for all steps and for the other findings', () => {
    // 8 standard errors with 100 degrees of freedom: 2.3e-12 two-sided, times 21 steps, over a share of 0.3.
    const [found] = significantSteps(logStepsOf([...calm(20), -0.08]))
    expect(Math.log10(found?.p ?? 1)).toBeCloseTo(Math.log10((2.3e-12 * 21) / 0.3), 0)
  })

  test('is none when its own comparison does not tell it from none', () => {
    const steps = logStepsOf([...calm(10), -0.1]).map((step) => ({ ...step, p: 0.06 }))
    expect(significantSteps(steps)).toEqual([])
  })

  test('must stand out from steps that all scatter more than their intervals say', () => {
    expect(placesOf([...calm(20, 0.005), -0.06])).toEqual([20])
    expect(placesOf([...calm(20, 0.025), -0.06])).toEqual([])
  })
})

describe('a step that lasts', () => {
  const lastingOf = (logs: readonly number[]): readonly number[] => {
    const steps = logStepsOf(logs)
    return lastingSteps(steps, significantSteps(steps)).map(({ at }) => at)
  }

  test.each([
    ['is not taken back', [...calm(6), -0.1, ...calm(6)], [6]],
    ['is not one that the next release takes back', [...calm(6), -0.1, 0.1, ...calm(6)], []],
    ['nor the release after two more', [...calm(6), -0.1, 0, 0, 0.1, ...calm(6)], []],
    ['but one that ten releases later is', [...calm(6), -0.1, ...calm(10), 0.1], [6, 17]],
    ['and one of which half is taken back', [...calm(6), -0.12, 0.06, ...calm(6)], [6, 7]],
    ['and one after such a pair', [...calm(20), -0.1, 0.1, -0.1, ...calm(20)], [22]],
  ])('%s', (_, logs, found) => expect(lastingOf(logs)).toEqual(found))
})
