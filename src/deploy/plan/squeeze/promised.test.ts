import { describe, expect, it } from 'vitest'
import { type Random, seededRandom } from '../../../kernel/index.ts'
import { betOn, isBroken, isKept, noBet } from './promised.ts'

const promised = { name: 'latency', objective: 0.99, belowMs: 250 }

describe('whether what is promised is broken', () => {
  const most = (alpha: number) => -Math.log(alpha) / 2

  it('is certain no sooner than after two looks, and never by what is allowed', () => {
    const once = betOn(noBet, promised, { bad: 500, of: 500 }, most(0.001))
    expect(isBroken(once, 0.001)).toBe(false)
    expect(isBroken(betOn(once, promised, { bad: 500, of: 500 }, most(0.001)), 0.001)).toBe(true)
    let bet = noBet
    for (let i = 0; i < 100; i++) bet = betOn(bet, promised, { bad: 1, of: 100 }, most(0.001))
    expect(isBroken(bet, 0.001)).toBe(false)
    expect(isKept(promised, { bad: 100, of: 10_000 })).toBe(true)
    expect(isKept(promised, { bad: 101, of: 10_000 })).toBe(false)
  })

  /** Looks until it is broken, 50 requests each; none when it never is within so many. */
  function brokenAfter(random: Random, badShare: number, looks: number, alpha: number): number | undefined {
    let bet = noBet
    for (let look = 1; look <= looks; look++) {
      let bad = 0
      for (let i = 0; i < 50; i++) if (random.next() < badShare) bad++
      bet = betOn(bet, promised, { bad, of: 50 }, most(alpha))
      if (isBroken(bet, alpha)) return look
    }
    return undefined
  }

  it('is a false alarm no more often than alpha, however often one looks, and is found soon', () => {
    const random = seededRandom(36)
    const times = 1_000
    const of = (badShare: number) =>
      Array.from({ length: times }, () => brokenAfter(random, badShare, 60, 0.05))
    // Just as much is bad as may be: 60 looks in a row.
    expect(of(0.01).filter((look) => look !== undefined).length / times).toBeLessThanOrEqual(0.05)
    const found = of(0.1).map((look) => look ?? Infinity)
    expect(found.every((look) => look < 15)).toBe(true)
    expect(found.toSorted((a, b) => a - b)[times / 2]).toBeLessThanOrEqual(3)
  })
})
