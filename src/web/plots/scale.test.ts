import { describe, expect, it } from 'vitest'
import { labelled, niceTicks, orderScale, ratioScale, roomAtLeft, roundedScale, tightScale } from './scale.ts'

describe('ticks', () => {
  it('are round, and reach over both ends', () => {
    expect(niceTicks(-0.163, 0.1, 6)).toEqual([-0.2, -0.15, -0.1, -0.05, 0, 0.05, 0.1])
    expect(niceTicks(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1])
    expect(niceTicks(701, 1_182, 5)).toEqual([700, 800, 900, 1_000, 1_100, 1_200])
  })

  it('are never more than there is room for, nor fewer than two', () => {
    for (const most of [2, 3, 4, 5, 8])
      for (let i = 0; i < 200; i++) {
        const low = Math.sin(i) * 10 ** ((i % 7) - 3)
        const high = low + Math.abs(Math.cos(i * 3)) * 10 ** ((i % 5) - 2)
        const ticks = niceTicks(low, high, most)
        expect(ticks.length - 1, `${low} to ${high}`).toBeLessThanOrEqual(most)
        expect(ticks.length).toBeGreaterThanOrEqual(2)
        expect(ticks[0]).toBeLessThanOrEqual(low + 1e-9)
        expect(ticks.at(-1)).toBeGreaterThanOrEqual(high - 1e-9)
      }
  })

  it('are there when all values are the same', () => {
    expect(niceTicks(0, 0, 4)).toEqual([0, 0.25])
    expect(niceTicks(5, 5, 4)).toEqual([4, 6])
  })
})

describe('a scale', () => {
  it('places values between its ends', () => {
    const { at, ticks } = roundedScale({ low: -0.1, high: 0.1 }, { from: 40, to: 240 }, 4)
    expect(ticks).toEqual([-0.1, -0.05, 0, 0.05, 0.1])
    expect([-0.1, 0, 0.05, 0.1].map(at)).toEqual([40, 140, 190, 240])
  })

  it('keeps its ends when room is dear', () => {
    const { at, ticks } = tightScale({ low: -0.16, high: 0.36 }, { from: 0, to: 104 }, 3)
    expect(ticks).toEqual([0, 0.2])
    expect([-0.16, 0, 0.36].map(at)).toEqual([0, 32, 104])
  })

  it('of ratios has twice as much as far as half as much', () => {
    const { at, ticks } = ratioScale({ low: 0.1, high: 10 }, { from: 0, to: 200 }, 7)
    expect(ticks).toEqual([0.1, 0.2, 0.5, 1, 2, 5, 10])
    expect([0.1, 1, 10].map(at)).toEqual([0, 100, 200])
    expect(at(2) - at(1)).toBe(at(1) - at(0.5))
    expect([at(0), at(Number.POSITIVE_INFINITY)]).toEqual([-Infinity, Infinity])
  })

  it('of ratios ends at round values, and marks powers of ten where there is little room', () => {
    const wide = ratioScale({ low: 0.034, high: 420 }, { from: 0, to: 100 }, 5)
    expect(wide.ticks).toEqual([0.1, 1, 10, 100])
    expect([wide.at(0.02), wide.at(500)]).toEqual([0, 100])
  })

  it('places things in order, each in the middle of its step', () => {
    const { at, step } = orderScale(4, { from: 10, to: 90 })
    expect([0, 1, 2, 3].map(at)).toEqual([20, 40, 60, 80])
    expect(step).toBe(20)
    expect(orderScale(1, { from: 0, to: 100 }).at(0)).toBe(50)
  })

  it('labels as many as there is room for, the last one always', () => {
    expect(labelled(5, 50, 40)).toEqual([0, 1, 2, 3, 4])
    expect(labelled(5, 25, 40)).toEqual([0, 2, 4])
    expect(labelled(6, 8, 40)).toEqual([0, 5])
    expect(labelled(0, 8, 40)).toEqual([])
  })
})

describe('the room at the left', () => {
  const counted = (value: number) => value.toLocaleString('en-GB')

  it('is the same while figures are short, so that plots line up', () => {
    expect(roomAtLeft({ low: 0, high: 9 }, 5, counted)).toBe(roomAtLeft({ low: 0, high: 400 }, 5, counted))
  })

  it('grows with them', () => {
    // 8.3 for each of `5,000,000`, and 12.
    expect(roomAtLeft({ low: 0, high: 5_000_000 }, 5, counted)).toBe(87)
  })
})
