import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Conduct, goodConduct, isEjected, judgeConduct, noteFailure, noteWell } from './outliers.ts'

const rules = { after: 3, for: 10_000, atMost: 60_000, share: 0.3 }
const fleet = (size: number): Conduct[] => Array.from({ length: size }, goodConduct)

function fail(all: readonly Conduct[], i: number, times = 1, nowMs = 0): void {
  const one = all[i] as Conduct
  for (let n = 0; n < times; n++) {
    noteFailure(one)
    judgeConduct(one, all, rules, nowMs)
  }
}

const out = (all: readonly Conduct[], nowMs = 0): number[] =>
  all.flatMap((one, i) => (isEjected(one, nowMs) ? [i] : []))

test('one that fails so many in a row is ejected; one that answers in between is not', () => {
  const all = fleet(3)
  fail(all, 0, 2)
  noteWell(all[0] as Conduct)
  fail(all, 0, 2)
  expect(out(all)).toEqual([])
  fail(all, 0)
  expect(out(all)).toEqual([0])
  expect(out(all, 9_999)).toEqual([0])
  expect(out(all, 10_000)).toEqual([])
})

test.each([
  [1, 0],
  [2, 1],
  [3, 1],
  [6, 1],
  [7, 2],
  [10, 3],
])('of %d at most %d are ejected', (size, most) => {
  const all = fleet(size)
  for (let i = 0; i < most; i++) fail(all, i, 3)
  expect(out(all)).toHaveLength(most)
  // One more, and it is not theirs alone.
  fail(all, most, 3)
  expect(out(all)).toEqual([])
})

test('it is out for longer each time, and forgiven with time', () => {
  const all = fleet(2)
  let nowMs = 0
  const lasts: number[] = []
  for (let i = 0; i < 5; i++) {
    fail(all, 0, 3, nowMs)
    lasts.push((all[0]?.untilMs ?? 0) - nowMs)
    nowMs = all[0]?.untilMs ?? 0
    noteWell(all[0] as Conduct)
  }
  expect(lasts).toEqual([10_000, 20_000, 40_000, 60_000, 60_000])
  fail(all, 0, 3, nowMs + 2 * 60_000)
  expect((all[0]?.untilMs ?? 0) - nowMs - 2 * 60_000).toBe(60_000)
  noteWell(all[0] as Conduct)
  const later = (all[0]?.untilMs ?? 0) + 10 * 60_000
  fail(all, 0, 3, later)
  expect((all[0]?.untilMs ?? 0) - later).toBe(10_000)
})

test('who comes back and fails again goes at once; who answers has a clean slate', () => {
  const all = fleet(2)
  fail(all, 0, 3)
  fail(all, 0, 1, 10_000)
  expect(out(all, 10_000)).toEqual([0])
  noteWell(all[0] as Conduct)
  fail(all, 0, 2, 30_000)
  expect(out(all, 30_000)).toEqual([])
})

test('whatever happens, one is left, and no more than the share are ejected', () => {
  const step = fc.record({ who: fc.nat({ max: 5 }), well: fc.boolean(), afterMs: fc.nat({ max: 5_000 }) })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.array(step, { maxLength: 200 }), (size, steps) => {
      const all = fleet(size)
      let nowMs = 0
      for (const { who, well, afterMs } of steps) {
        nowMs += afterMs
        if (well) noteWell(all[who % size] as Conduct)
        else fail(all, who % size, 1, nowMs)
        expect(out(all, nowMs).length).toBeLessThanOrEqual(size === 1 ? 0 : 1)
      }
    }),
  )
})
