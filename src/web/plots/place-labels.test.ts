import { expect, it } from 'vitest'
import { placeLabels } from './place-labels.ts'

const ends = { from: 0, to: 300 }
const placed = (...xs: number[]) =>
  placeLabels(
    xs.map((x) => ({ text: 'abcd', x })),
    ends,
  ).map(({ x, left, row }) => [x, left, row])

it('puts labels beside their lines, within the ends', () => {
  expect(placed(2, 299)).toEqual([
    [2, 8, 0],
    [299, 270, 0],
  ])
})

it('puts a label above those that it would touch, in order', () => {
  expect(placed(120, 100, 110, 260)).toEqual([
    [100, 106, 2],
    [110, 116, 1],
    [120, 126, 0],
    [260, 266, 0],
  ])
})
