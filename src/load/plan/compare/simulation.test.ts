import { describe, expect, test } from 'vitest'
import type { Comparison } from './comparison.ts'
import { defaultCompareOptions } from './options.ts'
import { simulate, type World } from './testdata/worlds.ts'

const simulations = Number(process.env.PLIMSOLL_SIMULATIONS ?? 200)

function isCovered(c: Comparison, world: World): boolean {
  const { low, high } = c.primary.interval ?? { low: -1, high: 1 }
  return low <= -world.slower && -world.slower <= high
}

/** Simulates a world and prints how often it found what; all figures but the rounds are shares. */
function rates(title: string, world: World, options = defaultCompareOptions) {
  const all = Array.from({ length: simulations }, (_, i) => simulate(world, options, 1_000 + i))
  const share = (is: (c: Comparison) => boolean) => all.filter(is).length / all.length
  const rounds = all.map((c) => c.rounds.used).sort((a, b) => a - b)
  const found = {
    pass: share((c) => c.verdict === 'pass'),
    fail: share((c) => c.verdict === 'fail'),
    primaryFail: share((c) => c.primary.verdict === 'fail'),
    inconclusive: share((c) => c.verdict === 'inconclusive'),
    covered: share((c) => isCovered(c, world)),
  }
  const shares = Object.entries(found).map(([name, value]) => `${name} ${(value * 100).toFixed(1)} %`)
  const median = rounds[Math.floor(rounds.length / 2)]
  console.log(`${title} (${simulations} simulated): ${shares.join(', ')}; median ${median} rounds`)
  return found
}

/** So far a rate may lie from its bound by chance alone (three standard errors). */
const chance = (bound: number): number => 3 * Math.sqrt((bound * (1 - bound)) / simulations)

const noises: readonly [string, Omit<World, 'slower'>][] = [
  ['noise 2 %', { noise: 0.02 }],
  ['noise 2.5 %', { noise: 0.025 }],
  ['noise 3 %', { noise: 0.03 }],
  ['noise 2.5 %, accidents', { noise: 0.025, outlierEvery: 15 }],
  ['noise 3 %, accidents', { noise: 0.03, outlierEvery: 15 }],
]

/** Ten rounds and no more fit into the five minutes. */
const slowRounds = { roundMs: 30_000 }

describe('simulated comparisons with the defaults', () => {
  test.each(noises)('the same release twice, %s', (title, world) => {
    const found = rates(`the same twice, ${title}`, { ...world, slower: 0 })
    expect(found.fail).toBeLessThanOrEqual(0.05)
    expect(found.pass).toBeGreaterThanOrEqual(0.8)
  })

  test.each(noises)('a tenth slower, %s', (title, world) => {
    const found = rates(`a tenth slower, ${title}`, { ...world, slower: 0.1 })
    expect(found.fail).toBeGreaterThanOrEqual(0.9)
    expect(found.pass).toBeLessThanOrEqual(0.01)
  })

  test('as slow as the margin: errs no more often than its levels say', () => {
    const found = rates('at the margin', { slower: 0.05, noise: 0.025 })
    expect(found.pass).toBeLessThanOrEqual(0.05 + chance(0.05))
    expect(found.primaryFail).toBeLessThanOrEqual(0.025 + chance(0.025))
    // An interval of 95 % for one look, while the comparison ends at the look that shows most.
    expect(found.covered).toBeGreaterThanOrEqual(0.92 - chance(0.92))
  })

  test('a budget of ten rounds', () => {
    const same = rates('the same twice, ten rounds', { slower: 0, noise: 0.025, ...slowRounds })
    expect(same.fail).toBeLessThanOrEqual(0.05)
    expect(same.pass).toBeGreaterThanOrEqual(0.8)
    const slower = rates('a tenth slower, ten rounds', { slower: 0.1, noise: 0.025, ...slowRounds })
    expect(slower.fail).toBeGreaterThanOrEqual(0.9)
  })

  test('a budget that ends between looks errs no more often', () => {
    const atMargin = { slower: 0.05, noise: 0.025 }
    for (const roundMs of [22_000, 45_000]) {
      const found = rates(`at the margin, rounds of ${roundMs / 1_000} s`, { ...atMargin, roundMs })
      expect(found.pass).toBeLessThanOrEqual(0.05 + chance(0.05))
      expect(found.primaryFail).toBeLessThanOrEqual(0.025 + chance(0.025))
    }
  })

  test('a tenth more CPU per request alone', () => {
    const found = rates('a tenth more CPU', { slower: 0, moreCpu: 0.1, noise: 0.025 })
    expect(found.fail).toBeGreaterThanOrEqual(0.9)
    expect(found.primaryFail).toBe(0)
  })
})
