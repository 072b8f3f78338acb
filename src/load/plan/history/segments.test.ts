import { expect, test } from 'vitest'
import { seededRandom } from '../../../kernel/index.ts'
import { greatestLoss, rulerOf, weighted } from './segments.ts'
import type { LogStep } from './step.ts'
import { normal } from './testdata/histories.ts'
import { logStepsOf } from './testdata/steps.ts'

/** Every stretch by its definition. */
function byDefinition(steps: readonly LogStep[], least: number) {
  const scatter = Math.sqrt(steps.reduce((sum, { log, error }) => sum + (log / error) ** 2, 0) / steps.length)
  let best = { from: 0, end: 0, score: Number.NEGATIVE_INFINITY }
  for (let from = 0; from < steps.length; from++)
    for (let end = from + least; end <= steps.length; end++) {
      const stretch = steps.slice(from, end)
      const sum = stretch.reduce((total, { log, error }) => total + log / error ** 2 / scatter, 0)
      const weight = stretch.reduce((total, { error }) => total + 1 / error ** 2, 0)
      const score =
        -sum / Math.sqrt(weight) - Math.sqrt(2 * Math.log((Math.E * steps.length) / stretch.length))
      if (score > best.score) best = { from, end, score }
    }
  return best
}

test('the greatest loss is that of its definition, for steps of all kinds of noise', () => {
  const random = seededRandom(5)
  for (const n of [3, 8, 17]) {
    const steps = Array.from({ length: n }, () => ({
      log: 0.02 * normal(random),
      error: 0.01 + 0.02 * random.next(),
      degrees: 10,
      p: 1,
    }))
    const found = greatestLoss(weighted(steps), rulerOf(steps, 3))
    const { score, ...place } = byDefinition(steps, 3)
    expect(found).toMatchObject(place)
    expect(found.score).toBeCloseTo(score, 10)
  }
})

test('the greatest loss of steps that lose in the middle lies there', () => {
  const steps = logStepsOf([0.01, 0.01, -0.01, -0.01, -0.01, -0.01, 0.01, 0.01])
  expect(greatestLoss(weighted(steps), rulerOf(steps, 2))).toMatchObject({ from: 2, end: 6 })
})

test('the unit does not matter', () => {
  const logs = [0.3, -0.1, -0.4, -0.2, 0.1]
  const score = (times: number) => {
    const steps = logStepsOf(
      logs.map((log) => log * times),
      0.01,
    )
    return greatestLoss(weighted(steps), rulerOf(steps, 2)).score
  }
  expect(score(7)).toBeCloseTo(score(1), 10)
})
