import { describe, expect, it } from 'vitest'
import type { EffectView } from '../../contract/index.ts'
import { effectsCsv, effectsFinding, effectsTable, marginOf, rangeOf, reachOf } from './effects.ts'

const carries: EffectView = {
  metric: 'carries',
  title: 'Load line',
  baseText: '812 requests/s',
  changeText: '698 requests/s',
  estimate: -0.14,
  interval: { low: -0.163, high: -0.128 },
  p: 0.002,
  margin: 0.05,
  worse: 'lower',
  verdict: 'fail',
}
const p99: EffectView = {
  ...carries,
  metric: 'p99',
  title: 'p99',
  estimate: 0.02,
  interval: { low: -0.01, high: 0.05 },
  margin: 0.1,
  worse: 'higher',
  verdict: 'pass',
}
const memory: EffectView = {
  ...p99,
  metric: 'memory',
  title: 'Peak memory',
  margin: null,
  verdict: null,
}

describe('the finding of effects', () => {
  it('says the first in figures, and the others by their verdicts', () => {
    expect(effectsFinding([carries, p99, { ...p99, title: 'CPU per request' }, memory])).toBe(
      'The load line is 14 % lower (95 %: −16 % to −13 %): worse than its margin of 5 %; p99 and CPU per request are within their margins.',
    )
  })

  it('says what could not be told', () => {
    const untold = { ...carries, estimate: 0, interval: null, verdict: 'inconclusive' } as const
    expect(effectsFinding([untold, { ...p99, verdict: 'inconclusive' }])).toBe(
      'The load line is the same, after too few rounds for an interval; whether that is within its margin of 5 % could not be told; p99 could not be told from its margin.',
    )
    expect(effectsFinding([{ ...untold, estimate: null, margin: null, verdict: null }])).toBe(
      'The load line was not measured.',
    )
    expect(effectsFinding([])).toBe('Nothing was measured.')
  })
})

describe('the axis of effects', () => {
  it('holds none, every interval, and something beyond each margin', () => {
    const { low, high } = rangeOf([carries, p99])
    expect(low).toBe(-0.163)
    expect(high).toBeCloseTo(0.15)
  })

  it('is not stretched by what is only shown, nor by an interval that says nothing', () => {
    const wild = { ...memory, estimate: 4, interval: { low: 2, high: 9 } }
    expect(rangeOf([carries, p99, wild]).high).toBeCloseTo(0.204)
    expect(rangeOf([{ ...carries, interval: { low: -0.6, high: 3 } }])).toEqual({ low: -0.28, high: 0.28 })
    expect(rangeOf([wild]).high).toBe(9)
  })

  it('shows what is beyond its end as an arrow, and what has no interval as a point', () => {
    const drawn = (estimate: number, interval: EffectView['interval']) =>
      reachOf(
        { ...carries, estimate, interval },
        { at: (value) => value * 100, ticks: [] },
        { from: -50, to: 50 },
      )
    expect(drawn(0.1, { low: 0, high: 0.2 })).toEqual({
      mark: 10,
      from: 0,
      to: 20,
      ends: ['closed', 'closed'],
    })
    expect(drawn(0.1, { low: -1, high: 1 })).toEqual({
      mark: 10,
      from: -50,
      to: 50,
      ends: ['beyond', 'beyond'],
    })
    expect(drawn(2, { low: 1, high: 3 })).toEqual({ mark: 32, from: 32, to: 50, ends: ['none', 'beyond'] })
    expect(drawn(-2, { low: -3, high: 0 })).toEqual({
      mark: -32,
      from: -50,
      to: 0,
      ends: ['beyond', 'closed'],
    })
    expect(drawn(0.1, null)).toEqual({ mark: 10, from: 10, to: 10, ends: ['none', 'none'] })
    expect(reachOf({ ...carries, estimate: null }, { at: Number, ticks: [] }, { from: 0, to: 1 })).toBeNull()
  })

  it('has each margin on the side that it guards', () => {
    expect([carries, p99, memory].map(marginOf)).toEqual([-0.05, 0.1, null])
  })
})

it('has the figures of effects, for people and as they are', () => {
  expect(effectsTable([carries]).rows[0]?.slice(3)).toEqual([
    '−14 %',
    '−16 % to −13 %',
    '0.002',
    '−5 %',
    'fail',
  ])
  expect(effectsCsv([carries, memory]).rows.map((row) => row.slice(3))).toEqual([
    [-0.14, -0.163, -0.128, 0.002, -0.05, 'fail'],
    [0.02, -0.01, 0.05, 0.002, null, null],
  ])
})
