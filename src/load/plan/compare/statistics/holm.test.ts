import { expect, test } from 'vitest'
import { holm } from './holm.ts'

test.each([
  // The example of R's p.adjust(c(0.01, 0.02, 0.03, 0.04), "holm"), and by hand.
  [
    [0.01, 0.02, 0.03, 0.04],
    [0.04, 0.06, 0.06, 0.06],
  ],
  [
    [0.04, 0.01, 0.03],
    [0.06, 0.03, 0.06],
  ],
  [
    [0.5, 0.9],
    [1, 1],
  ],
  [[0.2], [0.2]],
  [[], []],
])("Holm's correction of %j is %j", (ps, corrected) => {
  expect(holm(ps).map((p) => Math.round(p * 1e9) / 1e9)).toEqual(corrected)
})
