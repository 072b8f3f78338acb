import { describe, expect, it } from 'vitest'
import { dayMs, growing, hourMs, now } from './fan.fixture.ts'
import {
  bandPath,
  fanOfHours,
  fanOfWeeks,
  firstAhead,
  isInReach,
  medianPath,
  seenPath,
  topOf,
} from './fan.ts'

const refused = { is: 'refused' as const, because: 'too-short', why: '3 days are known' }
const place = (i: number, value: number): string => `${i} ${value}`

function sure<T>(fan: T | undefined): T {
  if (fan === undefined) throw new Error('there is none')
  return fan
}

describe('a fan of hours', () => {
  const fan = sure(fanOfHours(growing))

  it('goes on from as many hours before, with their gaps', () => {
    expect(fan.steps.map(({ at, seen, ahead }) => [(at - now) / hourMs, seen, ahead?.median])).toEqual([
      [-3, 20, undefined],
      [-2, null, undefined],
      [-1, 30, undefined],
      [0, null, 30],
      [1, null, 40],
      [2, null, 20],
    ])
    expect(firstAhead(fan)).toBe(3)
    expect(seenPath(fan, place)).toBe('M0 20M2 30')
  })

  it('opens at what was seen last', () => {
    expect(medianPath(fan, place)).toBe('M2 30L3 30L4 40L5 20')
    expect(bandPath(fan, 80, place)).toBe('M2 30L3 33L4 44L5 22L5 18L4 36L3 27Z')
    const unknown = sure(fanOfHours({ ...growing, past: { ...growing.past, values: [10, null] } }))
    expect(medianPath(unknown, place)).toBe('M2 30L3 40L4 20')
  })

  it('is none where nothing can be said', () => {
    expect(fanOfHours({ ...growing, forecast: refused })).toBeUndefined()
    expect(fanOfWeeks({ ...growing, peaks: refused })).toBeUndefined()
  })
})

describe('a fan of weeks', () => {
  const fan = sure(fanOfWeeks(growing))

  it('shows the highest day of each week before, and each day as a dot', () => {
    const seen = fan.steps.filter(({ ahead }) => !ahead)
    expect(seen.map((step) => step.seen)).toEqual([30, 31, 32, 33, 34, 35, 36, 37, 38, 39])
    expect(seen[0]?.at).toBe(now - 70 * dayMs)
    expect(fan.dots).toHaveLength(69)
    expect(fan.dots[0]).toEqual({ at: now - 69.5 * dayMs, value: 30 })
  })

  it('ends some weeks after the line has most likely been crossed, else at the horizon', () => {
    expect(fan.steps.at(-1)?.at).toBe(now + 17 * 7 * dayMs)
    const { crossing: _, ...never } = growing
    expect(sure(fanOfWeeks(never)).steps.at(-1)?.at).toBe(now + 25 * 7 * dayMs)
  })

  it('leaves the load line out where all below it would be flat, and lets no band make it so', () => {
    expect(isInReach(fan, growing.line)).toBe(true)
    expect(topOf(fan, growing.line)).toBeCloseTo(57 * 1.2)
    const far = { low: 390, at: 400, high: 410 }
    expect([isInReach(fan, far), isInReach(fan, undefined)]).toEqual([false, false])
    const wild = fan.steps.map((step) =>
      step.ahead ? { ...step, ahead: { ...step.ahead, 95: { low: 0, high: 9_000 } } } : step,
    )
    expect(topOf({ ...fan, steps: wild }, far)).toBeCloseTo(57 * 1.6)
  })
})
