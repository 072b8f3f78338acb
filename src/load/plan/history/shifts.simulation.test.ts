import { describe, expect, test } from 'vitest'
import type { History } from './finding.ts'
import { losing, type Service } from './testdata/histories.ts'
import { chance, hasShift, ofService, ratesOf } from './testdata/rates.ts'

const isAt = (at: number) => (found: History) => found.shifts.some(({ release }) => release === `r${at}`)
const isElsewhere = (at: number) => (found: History) =>
  found.shifts.some(({ release }) => release !== `r${at}`)

const shiftRates = (title: string, share: number, at: number, service: Omit<Service, 'truth'>) =>
  ratesOf(
    `one release carries ${share * 100} % less, ${title}`,
    ofService({ ...service, truth: losing(share, at, at + 1) }),
    { there: isAt(at), elsewhere: isElsewhere(at), any: hasShift },
  )

describe('histories in which one release carries a tenth less', () => {
  test.each([
    ['60 releases, noise 1 %', 30, { releases: 60, noise: 0.01 }],
    ['60 releases, noise 1.5 %', 30, { releases: 60, noise: 0.015 }],
    ['the last of 60, noise 1.5 %', 59, { releases: 60, noise: 0.015 }],
    ['60 releases, noise 2 %', 30, { releases: 60, noise: 0.02 }],
    ['10 releases, noise 1.5 %', 5, { releases: 10, noise: 0.015 }],
    ['the only one, noise 1 %', 0, { releases: 1, noise: 0.01 }],
  ])('it is named in nine of ten at least: %s', { timeout: 600_000 }, (title, at, service) => {
    const found = shiftRates(title, 0.1, at, service)
    expect(found.there).toBeGreaterThanOrEqual(0.9 - chance(0.9))
    expect(found.elsewhere).toBeLessThanOrEqual(0.05)
  })

  test('half of that is mostly named where the noise is 1 %', { timeout: 600_000 }, () =>
    expect(
      shiftRates('60 releases, noise 1 %', 0.05, 30, { releases: 60, noise: 0.01 }).there,
    ).toBeGreaterThan(0.8 - chance(0.8)),
  )
})
