import { describe, expect, it } from 'vitest'
import { calibrate } from './known.fixture.ts'
import type { SimulatedQueue } from './queue.fixture.ts'
import { searchLine } from './search.fixture.ts'

/** Searches in all; `PLIMSOLL_SIMULATIONS=2000` is the acceptance. */
const searches = Number(process.env.PLIMSOLL_SIMULATIONS ?? 200)

const goal = { quantile: 0.99, belowMs: 100 }
const one = { workers: 1, capacity: 500, delayS: 0.002, noise: 0 }

const queues: Readonly<Record<string, SimulatedQueue>> = {
  'a token bucket': { ...one, work: 'even' },
  'a token bucket on a noisy machine': { ...one, work: 'even', noise: 0.01 },
  'M/M/1': { ...one, work: 'exponential' },
  'M/M/4 on a noisy machine': { ...one, workers: 4, capacity: 800, work: 'exponential', noise: 0.015 },
}
const each = Math.round(searches / Object.keys(queues).length)

/** Three standard errors of a share that is seen in so many searches. */
const chance = (share: number): number => 3 * Math.sqrt((share * (1 - share)) / each)
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`
const middle = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0

describe(`${each} simulated searches each`, () => {
  it.each(Object.entries(queues))('know the load line of %s', { timeout: 600_000 }, (name, queue) => {
    const known = calibrate(queue, goal, 600)
    const found = Array.from({ length: each }, (_, seed) => searchLine({ queue, goal }, seed + 1))
    expect(new Set(found.map(({ verdict }) => verdict))).toEqual(new Set(['found']))
    const covered =
      found.filter(({ interval }) => interval && interval.low <= known && known <= interval.high).length /
      each
    const half = middle(found.map(({ halfWidthShare }) => halfWidthShare ?? 1))
    const took = Math.max(...found.map(({ tookMs }) => tookMs))
    console.log(
      `${name}: ${each} searches, known ${known.toFixed(1)}/s, covered ${percent(covered)}, median half-width ${percent(half)}, at most ${(took / 60_000).toFixed(1)} minutes`,
    )
    expect(covered).toBeGreaterThanOrEqual(0.93 - chance(0.95))
    expect(half).toBeLessThanOrEqual(0.05)
    expect(took).toBeLessThanOrEqual(480_000)
  })

  it('is not led astray for long by a service that stops now and then', { timeout: 600_000 }, () => {
    const queue: SimulatedQueue = { ...one, work: 'exponential', stops: { everyS: 60, forS: 0.2 } }
    const known = calibrate(queue, goal, 600)
    const errors = Array.from({ length: 40 }, (_, seed) =>
      Math.abs(Math.log((searchLine({ queue, goal }, seed + 1).ratePerSecond ?? 0) / known)),
    )
    expect(middle(errors)).toBeLessThan(0.05)
  })

  it('follows a service that gets slower while it is measured', () => {
    const queue: SimulatedQueue = { ...one, work: 'even', leakPerHour: 0.5 }
    const found = searchLine({ queue, goal }, 1)
    expect(found.verdict).toBe('found')
    // It begins with 500/s and loses a fifteenth in eight minutes.
    expect(found.ratePerSecond).toBeGreaterThan(440)
    expect(found.ratePerSecond).toBeLessThan(500)
  })

  it('says so when nothing fails, and when everything does', () => {
    const queue: SimulatedQueue = { ...one, work: 'even' }
    expect(searchLine({ queue, goal }, 1, { maxPerSecond: 300 })).toMatchObject({
      verdict: 'atLeast',
      ratePerSecond: 300,
    })
    expect(searchLine({ queue, goal }, 1, { minPerSecond: 700 })).toMatchObject({
      verdict: 'below',
      ratePerSecond: 700,
    })
  })

  it('is inconclusive when there was no time', () => {
    const queue: SimulatedQueue = { ...one, work: 'even' }
    expect(searchLine({ queue, goal }, 1, { budgetMs: 40_000 })).toMatchObject({ verdict: 'inconclusive' })
  })
})
