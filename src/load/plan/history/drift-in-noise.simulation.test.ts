import { expect, test } from 'vitest'
import { driftRates } from './testdata/drifts.ts'
import { chance } from './testdata/rates.ts'

// Twenty steps of 1 % are 3 standard errors at a noise of 1.5 % and 2.2 at 2 %: a one-sided test at 5 % that knew
// where to look would find 91 % and 72 % of them. There it takes more releases.
test.each([
  ['20 of 20, noise 1.15 %', { releases: 20, from: 0, end: 20, noise: 0.0115 }, 0.9],
  ['20 of 20, noise 1.5 %', { releases: 20, from: 0, end: 20, noise: 0.015 }, 0.7],
  ['40 of 60, noise 1.5 %', { releases: 60, from: 20, end: 60, noise: 0.015 }, 0.9],
  ['60 of 60, noise 2 %', { releases: 60, from: 0, end: 60, noise: 0.02 }, 0.9],
])('a drift of 1 % a release: %s', { timeout: 600_000 }, (title, service, atLeast) =>
  expect(driftRates(title, service).found).toBeGreaterThanOrEqual(atLeast - chance(atLeast)),
)
