import { expect, test } from 'vitest'
import { seededRandom } from '../../../kernel/index.ts'
import type { Comparison } from '../compare/index.ts'
import { defaultCompareOptions } from '../compare/options.ts'
import { simulate, type World } from '../compare/testdata/worlds.ts'
import type { Step } from './step.ts'
import { chance, hasAny, hasGain, hasLoss, ratesOf } from './testdata/rates.ts'

/** Whole comparisons, with looks that may end them; histories are drawn from so many. */
const pooled = 1_000

function stepOf({ primary }: Comparison, at: number): Step {
  const { estimate, interval, rounds, p } = primary
  return { release: `r${at}`, at, comparison: `c${at}`, estimate, interval, rounds, p }
}

/** Histories of releases that the gate let through. */
function letThrough(world: World, releases: number): (seed: number) => readonly Step[] {
  const all = Array.from({ length: pooled }, (_, i) => simulate(world, defaultCompareOptions, 5_000 + i))
  const passed = all.filter(({ verdict }) => verdict === 'pass')
  return (seed) => {
    const random = seededRandom(seed).fork('drawn')
    return Array.from({ length: releases }, (_, at) => {
      const drawn = passed[Math.floor(random.next() * passed.length)]
      if (!drawn) throw new Error('none passed')
      return stepOf(drawn, at)
    })
  }
}

const kinds = { any: hasAny, loss: hasLoss, gain: hasGain }

test('whole comparisons of the same release: anything is found in 5 % at most', { timeout: 600_000 }, () => {
  const found = ratesOf('comparisons of the same', letThrough({ slower: 0, noise: 0.02 }, 60), kinds)
  expect(found.any).toBeLessThanOrEqual(0.05 + chance(0.05))
})

test('a hundredth less with each of 20 passes the gate each time, and is found', { timeout: 600_000 }, () => {
  const found = ratesOf('comparisons of 1 % less', letThrough({ slower: 0.01, noise: 0.02 }, 20), kinds)
  expect(found.loss).toBeGreaterThanOrEqual(0.9 - chance(0.9))
})
