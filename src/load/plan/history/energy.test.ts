import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../../kernel/index.ts'
import { bestDivision } from './energy.ts'

const pairsOf = (values: readonly number[]): readonly number[] =>
  values.flatMap((x, i) => values.slice(i + 1).map((y) => Math.abs(x - y)))
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** Equations 5 and 6 of the paper, word for word. */
function divergence(x: readonly number[], y: readonly number[]): number {
  const between = mean(x.flatMap((a) => y.map((b) => Math.abs(a - b))))
  const distance = 2 * between - mean(pairsOf(x)) - mean(pairsOf(y))
  return ((x.length * y.length) / (x.length + y.length)) * distance
}

function byDefinition(values: readonly number[], least: number) {
  let best = { at: 0, divergence: Number.NEGATIVE_INFINITY }
  for (let at = least; at <= values.length - least; at++)
    for (let end = at + least; end <= values.length; end++) {
      const found = divergence(values.slice(0, at), values.slice(at, end))
      if (found > best.divergence) best = { at, divergence: found }
    }
  return best
}

describe('the best division', () => {
  test('by hand: three noughts and three ones', () =>
    // Distance 2 · 1 − 0 − 0, times 3 · 3 / 6.
    expect(bestDivision(Float64Array.of(0, 0, 0, 1, 1, 1), 2)).toEqual({ at: 3, divergence: 3 }))

  test.each([2, 3, 5])('is that of the definition, with %i values on each side', (least) => {
    const random = seededRandom(least)
    for (let i = 0; i < 10; i++) {
      const values = Array.from({ length: 14 }, (_, at) => random.next() + (at > 8 ? random.next() : 0))
      const found = bestDivision(Float64Array.from(values), least)
      const expected = byDefinition(values, least)
      expect(found?.at).toBe(expected.at)
      expect(found?.divergence).toBeCloseTo(expected.divergence, 10)
    }
  })

  test('looks no further than a level that was left again', () =>
    expect(bestDivision(Float64Array.of(0, 0, 0, 0, 5, 5, 5, 0, 0, 0, 0), 3)?.at).toBe(4))

  test('is none when there are too few values', () =>
    expect(bestDivision(Float64Array.of(1, 2, 3, 4, 5), 3)).toBeUndefined())
})
