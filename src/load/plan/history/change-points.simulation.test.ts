import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../../kernel/index.ts'
import { type ChangePoint, changePoints } from './change-points.ts'
import { normal } from './testdata/histories.ts'
import { chance, percent, simulations } from './testdata/rates.ts'

const tenth = Math.log(0.9)

/** Load lines that were each searched for by themselves, to 2 %, in logarithms. */
type World = { readonly values: number; readonly levelAt: (at: number) => number; readonly least?: number }

function levels({ values, levelAt }: World, seed: number): readonly number[] {
  const random = seededRandom(seed).fork('levels')
  return Array.from({ length: values }, (_, at) => levelAt(at) + 0.02 * normal(random))
}

/** How often the change points of a world are such, printed and as a share. */
function rateOf(title: string, world: World, is: (found: readonly ChangePoint[]) => boolean): number {
  const { least = 3 } = world
  const all = Array.from({ length: simulations }, (_, seed) =>
    changePoints(levels(world, 1_000 + seed), { seed, least, permutations: 99 }),
  )
  const rate = all.filter(is).length / simulations
  console.log(`${title} (${simulations} simulated): ${percent(rate)}`)
  return rate
}

const isAny = (found: readonly ChangePoint[]): boolean => found.length > 0
const near =
  (...places: readonly number[]) =>
  (found: readonly ChangePoint[]): boolean =>
    places.every((place) => found.some(({ at }) => Math.abs(at - place) <= 1))

describe('change points of levels', () => {
  test.each([20, 60])(
    'are found in one of twenty series of one level at most: %i values',
    { timeout: 600_000 },
    (values) => {
      const rate = rateOf(`one level, ${values} values, any`, { values, levelAt: () => 0 }, isAny)
      expect(rate).toBeLessThanOrEqual(0.05 + chance(0.05))
    },
  )

  test('are found where the level falls by a tenth, noise 2 %', { timeout: 600_000 }, () => {
    const world = { values: 60, levelAt: (at: number) => (at < 40 ? 0 : tenth) }
    expect(rateOf('a tenth lower from the 41st of 60, there', world, near(40))).toBeGreaterThanOrEqual(0.95)
  })

  test('are found where a level is left and returned to', { timeout: 600_000 }, () => {
    const world = { values: 60, levelAt: (at: number) => (at >= 26 && at < 34 ? tenth : 0) }
    expect(rateOf('a tenth lower for eight of 60, both ends', world, near(26, 34))).toBeGreaterThanOrEqual(
      0.95,
    )
  })

  test('are there after three values: the reason for the least number of them', { timeout: 600_000 }, () => {
    const levelAt = (at: number) => (at < 17 ? 0 : tenth)
    const rate = (least: number) =>
      rateOf(`the last three of 20, least ${least}, any`, { values: 20, levelAt, least }, isAny)
    expect(rate(3)).toBeGreaterThanOrEqual(0.95)
    expect(rate(5)).toBeLessThan(0.8)
  })
})
