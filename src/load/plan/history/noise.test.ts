import { describe, expect, test } from 'vitest'
import { logSteps } from './noise.ts'
import type { Interval, MeasuredStep } from './step.ts'

const within = (low: number, high: number): Interval => ({ low: Math.expm1(low), high: Math.expm1(high) })

const stepWith = (interval: Interval | null, rounds?: number): MeasuredStep => ({
  release: 'r',
  at: 0,
  comparison: 'c',
  estimate: 0,
  interval,
  p: 1,
  ...(rounds !== undefined && { rounds }),
})

const errorsOf = (...intervals: readonly (Interval | null)[]): readonly number[] =>
  logSteps(intervals.map((interval) => stepWith(interval))).map(({ error }) => error)

const quiet = within(-0.0224, 0.0224)
const noisy = within(-0.112, 0.112)

describe('the standard error of a step', () => {
  test('of one comparison alone is about its half-width over 2.24, for ten rounds', () =>
    expect((errorsOf(quiet)[0] ?? 0) / 0.01).toBeCloseTo(1, 0))

  test('of one comparison alone is no surer than its rounds', () =>
    expect(logSteps([stepWith(quiet)])[0]?.degrees).toBeCloseTo(7.8, 12))

  test('is surer, and larger for the same interval, with more rounds', () => {
    const [ten, thirty] = [10, 30].map((rounds) => logSteps([stepWith(quiet, rounds)])[0])
    expect(thirty?.degrees).toBeCloseTo(3 * (ten?.degrees ?? 0), 12)
    // 2.24 against 2.05, and a guess from more rounds is raised less.
    expect((thirty?.error ?? 0) / (ten?.error ?? 1)).toBeGreaterThan(1.02)
  })

  test('is the usual one where comparisons differ by no more than guesses do', () => {
    const guesses = [0.7, 0.85, 1, 1.15, 1.3].map((times) => within(-0.0224 * times, 0.0224 * times))
    const errors = errorsOf(...guesses, ...guesses)
    expect(Math.max(...errors) / Math.min(...errors)).toBeLessThan(1.02)
  })

  test('stays mostly its own for a noisy comparison where some are quiet and some are not', () => {
    const errors = errorsOf(quiet, noisy, quiet, noisy, quiet, noisy)
    expect(errors[1]).toBeGreaterThan(0.04)
    expect(errors[0]).toBeLessThan(0.02)
  })

  test('is larger than usual without an interval', () => {
    const errors = errorsOf(quiet, quiet, quiet, quiet, null)
    expect(errors[4]).toBeGreaterThan(errors[0] ?? 1)
  })

  test.each([
    ['rounds that agreed to the last digit', within(0, 0)],
    ['no interval anywhere', null],
  ])('is never nothing: %s', (_, interval) =>
    expect(errorsOf(interval, interval)[0]).toBeGreaterThanOrEqual(0.001 * 0.95),
  )
})

test('a step in logarithms: a loss of a tenth', () => {
  const [step] = logSteps([{ ...stepWith(quiet), estimate: -0.1, p: 0.03 }])
  expect(step?.log).toBeCloseTo(Math.log(0.9), 12)
  expect(step?.p).toBe(0.03)
})

test('no steps are no steps', () => expect(logSteps([])).toEqual([]))
