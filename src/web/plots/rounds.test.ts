import { describe, expect, it } from 'vitest'
import type { RoundView } from '../../contract/index.ts'
import { rangeOf, roundsCsv, roundsFinding, roundText, slotsOf } from './rounds.ts'

const round = (base: number, change: number, because?: string): RoundView => ({
  order: 'base first',
  base,
  change,
  ratio: change / base - 1,
  ...(because === undefined ? {} : { void: because }),
})

describe('rounds', () => {
  it('are summed up in a sentence', () => {
    expect(roundsFinding([round(800, 700), round(810, 690), round(790, 800)])).toBe(
      'The change carried less than the base in 2 of 3 rounds (−15 % to +1.3 %).',
    )
    expect(roundsFinding([round(800, 700), round(800, 100, 'time was stolen')])).toBe(
      'The change carried less than the base in 1 of 1 round (−13 %); 1 round does not count.',
    )
    expect(roundsFinding([round(800, 100, 'time was stolen')])).toBe('No round counts; 1 round does not.')
    expect(roundsFinding([])).toBe('No round counts.')
  })

  it('are read out one by one', () => {
    expect(roundText(round(800, 700), 3)).toBe(
      'Round 4: base 800 requests/s, change 700 requests/s, −13 %, base first',
    )
    expect(roundText(round(800, 700, 'time was stolen'), 0)).toMatch(/; does not count: time was stolen$/)
  })

  it('stand on an axis that makes no cliff of noise', () => {
    expect(rangeOf([round(990, 1_000)])).toEqual({ low: 870, high: 1_120 })
    expect(rangeOf([round(1_000, 700)])).toEqual({ low: 700, high: 1_000 })
    expect(rangeOf([round(1_000, 300)])).toEqual({ low: 0, high: 1_000 })
  })

  it('stay where they are while more come', () => {
    const some = (count: number) => Array.from({ length: count }, () => round(1, 1))
    expect([0, 4, 10, 11, 16].map((count) => slotsOf(some(count), true))).toEqual([10, 10, 10, 15, 20])
    expect(slotsOf(some(11), false)).toBe(11)
  })

  it('are kept as they are', () => {
    expect(roundsCsv([round(800, 600, 'noise')]).rows).toEqual([[1, 'base first', 800, 600, -0.25, 'noise']])
  })
})
