import { describe, expect, test } from 'vitest'
import { comparison } from './comparison.ts'
import { nextRound } from './next-round.ts'
import { defaultCompareOptions, plannedLooks } from './options.ts'
import type { Round } from './round.ts'
import { addRound, beginComparison, comparisonState } from './state.ts'
import { play, roundOf, spreadAbout } from './testdata/rounds.ts'

const roundsOf = (centre: number, spread: number, count: number): readonly Round[] =>
  spreadAbout(centre, spread, count).map((carries) => roundOf({ carries }))

describe('a comparison', () => {
  test('passes at the first look when the change carries the same', () => {
    const found = play(roundsOf(0, 0.01, 10))
    expect(found).toMatchObject({ verdict: 'pass', ended: 'decided', rounds: { used: 10, voided: [] } })
    expect(found.looks).toHaveLength(1)
    expect(found.primary.estimate).toBeCloseTo(0, 2)
    expect(found.reasons[0]?.text).toContain('not lower by more than the margin of 5 %')
  })

  test('fails at the first look when the change carries a fifth less', () => {
    const found = play(roundsOf(Math.log(0.8), 0.01, 10))
    expect(found).toMatchObject({ verdict: 'fail', ended: 'decided', rounds: { used: 10 } })
    expect(found.primary.estimate).toBeCloseTo(-0.2, 2)
    expect(found.primary.interval?.high).toBeLessThan(-0.05)
    expect(found.primary.p).toBeCloseTo(2 / 1024, 6)
  })

  test('goes through all its looks and ends inconclusive when the change is as slow as the margin', () => {
    const found = play(roundsOf(Math.log(0.95), 0.03, 20))
    expect(found).toMatchObject({ verdict: 'inconclusive', ended: 'all rounds', rounds: { used: 20 } })
    expect(found.looks.map(({ rounds }) => rounds)).toEqual([10, 15, 20])
    expect(found.smallestEffect).toBeGreaterThan(0)
    expect(found.looks.at(-1)?.share).toBe(1)
  })

  test('passes a change that carries more, whatever the size', () =>
    expect(play(roundsOf(0.3, 0.1, 10)).verdict).toBe('pass'))

  test('fails for CPU per request alone, and says so', () => {
    const found = play(
      spreadAbout(0, 0.01, 20).map((carries, i) => roundOf({ carries, cpu: 0.1 + 0.001 * (i % 3) })),
    )
    expect(found).toMatchObject({ verdict: 'fail', primary: { verdict: 'pass' } })
    expect(found.secondary.find(({ metric }) => metric === 'cpu')?.verdict).toBe('fail')
    expect(found.reasons.map(({ text }) => text)).toEqual([
      'CPU per request is higher by more than the margin of 3 %',
    ])
  })

  test('is not held up by a secondary figure that cannot be told, but names it', () => {
    const noisy = spreadAbout(0, 0.6, 10)
    const found = play(spreadAbout(0, 0.01, 10).map((carries, i) => roundOf({ carries, p99: noisy[i] ?? 0 })))
    expect(found.verdict).toBe('pass')
    expect(found.reasons.map(({ text }) => text)).toContain(
      'p99 could not be told against its margin of 10 %',
    )
  })

  test('leaves figures out that were not measured', () => {
    const found = play(
      roundsOf(0, 0.01, 10).map((each) => {
        const { cpuMicrosPerRequest, peakMemoryBytes, ...base } = each.base
        return { ...each, base }
      }),
    )
    expect(found.secondary.map(({ metric }) => metric)).toEqual(['p50', 'p99'])
  })

  test('is evidence that its schema reads back', () => {
    const found = play(roundsOf(0, 0.01, 10))
    expect(comparison.parse(JSON.parse(JSON.stringify(found)))).toEqual(found)
  })
})

describe('rounds that do not count', () => {
  const isVoid = (each: Round): Round => ({ ...each, void: 'steal 4 %' })

  test('are repeated, kept with their reason, and never judged', () => {
    const [wild, ...good] = [...roundsOf(-3, 0, 1), ...roundsOf(0, 0.01, 10)] as [Round, ...Round[]]
    const found = play([isVoid(wild), ...good])
    expect(found).toMatchObject({ verdict: 'pass', rounds: { used: 10 } })
    expect(found.rounds.voided).toEqual([{ round: 1, because: 'steal 4 %' }])
  })

  test('are not looked at twice: a void round after an undecided look asks for another', () => {
    let s = beginComparison(defaultCompareOptions)
    for (const each of roundsOf(Math.log(0.95), 0.03, 10)) s = addRound(s, each, 1_000)
    const looks = s.looks
    s = addRound(s, isVoid(roundOf({ carries: 0 })), 1_000)
    expect(s.looks).toEqual(looks)
    expect(nextRound(s, 11_000).is).toBe('round')
  })

  test('end the comparison when there are more of them than rounds were planned', () => {
    const found = play(roundsOf(0, 0.01, 21).map(isVoid))
    expect(found).toMatchObject({ verdict: 'inconclusive', ended: 'voided rounds', rounds: { used: 0 } })
    expect(found.rounds.voided).toHaveLength(21)
    expect(found.primary).toMatchObject({ estimate: null, interval: null, p: 1 })
    expect(comparison.parse(found)).toEqual(found)
  })
})

describe('the budget', () => {
  test('ends before a round that would not fit, and says what can be said', () => {
    const found = play(roundsOf(0, 0.01, 20), {}, 36_000) // 8 rounds are 288 s of 300
    expect(found).toMatchObject({ verdict: 'pass', ended: 'budget', rounds: { used: 8 }, elapsedMs: 288_000 })
  })

  test.each([
    [4, 'inconclusive', 'inconclusive'], // 1/16 is above both levels
    [5, 'pass', 'inconclusive'], // 1/32 is below 5 %, above 2.5 %
    [6, 'pass', 'fail'], // 1/64 is below both
  ])('with room for %i rounds: the same is %s, a fifth less is %s', (count, same, less) => {
    const budgetMs = count * 1_000
    expect(play(roundsOf(0, 0.01, count), { budgetMs }).verdict).toBe(same)
    expect(play(roundsOf(Math.log(0.8), 0.01, count), { budgetMs }).verdict).toBe(less)
  })

  test('makes its looks count for more when fewer rounds will fit', () => {
    const shareAt10 = (budgetMs: number) =>
      play(roundsOf(0, 0.001, 20), { budgetMs }).looks.find(({ rounds }) => rounds === 10)?.share
    expect(shareAt10(60_000)).toBeCloseTo(10 / 20, 12)
    expect(shareAt10(14_000)).toBeCloseTo(10 / 14, 12)
  })

  test('gone before the first round is inconclusive', () => {
    const next = nextRound(beginComparison(defaultCompareOptions), 300_001)
    expect(next).toMatchObject({ is: 'verdict', comparison: { verdict: 'inconclusive', ended: 'budget' } })
  })
})

describe('the state', () => {
  const orders = (seed: number): readonly Round['order'][] => {
    let s = beginComparison({ ...defaultCompareOptions, seed })
    return Array.from({ length: 8 }, () => {
      const next = nextRound(s, 0)
      if (next.is !== 'round') throw new Error('a verdict too soon')
      s = addRound(s, roundOf({ carries: 0 }, next.order), 1)
      return next.order
    })
  }

  test('puts each side first once in each pair of rounds, by its seed', () => {
    for (const seed of [1, 2, 3]) {
      const found = orders(seed)
      for (let i = 0; i < 8; i += 2) expect(new Set(found.slice(i, i + 2)).size).toBe(2)
      expect(orders(seed)).toEqual(found)
    }
    const all = Array.from({ length: 20 }, (_, seed) => orders(seed).join())
    expect(new Set(all).size).toBeGreaterThan(5)
  })

  test('is plain JSON: a comparison goes on from a copy as from itself', () => {
    let s = beginComparison(defaultCompareOptions)
    let copy = s
    for (const each of roundsOf(Math.log(0.95), 0.03, 20)) {
      s = addRound(s, each, 1_000)
      copy = addRound(comparisonState.parse(JSON.parse(JSON.stringify(copy))), each, 1_000)
      expect(nextRound(copy, 5_000)).toEqual(nextRound(s, 5_000))
    }
  })

  test.each([
    { minRounds: 21 },
    { minRounds: 5 },
    { looks: 0 },
    { budgetMs: 0 },
    { margins: { loadLine: 0, cpu: 0.03, p99: 0.1 } },
  ])('refuses %j', (wrong) => expect(() => beginComparison({ ...defaultCompareOptions, ...wrong })).toThrow())

  test.each([
    [{ minRounds: 10, maxRounds: 20, looks: 3 }, [10, 15, 20]],
    [{ minRounds: 10, maxRounds: 30, looks: 2 }, [10, 30]],
    [{ minRounds: 10, maxRounds: 30, looks: 1 }, [30]],
    [{ minRounds: 6, maxRounds: 7, looks: 3 }, [6, 7]],
  ])('plans the looks of %j at %j', (o, looks) => expect(plannedLooks(o)).toEqual(looks))
})
