import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../../kernel/index.ts'
import { findDrift } from './drift.ts'
import { calm, logStepsOf } from './testdata/steps.ts'

const none: ReadonlySet<number> = new Set()
const driftOf = (logs: readonly number[], outstanding = none) =>
  findDrift(logStepsOf(logs), outstanding, seededRandom(1))
const always = (log: number, count: number): readonly number[] => Array.from({ length: count }, () => log)

describe('a drift', () => {
  test.each([
    ['no steps', []],
    ['a calm history', calm(30)],
    ['five losses, which are too few', always(-0.01, 5)],
    ['seven gains, for which gains have too small a share', always(0.01, 7)],
  ])('is not found in %s', (_, logs) => expect(driftOf(logs)).toBeUndefined())

  test('of six losses has the p of six coins, over the share of losses', () => {
    const found = driftOf(always(-0.01, 6))
    expect(found).toMatchObject({ from: 0, end: 6 })
    expect(found?.log).toBeCloseTo(-0.06, 12)
    expect(found?.p).toBeGreaterThan(0.3 * (1 / 64 / 0.6))
    expect(found?.p).toBeLessThan(1.8 * (1 / 64 / 0.6))
  })

  test('begins and ends where it does', () =>
    expect(driftOf([...calm(20), ...always(-0.01, 15), ...calm(20)])).toMatchObject({ from: 20, end: 35 }))

  test('may go upwards', () => {
    const found = driftOf([...calm(10), ...always(0.012, 20)])
    expect(found?.log).toBeGreaterThan(0.2)
    expect(found).toMatchObject({ end: 30 })
  })

  test('goes on across a step that stands out, which is no part of its sum', () => {
    const logs = [...always(-0.01, 10), -0.2, ...always(-0.01, 10)]
    const found = driftOf(logs, new Set([10]))
    expect(found).toMatchObject({ from: 0, end: 21 })
    expect(found?.log).toBeCloseTo(-0.2, 12)
  })

  test('is the same every time', () =>
    expect(driftOf([...calm(20), ...always(-0.004, 12)])).toEqual(
      driftOf([...calm(20), ...always(-0.004, 12)]),
    ))
})
