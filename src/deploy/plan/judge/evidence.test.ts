import { describe, expect, it } from 'vitest'
import { type Evidence, learn, noEvidence } from './evidence.ts'
import { logProof, ratioSeen } from './interval.ts'
import { type Pair, shareLikelihood } from './likelihood.ts'

const share = 0.05
const unlimited = 1e9

/** Requests enough that no failure looks like a burst. */
const seenOf = (canary: number, live: number): Pair => ({
  canary: { bad: canary, of: 5_000_000 },
  live: { bad: live, of: 95_000_000 },
})

const add = (e: Evidence, at: number, canary: number, live: number, most = unlimited): Evidence =>
  learn(e, at, seenOf(canary, live), (bad) => shareLikelihood(bad, live, share), { most, isWell: true })

describe('evidence', () => {
  it('begins with a wealth of 1', () => expect(noEvidence(0).wealth).toBeCloseTo(0, 12))

  it('keeps its mean wealth whatever was bet later, were both alike', () => {
    let mean = 0
    for (let x = 0; x <= 4; x++) {
      const chance = [1, 4, 6, 4, 1][x] ?? 0
      const after = add(noEvidence(0), 3_600_000, x, 4 - x)
      mean += chance * share ** x * (1 - share) ** (4 - x) * Math.exp(after.wealth)
    }
    expect(mean).toBeCloseTo(1, 9)
  })

  it('reaches 1,000 with three failures of the canary in a twentieth of the requests, and none elsewhere', () => {
    const after = [1, 2, 3].reduce((e, second) => add(e, second * 1_000, 1, 0), noEvidence(0))
    expect(Math.exp(after.wealth)).toBeGreaterThan(1_000)
  })

  it('gains no more from one step than allowed', () => {
    const after = add(noEvidence(0), 1_000, 500, 1, Math.log(30))
    expect(Math.exp(after.wealth)).toBeCloseTo(30, 6)
    // Intervals know of all of them.
    expect(after.likelihood).toEqual(add(noEvidence(0), 1_000, 500, 1).likelihood)
  })

  it('finds a fault that begins after an hour in which all was well', () => {
    let e = noEvidence(0)
    for (let minute = 1; minute <= 60; minute++) e = add(e, minute * 60_000, 0, 3)
    for (let second = 1; second <= 7; second++) e = add(e, 3_600_000 + second * 1_000, 1, 0)
    expect(Math.exp(e.wealth)).toBeGreaterThan(1_000)
  })

  it('survives being kept as JSON', () => {
    const e = add(add(noEvidence(0), 60_000, 2, 900), 120_000, 0, 40_000)
    expect(JSON.parse(JSON.stringify(e))).toEqual(e)
  })
})

describe('the ratio seen', () => {
  it('is unknown before anything was seen', () =>
    expect(ratioSeen(noEvidence(0))).toEqual({ estimate: null, low: null, high: null }))

  it.each([
    [10, 190, 1],
    [100, 950, 2],
    [50, 95, 10],
    [5_000, 95_000, 1],
  ])('of %d and %d failures is about %d', (canary, live, ratio) => {
    const { estimate, low, high } = ratioSeen(add(noEvidence(0), 1_000, canary, live))
    expect((estimate ?? 0) / ratio).toBeGreaterThan(0.93)
    expect((estimate ?? 0) / ratio).toBeLessThan(1.07)
    expect(low).toBeLessThan(ratio)
    expect(high).toBeGreaterThan(ratio)
  })

  it('has no upper bound when only the canary failed', () => {
    const { low, high } = ratioSeen(add(noEvidence(0), 1_000, 4, 0))
    expect(low).toBeGreaterThan(2)
    expect(high).toBeNull()
  })
})

describe('the proof', () => {
  it('comes with many failures that are spread as the requests are', () => {
    const few = add(noEvidence(0), 1_000, 1, 19)
    const many = add(noEvidence(0), 1_000, 40, 760)
    expect(Math.exp(logProof(few, 2))).toBeLessThan(20)
    expect(Math.exp(logProof(many, 2))).toBeGreaterThan(20)
  })

  it('never comes for a canary that fails as much as is tolerated', () => {
    const twice = add(noEvidence(0), 1_000, 80, 760)
    expect(Math.exp(logProof(twice, 2))).toBeLessThan(1)
  })
})
