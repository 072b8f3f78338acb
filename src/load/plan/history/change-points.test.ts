import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../../kernel/index.ts'
import { changePoints } from './change-points.ts'
import { normal } from './testdata/histories.ts'

/** Levels with some noise about them. */
function series(...levels: readonly (readonly [level: number, count: number])[]): readonly number[] {
  const random = seededRandom(9)
  return levels.flatMap(([level, count]) => Array.from({ length: count }, () => level + 0.1 * normal(random)))
}

const placesOf = (values: readonly number[]): readonly number[] => changePoints(values).map(({ at }) => at)

describe('change points', () => {
  test.each([
    ['of nothing are none', [], []],
    ['of five values are none', [0, 0, 0, 9, 9], []],
    ['of a level are none', series([1, 30]), []],
    ['of a constant are none', Array.from({ length: 30 }, () => 1), []],
    ['of two levels are one', series([1, 20], [2, 15]), [20]],
    ['of a level left and returned to are two', series([1, 20], [2, 8], [1, 20]), [20, 28]],
    ['of stairs are all steps, in order', series([1, 12], [2, 12], [3, 12], [2, 12]), [12, 24, 36]],
    ['are there from the third value on', series([1, 20], [2, 3]), [20]],
    ['are not made by one value that is off', [...series([1, 20]), 3, ...series([1, 20])], []],
  ])('%s', (_, values, places) => expect(placesOf(values)).toEqual(places))

  test('have a p of at least one in all that was drawn', () => {
    const [found] = changePoints(series([1, 20], [5, 20]), { permutations: 99 })
    expect(found?.p).toBe(0.01)
  })

  test('keep parts as long as asked', () =>
    expect(changePoints(series([1, 20], [2, 4]), { least: 5 }).every(({ at }) => at <= 19)).toBe(true))

  test('hang on their seed, not on chance', () => {
    const values = series([1, 10], [1.08, 10])
    expect(changePoints(values, { seed: 5 })).toEqual(changePoints(values, { seed: 5 }))
  })
})
