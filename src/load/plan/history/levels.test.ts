import { expect, test } from 'vitest'
import { levelShifts } from './levels.ts'

const levels = (...rates: readonly number[]) =>
  rates.map((ratePerSecond, at) => ({ release: `r${at + 1}`, ratePerSecond }))

test('the shifts of load lines that were each searched for', () => {
  const found = levelShifts(
    levels(1000, 1010, 990, 1005, 995, 1000, 900, 905, 895, 900, 910, 1100, 1090, 1110, 1105, 1095),
  )
  expect(found.map(({ release }) => release)).toEqual(['r7', 'r12'])
  expect(found[0]?.ratio).toBeCloseTo(-0.1, 12)
  expect(found[1]?.ratio).toBeCloseTo(1100 / 900 - 1, 12)
  expect(found.every(({ p }) => p <= 0.05)).toBe(true)
})

test('load lines that stay have none', () =>
  expect(levelShifts(levels(1000, 1010, 990, 1005, 995, 1000, 1002, 1008))).toEqual([]))
