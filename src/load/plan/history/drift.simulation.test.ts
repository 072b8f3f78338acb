import { expect, test } from 'vitest'
import { driftRates } from './testdata/drifts.ts'
import { chance } from './testdata/rates.ts'

test.each([
  ['all of 20', { releases: 20, from: 0, end: 20 }],
  ['the last of 60', { releases: 60, from: 40, end: 60 }],
  ['in the middle of 60', { releases: 60, from: 20, end: 40 }],
])(
  'twenty releases that carry 1 % less each are found in nine of ten histories: %s',
  { timeout: 600_000 },
  (title, service) => {
    const rates = driftRates(`${title}, noise 1 %`, { ...service, noise: 0.01 })
    expect(rates.found).toBeGreaterThanOrEqual(0.9 - chance(0.9))
    expect(rates.placed).toBeGreaterThanOrEqual(0.7)
  },
)
