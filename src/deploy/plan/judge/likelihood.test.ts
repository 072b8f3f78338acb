import { describe, expect, it } from 'vitest'
import { requestLikelihood, shareLikelihood } from './likelihood.ts'
import { ratios } from './ratios.ts'

const one = ratios.indexOf(1)

/** ln of n over k. */
function logChoose(n: number, k: number): number {
  let sum = 0
  for (let i = 1; i <= k; i++) sum += Math.log((n - k + i) / i)
  return sum
}

/** Chance of the canary's share of the bad ones, were they spread by chance. */
const spread = (canary: number, live: number, bad: number, x: number): number =>
  Math.exp(logChoose(canary, x) + logChoose(live, bad - x) - logChoose(canary + live, bad))

const pair = (x: number, canary: number, y: number, live: number) => ({
  canary: { bad: x, of: canary },
  live: { bad: y, of: live },
})

describe('the likelihood of a rate ratio, given whose requests failed', () => {
  it('is that of the methods', () => {
    const share = 0.05
    const found = shareLikelihood(3, 2, share)
    for (const [k, r] of ratios.entries())
      expect(found[k]).toBeCloseTo(3 * Math.log(r) - 5 * Math.log(1 + share * (r - 1)), 10)
    expect(found[one]).toBe(0)
  })

  it('is a bet that is worth 1 before, were both alike', () => {
    const share = 0.2
    for (const k of ratios.keys()) {
      const [mine, theirs] = [shareLikelihood(1, 0, share)[k] ?? 0, shareLikelihood(0, 1, share)[k] ?? 0]
      expect(share * Math.exp(mine) + (1 - share) * Math.exp(theirs)).toBeCloseTo(1, 10)
    }
  })

  it('can be told beside another ratio than 1', () => {
    const [beside2, beside1] = [shareLikelihood(4, 7, 0.3, 2), shareLikelihood(4, 7, 0.3)]
    const two = ratios.indexOf(2)
    for (const k of ratios.keys()) expect(beside2[k]).toBeCloseTo((beside1[k] ?? 0) - (beside1[two] ?? 0), 10)
  })

  it.each([0, 1])('learns nothing at a share of %d', (share) => {
    expect(shareLikelihood(9, 9, share).every((value) => value === 0)).toBe(true)
  })
})

describe('the likelihood of an odds ratio, given how many requests there were', () => {
  it.each([
    [3, 47, 5],
    [3, 4, 6],
    [40, 60, 45],
    [80, 120, 90],
  ])('is a bet that is worth 1 before, were both alike: %d and %d requests, %d bad', (canary, live, bad) => {
    for (const k of ratios.keys()) {
      let worth = 0
      for (let x = Math.max(0, bad - live); x <= Math.min(canary, bad); x++)
        worth +=
          spread(canary, live, bad, x) * Math.exp(requestLikelihood(pair(x, canary, bad - x, live))[k] ?? 0)
      expect(worth).toBeCloseTo(1, 6)
    }
  })

  it.each([
    [20_000, 40_000, 24_000, 1_110],
    [2_000, 4_000, 2_400, 111],
    [5_000, 95_000, 50_000, 433],
    [11_000, 209_000, 110_000, 953],
  ])('is no more than theory allows: %d and %d requests, %d bad', (canary, live, bad, more) => {
    const x = Math.round((bad * canary) / (canary + live)) + more
    const found = requestLikelihood(pair(x, canary, bad - x, live))
    const sd = Math.sqrt(((canary * live) / (canary + live) ** 3) * bad * (canary + live - bad))
    const best = Math.max(...found)
    expect(best).toBeGreaterThan(0)
    expect(best).toBeLessThanOrEqual(((more / sd) ** 2 / 2) * 1.01)
  })

  it.each([
    ['nothing was bad', pair(0, 50, 0, 950)],
    ['everything was bad', pair(50, 50, 950, 950)],
    ['the canary had no request', pair(0, 0, 3, 950)],
    ['the live version had none', pair(3, 50, 0, 0)],
  ])('learns nothing when %s', (_, seen) => {
    for (const value of requestLikelihood(seen)) expect(value).toBeCloseTo(0, 9)
  })

  it('never loses by one more bad one of the canary, so that counting fewer only lowers E', () => {
    for (let x = 0; x < 8; x++) {
      const [less, more] = [requestLikelihood(pair(x, 8, 5, 40)), requestLikelihood(pair(x + 1, 8, 5, 40))]
      for (const k of ratios.keys())
        if (k > one) expect(more[k]).toBeGreaterThanOrEqual((less[k] ?? 0) - 1e-9)
    }
  })
})
