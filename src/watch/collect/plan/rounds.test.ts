import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextLook, planRound, type Source, spreadOf } from './rounds.ts'

const source = fc.record({
  id: fc.string({ maxLength: 20 }),
  intervalMs: fc.integer({ min: 1_000, max: 120_000 }),
})

describe('when sources are looked at', () => {
  it('is on a grid of their own that no restart moves', () => {
    fc.assert(
      fc.property(source, fc.integer({ min: 0, max: 2e12 }), (one, now) => {
        const next = nextLook(one, now)
        expect(next).toBeGreaterThan(now)
        expect(next - now).toBeLessThanOrEqual(one.intervalMs)
        expect(nextLook(one, next)).toBe(next + one.intervalMs)
      }),
    )
  })

  it('is spread over the interval', () => {
    const tenths = new Set(
      Array.from({ length: 200 }, (_, i) => Math.floor(spreadOf(`pay/production/target/${i}`) * 10)),
    )
    expect(tenths.size).toBe(10)
  })

  it('is once in each interval, whatever the loop is late by', () => {
    fc.assert(
      fc.property(source, fc.array(fc.integer({ min: 1, max: 3_000 }), { maxLength: 60 }), (one, lates) => {
        const last = new Map<string, number>()
        const looks: number[] = []
        let now = 1_700_000_000_000
        for (const late of lates) {
          const { due, next } = planRound([one], last, now)
          for (const { source: its, at } of due) {
            last.set(its.id, at)
            looks.push(at)
          }
          expect(next).toBeGreaterThan(now)
          now = next + late
        }
        for (const [i, at] of looks.entries()) {
          expect(at).toBeGreaterThan(looks[i - 1] ?? 0)
        }
        // The loop slept for at most 3 s beyond each: no look is left out unless its whole interval was slept through.
        if (one.intervalMs > 3_000) expect(looks).toHaveLength(lates.length)
      }),
    )
  })

  it('writes down what comes in time as if it had come exactly then', () => {
    const one: Source = { id: 'a', intervalMs: 15_000 }
    const at = nextLook(one, 1_000_000)
    expect(planRound([one], new Map([['a', at - 15_000]]), at + 100).due).toEqual([{ source: one, at }])
    expect(planRound([one], new Map([['a', at - 15_000]]), at + 400).due).toEqual([
      { source: one, at: at + 400 },
    ])
    expect(planRound([one], new Map([['a', at]]), at + 400).due).toEqual([])
  })

  it('is never when there is nothing', () => {
    expect(planRound([], new Map(), 5)).toEqual({ due: [], next: Number.POSITIVE_INFINITY })
  })
})
