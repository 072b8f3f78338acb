import { describe, expect, it } from 'vitest'
import { fitCrossing } from './crossing.ts'
import {
  beginLine,
  type LineObservation,
  type LineState,
  type MachineNoise,
  nextStep,
  observe,
} from './index.ts'
import { limitOf } from './limit.ts'
import { normalQuantile, sortedQuantile, tQuantile } from './quantiles.ts'
import { fitScalability } from './scalability.ts'
import { slopeOf } from './slope.ts'
import { badShareOf, judgeTrial } from './trial.ts'
import { whyVoid } from './void.ts'

describe('the sums', () => {
  it.each([
    [0.5, 0],
    [0.975, 1.959964],
    [0.001, -3.090232],
  ])('normal quantile of %d is %d', (probability, value) => {
    expect(normalQuantile(probability)).toBeCloseTo(value, 5)
  })

  it.each([
    [0.975, 1, 12.7062],
    [0.975, 2, 4.3027],
    [0.975, 10, 2.2281],
    [0.95, 5, 2.015],
  ])('Student’s quantile of %d with %d degrees is %d, within 1 %', (probability, degrees, value) => {
    expect(Math.abs(tQuantile(probability, degrees) / value - 1)).toBeLessThan(0.01)
  })

  it('quantile of sorted values lies between neighbours', () => {
    expect(sortedQuantile([1, 2, 4], 0.75)).toBe(3)
    expect(sortedQuantile([], 0.5)).toBeNaN()
  })

  it('slope of a line is its rise, and of two values nobody knows it', () => {
    expect(slopeOf([1, 3, 5, 7])).toMatchObject({ slope: 2, low: 2, high: 2 })
    expect(slopeOf([1, 2])).toBeUndefined()
  })

  it('crossing is found where the curve turns, and stays near what was tried', () => {
    const curve = [5.9, 5.97, 6, 6.03, 6.1].map((x) => ({ x, y: Math.tanh(30 * (x - 6.01)), weight: 1 }))
    expect(fitCrossing(curve).x).toBeCloseTo(6.01, 3)
    const within = [5.9, 6, 6.1].map((x) => ({ x, y: -1, weight: 1 }))
    expect(fitCrossing(within).x).toBeGreaterThan(6.1)
    expect(fitCrossing(within).x).toBeLessThanOrEqual(6.2)
  })

  it('law of scalability gives back what it was made of', () => {
    const law = (n: number) => (100 * n) / (1 + 0.05 * (n - 1) + 0.001 * n * (n - 1))
    const rungs = [1, 2, 4, 8, 16].map((users) => ({
      users,
      answeredPerSecond: law(users),
      p50Ms: 1,
      p99Ms: 2,
    }))
    const found = fitScalability(rungs)
    expect('lambda' in found && found.lambda).toBeCloseTo(100, 3)
    expect('lambda' in found && found.sigma).toBeCloseTo(0.05, 5)
    expect('lambda' in found && found.kappa).toBeCloseTo(0.001, 6)
  })

  it('to show one per cent takes 299 good requests', () => {
    const second = (scheduled: number) => ({ scheduled, bad: 0, answered: scheduled, inFlight: 0, logP50: 0 })
    expect(badShareOf([second(298)]).high).toBeGreaterThan(0.01)
    expect(badShareOf([second(299)]).high).toBeLessThanOrEqual(0.01)
    expect(judgeTrial([second(298)], 0.01, 1).is).toBe('extend')
    expect(judgeTrial([second(299)], 0.01, 1).is).toBe('pass')
  })
})

const options = {
  goal: { quantile: 0.99, belowMs: 100 },
  minPerSecond: 10,
  maxPerSecond: 1_000,
  budgetMs: 480_000,
  seed: 1,
}

const quiet: MachineNoise = { stealShare: 0, cpuPressureShare: null, clockStepMs: 0 }

const seen = (more: Partial<LineObservation> = {}): LineObservation => ({
  scheduled: 1_200,
  bad: 0,
  errors: 0,
  answered: 1_200,
  answeredPerSecond: 100,
  p50Ms: 5,
  p95Ms: 6,
  p99Ms: 7,
  atGoalMs: 7,
  seconds: Array.from({ length: 12 }, () => ({
    scheduled: 100,
    bad: 0,
    answered: 100,
    inFlight: 1,
    logP50: 1,
  })),
  generator: { is: 'sound' },
  noise: quiet,
  tookMs: 14_000,
  ...more,
})

function toBracket(): LineState {
  let state = beginLine(options)
  for (let i = 0; i < 40; i++) {
    const step = nextStep(state)
    if (step.is === 'open') return state
    state = observe(state, seen())
  }
  throw new Error('it never came to the bracket')
}

describe('a search', () => {
  it('warms up, climbs the ladder, then brackets from a quarter of what that carried', () => {
    expect(nextStep(beginLine(options))).toMatchObject({ is: 'warmUp', ratePerSecond: 10 })
    expect(nextStep(toBracket())).toMatchObject({ is: 'open', ratePerSecond: 25 })
  })

  it('sets aside what was measured while others had the machine, and tries again', () => {
    const before = toBracket()
    const after = observe(before, seen({ noise: { ...quiet, stealShare: 0.05 } }))
    expect(after.voided).toHaveLength(1)
    expect(nextStep(after)).toEqual(nextStep(before))
  })

  it.each([
    [{ stealShare: 0.02, cpuPressureShare: 0.9 }, []],
    [
      { stealShare: 0.051, cpuPressureShare: 0.62 },
      ['others took 5.1 % of the machine (something waited for a core 62 % of the time)'],
    ],
    [{ clockStepMs: 26 }, []],
    [{ clockStepMs: 1_200 }, ['the clock went 1.20 s ahead: it was set, or the machine stood still']],
    [{ clockStepMs: -90 }, ['the clock went 0.09 s back: it was set, or the machine stood still']],
  ])('sets aside what was measured with %j', (noise, reasons) => {
    expect(whyVoid(seen({ noise: { ...quiet, ...noise } }))).toEqual(reasons)
  })

  it('ends when the machine is never quiet, or the generator keeps being saturated', () => {
    const resultAfter = (o: LineObservation) => {
      let state = toBracket()
      for (let i = 0; i < 12; i++) state = observe(state, o)
      const end = nextStep(state)
      return end.is === 'result' ? end.result : undefined
    }
    expect(resultAfter(seen({ noise: { ...quiet, stealShare: 0.05 } }))).toMatchObject({
      verdict: 'inconclusive',
      reasons: ['the machine was never quiet enough for a trial that counts'],
    })
    expect(resultAfter(seen({ generator: { is: 'saturated', reasons: ['it was busy'] } }))).toMatchObject({
      verdict: 'inconclusive',
      reasons: ['the generator was saturated: it was busy'],
      limitedBy: { by: 'generator' },
    })
  })

  it('changes nothing once it has ended', () => {
    let state = toBracket()
    for (let i = 0; i < 60 && nextStep(state).is !== 'result'; i++) state = observe(state, seen())
    expect(nextStep(state)).toMatchObject({
      is: 'result',
      result: { verdict: 'atLeast', ratePerSecond: 1_000 },
    })
    expect(observe(state, seen())).toBe(state)
  })
})

describe('what limited it', () => {
  /** A search that has failed its first trial, with what the service used meanwhile. */
  const limit = (service: LineObservation['service'], bad = 400, errors = 0) => {
    const second = { scheduled: 100, bad: bad / 12, answered: 100, inFlight: 1, logP50: 1 }
    const seconds = Array.from({ length: 12 }, () => second)
    const failed = seen({ bad, errors, seconds, ...(service ? { service } : {}) })
    return limitOf(observe(toBracket(), failed))
  }

  it.each([
    [
      { program: 'node', cpuShare: 0.31, busiestThreadShare: 0.97 },
      {
        by: 'thread',
        text: 'One thread of node was busy 97 % of the time at 25 requests/s; more cores would not help.',
      },
    ],
    [
      { program: 'nginx', cpuShare: 0.93, busiestThreadShare: 0.94 },
      { by: 'cpu', text: 'nginx used 93 % of the CPU that it may use at 25 requests/s.' },
    ],
    [{ cpuShare: 0.5, busiestThreadShare: 0.6 }, { by: 'latency' }],
    [undefined, { by: 'latency', text: '33 % of its requests took longer than 100 ms at 25 requests/s.' }],
  ])('is told by what the service used: %j', (service, found) => {
    expect(limit(service)).toMatchObject(found)
  })

  it('is errors, when most of what was bad was one', () => {
    expect(limit(undefined, 400, 300)).toMatchObject({ by: 'errors' })
  })

  it('is nothing when nothing failed', () => {
    expect(limitOf(toBracket())).toBeNull()
  })
})
