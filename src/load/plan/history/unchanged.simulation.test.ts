import { describe, expect, test } from 'vitest'
import type { History } from './finding.ts'
import { type Service, unchanged } from './testdata/histories.ts'
import { chance, hasAny, hasGain, hasLoss, hasShift, ofService, ratesOf } from './testdata/rates.ts'

const isCovered = ({ total }: History): boolean =>
  total !== null && total.interval.low <= 0 && total.interval.high >= 0

/** The interval of the total leans on the usual noise, which is too little where noise differs sixfold. */
const nearly95 = 0.93

const kinds = { any: hasAny, shift: hasShift, loss: hasLoss, gain: hasGain, covered: isCovered }
const unchangedRates = (title: string, service: Omit<Service, 'truth'>) =>
  ratesOf(`no change, ${title}`, ofService({ ...service, truth: unchanged }), kinds)

describe('histories in which nothing changes', () => {
  test.each<[string, Omit<Service, 'truth'>]>([
    ['60 releases, noise 1 %', { releases: 60, noise: 0.01 }],
    ['60 releases, noise 2 %, 20 rounds', { releases: 60, noise: 0.02, rounds: 20 }],
    ['60 releases, noise 0.5 to 3 %', { releases: 60, noise: (random) => 0.005 * 6 ** random.next() }],
    ['60 releases, noise 1.5 %, wild rounds', { releases: 60, noise: 0.015, isWild: true }],
    ['20 releases, noise 1.5 %', { releases: 20, noise: 0.015 }],
    ['10 releases, noise 0.5 to 3 %', { releases: 10, noise: (random) => 0.005 * 6 ** random.next() }],
    ['5 releases, noise 1.5 %', { releases: 5, noise: 0.015 }],
  ])('anything is found in one of twenty at most: %s', { timeout: 600_000 }, (title, service) => {
    const found = unchangedRates(title, service)
    expect(found.any).toBeLessThanOrEqual(0.05 + chance(0.05))
    expect(found.covered).toBeGreaterThanOrEqual(nearly95 - chance(nearly95))
  })

  test('days that differ as much again as rounds do: in one of twelve', { timeout: 600_000 }, () => {
    const found = unchangedRates('60 releases, noise 1 % and 1 % unseen', {
      releases: 60,
      noise: 0.01,
      unseenNoise: 0.01,
    })
    expect(found.any).toBeLessThanOrEqual(0.08 + chance(0.08))
    expect(found.covered).toBeGreaterThanOrEqual(nearly95 - chance(nearly95))
  })
})
