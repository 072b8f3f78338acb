import { expect, test } from 'vitest'
import { studentP } from './student.ts'

test.each([
  // Tables of Student's t, two-sided.
  [2.571, 5, 0.05],
  [2.262, 9, 0.05],
  [3.25, 9, 0.01],
  [4.781, 9, 0.001],
  [-2.086, 20, 0.05],
  [3.85, 20, 0.001],
  [3.46, 60, 0.001],
  [3.891, 1e9, 0.0001],
])('p of %d with %d degrees of freedom is %d', (t, degrees, p) =>
  expect(studentP(t, degrees) / p).toBeCloseTo(1, 1),
)
