import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../kernel/index.ts'
import {
  arrivals,
  constant,
  durationOf,
  expectedRequests,
  phase,
  ramp,
  type Stage,
  spike,
  steps,
} from './profile.ts'

function all(stages: readonly Stage[], kind: 'poisson' | 'even', seed = 1): number[] {
  const random = seededRandom(seed)
  const { next } = arrivals(stages, kind, () => random.next())
  const times: number[] = []
  for (let time = next(); time !== Number.POSITIVE_INFINITY; time = next()) times.push(time)
  return times
}

describe('profiles', () => {
  it('have the length and the number of requests that was asked for', () => {
    expect(steps(100, 300, 3, 30_000)).toEqual([100, 200, 300].flatMap((rate) => constant(rate, 10_000)))
    expect(spike(10, 100, 60_000, 20_000).map(({ durationMs }) => durationMs)).toEqual([
      20_000, 20_000, 20_000,
    ])
    expect(durationOf(spike(10, 100, 60_000, 20_000))).toBe(60_000)
    expect(expectedRequests(ramp(0, 100, 10_000))).toBe(500)
  })
})

describe('even arrivals', () => {
  it('are evenly spaced, and exactly as many as the rate says', () => {
    const times = all(constant(200, 10_000), 'even')
    expect(times).toHaveLength(2_000)
    expect(times[0]).toBeCloseTo(2.5, 9)
    for (let i = 1; i < times.length; i++) expect((times[i] ?? 0) - (times[i - 1] ?? 0)).toBeCloseTo(5, 6)
  })

  it.each([
    ['up', ramp(0, 100, 10_000)],
    ['down', ramp(100, 0, 10_000)],
    ['in several stages', [...ramp(0, 50, 4_000), ...constant(50, 3_000), ...ramp(50, 10, 3_000)]],
  ])('follow the integral of a ramp %s', (_name, stages) => {
    const times = all(stages, 'even')
    expect(times).toHaveLength(Math.round(expectedRequests(stages)))
    // Up to the i-th arrival the integral, summed here in steps of 0.1 ms, is i + 0.5.
    let [at, mass] = [0, 0]
    for (const [i, time] of times.entries()) {
      for (; at < time; at += 0.1) mass += rateAt(stages, at) * 0.0001
      expect(Math.abs(mass - i - 0.5)).toBeLessThan(0.02)
    }
  })
})

function rateAt(stages: readonly Stage[], at: number): number {
  let begun = 0
  for (const { fromPerSecond, toPerSecond, durationMs } of stages) {
    if (at < begun + durationMs)
      return fromPerSecond + ((toPerSecond - fromPerSecond) * (at - begun)) / durationMs
    begun += durationMs
  }
  return 0
}

describe('Poisson arrivals', () => {
  it('have the mean and the variance of a Poisson process, second by second', () => {
    const times = all(constant(50, 400_000), 'poisson')
    const perSecond = new Array<number>(400).fill(0)
    for (const time of times)
      perSecond[Math.floor(time / 1_000)] = (perSecond[Math.floor(time / 1_000)] ?? 0) + 1
    const mean = times.length / 400
    const variance = perSecond.reduce((sum, n) => sum + (n - mean) ** 2, 0) / 399
    // Standard errors: 0.35 for the mean, 3.5 for the variance.
    expect(Math.abs(mean - 50)).toBeLessThan(1.4)
    expect(Math.abs(variance - 50)).toBeLessThan(14)
  })

  it('are the same for the same seed, and others for another', () => {
    expect(all(constant(10, 5_000), 'poisson', 7)).toEqual(all(constant(10, 5_000), 'poisson', 7))
    expect(all(constant(10, 5_000), 'poisson', 7)).not.toEqual(all(constant(10, 5_000), 'poisson', 8))
  })

  it('come in order', () => {
    const times = all([...ramp(0, 500, 3_000), ...ramp(500, 0, 3_000)], 'poisson')
    expect(times).toEqual(times.toSorted((a, b) => a - b))
  })
})

describe('workers', () => {
  it('share one schedule: together they have every arrival once', () => {
    const whole = all(ramp(10, 400, 5_000), 'poisson', 3)
    const shared = [0, 1, 2].flatMap((index) => {
      const random = seededRandom(3)
      const { next } = phase(
        arrivals(ramp(10, 400, 5_000), 'poisson', () => random.next()),
        index,
        3,
      )
      const times: number[] = []
      for (let time = next(); time !== Number.POSITIVE_INFINITY; time = next()) times.push(time)
      return times
    })
    expect(shared.sort((a, b) => a - b)).toEqual(whole)
  })
})
