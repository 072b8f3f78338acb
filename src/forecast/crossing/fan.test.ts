import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../kernel/index.ts'
import { type Crossing, crossing, type Fan, fan, type Refusal } from '../index.ts'

const dayMs = 86_400_000
const monday = Date.UTC(2026, 0, 5)
const random = seededRandom(3)
/** It grows by 3 % a week, and less comes on weekends. */
const growing = {
  from: monday,
  stepMs: dayMs,
  values: Array.from(
    { length: 120 },
    (_, day) => 200 * 1.0042 ** day * (day % 7 >= 5 ? 0.6 : 1) * (1 + 0.06 * (random.next() - 0.5)),
  ),
}
const line = { value: 430, lower: 415, upper: 446 }

function sure<A extends Crossing | Fan>(answer: A | Refusal): A {
  if (answer.is === 'refused') throw new Error(answer.why)
  return answer as A
}

describe('the fan of daily peaks', () => {
  it('reaches the line when half of the futures have', () => {
    const { median, at } = sure(fan(growing, { stepDays: 7 }))
    const { date = 0 } = sure(crossing(growing, line))
    const first = at[median.findIndex((value) => value >= line.value)] ?? 0
    expect(Math.abs(first - date)).toBeLessThanOrEqual(7 * dayMs)
  })

  it('holds less in narrower bands, grows wider, and begins where the history ends', () => {
    const { at, median, bands, past } = sure(fan(growing, { horizonDays: 60 }))
    expect([at.length, at[0]]).toEqual([60, monday + 120 * dayMs])
    expect(past).toEqual({ from: monday, values: growing.values })
    for (const [day, middle] of median.entries()) {
      const edges = [bands[95].lower, bands[80].lower, bands[50].lower, [], bands[50].upper, bands[80].upper]
      const inOrder = [...edges.map((edge) => edge[day] ?? middle), bands[95].upper[day] ?? 0]
      expect(inOrder).toEqual([...inOrder].sort((a, b) => a - b))
    }
    const widthOf = (day: number) => Math.log((bands[80].upper[day] ?? 0) / (bands[80].lower[day] ?? 0))
    expect(widthOf(57)).toBeGreaterThan(widthOf(1))
    // Saturday: the 124th day since a Monday.
    expect(median[5]).toBeLessThan(0.75 * (median[3] ?? 0))
  })

  it('takes days together by the highest of them, the last ones too', () => {
    const days = sure(fan(growing, { horizonDays: 10 }))
    const weeks = sure(fan(growing, { horizonDays: 10, stepDays: 7 }))
    expect(weeks.at).toEqual([days.at[0], days.at[7]])
    expect(weeks.median[0]).toBeGreaterThanOrEqual(Math.max(...days.median.slice(0, 7)))
  })

  it('refuses what crossing refuses', () => {
    const short = { ...growing, values: growing.values.slice(0, 10) }
    expect(fan(short)).toEqual(crossing(short, line))
  })
})
