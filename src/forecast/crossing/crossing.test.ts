import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../kernel/index.ts'
import {
  type Crossing,
  chanceWithin,
  crossing,
  fan,
  nextTicket,
  noTicket,
  type Refusal,
  runsOut,
} from '../index.ts'

const dayMs = 86_400_000
const monday = Date.UTC(2026, 0, 5)

/** One number each day. */
const daily = (days: number, of: (day: number) => number) => {
  const random = seededRandom(11)
  return {
    from: monday,
    stepMs: dayMs,
    values: Array.from({ length: days }, (_, day) => of(day) + random.next() - 0.5),
  }
}

function sure(answer: Crossing | Refusal): Crossing {
  if (answer.is === 'refused') throw new Error(answer.why)
  return answer
}
const daysAhead = ({ from }: Crossing, at: number | undefined) => ((at ?? Number.NaN) - from) / dayMs

describe('the crossing of a line', () => {
  const growing = daily(120, (day) => 200 * Math.exp(0.004 * day) * (day % 7 >= 5 ? 0.6 : 1))
  const in40Days = 200 * Math.exp(0.004 * 160)

  it('has a date between two others, and chances that grow', () => {
    const seen = sure(crossing(growing, in40Days))
    expect(Math.abs(daysAhead(seen, seen.date) - 40)).toBeLessThan(6)
    expect(daysAhead(seen, seen.early)).toBeLessThanOrEqual(daysAhead(seen, seen.date))
    expect(daysAhead(seen, seen.late)).toBeGreaterThanOrEqual(daysAhead(seen, seen.date))
    expect(seen.within).toMatchObject({ 7: 0, 90: 1 })
    expect(chanceWithin(seen, 180)).toBe(1)
    expect(seen.why).toMatch(/^daily peaks of 120 days grow by 2\.\d % a week$/)
    expect(crossing(growing, in40Days)).toEqual(seen)
  })

  it('is less sure of an unsure line', () => {
    const widthOf = (seen: Crossing) => daysAhead(seen, seen.late) - daysAhead(seen, seen.early)
    const unsure = { value: in40Days, lower: in40Days / 1.05, upper: in40Days * 1.05 }
    expect(widthOf(sure(crossing(growing, unsure)))).toBeGreaterThan(
      widthOf(sure(crossing(growing, in40Days))) + 5,
    )
  })

  it('is not seen where nothing grows, and is now where it has been crossed', () => {
    const steady = daily(120, (day) => (day % 7 >= 5 ? 60 : 100))
    expect(sure(crossing(steady, 150))).toMatchObject({ within: { 7: 0, 30: 0, 90: 0 }, days: [] })
    expect(sure(crossing(steady, 90)).within[7]).toBe(1)
  })

  it('does not take a change of level for growth', () => {
    const stepped = daily(100, (day) => (day >= 60 ? 150 : 100))
    const seen = sure(crossing(stepped, 180))
    expect(seen.why).toContain('the level changed once')
    expect(seen.within[90]).toBeLessThan(0.2)
  })

  it.each([0, 5])('of what always was %d is not seen, and its futures are the same number', (value) => {
    const steady = { from: monday, stepMs: dayMs, values: new Array<number>(40).fill(value) }
    expect(sure(crossing(steady, 6))).toMatchObject({
      within: { 90: 0 },
      why: 'daily peaks of 40 days were all the same',
    })
    const next = fan(steady, { horizonDays: 3 })
    expect(next.is === 'fan' && [...next.median, ...next.bands[95].upper]).toEqual(new Array(6).fill(value))
  })

  it('is never sooner for a higher line, since the futures are the same', () => {
    const dates = [0.9, 1, 1.1].map(
      (factor) => sure(crossing(growing, factor * in40Days)).days,
    ) as readonly (readonly number[])[]
    const [low = [], middle = [], high = []] = dates
    expect(middle.every((day, i) => day >= (low[i] ?? 0))).toBe(true)
    expect(high.every((day, i) => day >= (middle[i] ?? 0))).toBe(true)
  })

  it('goes on with another growth when somebody asks what if', () => {
    const faster = sure(crossing(growing, in40Days, { growthPerWeek: 0.05 }))
    expect(Math.abs(daysAhead(faster, faster.date) - 23)).toBeLessThan(6)
    const never = sure(crossing(growing, in40Days, { growthPerWeek: 0 }))
    expect(never.within[90]).toBeLessThan(0.05)
  })

  it('expects a deadline to be like those before', () => {
    const deadlines = [20, 50, 80, 110, 140].map((day) => ({ from: monday + day * dayMs, kind: 'deadline' }))
    const seen = sure(
      crossing(
        daily(130, (day) => (day % 30 === 20 ? 150 : 100)),
        130,
        { days: deadlines, horizonDays: 40 },
      ),
    )
    expect(daysAhead(seen, seen.date)).toBe(10)
  })

  it.each<[string, number, Refusal['because']]>([
    ['two days', 2, 'too-short'],
    ['a week', 7, 'too-short'],
  ])('is refused for %s', (_name, days, because) => {
    expect(
      crossing(
        daily(days, () => 100),
        150,
      ),
    ).toMatchObject({ is: 'refused', because })
  })
})

describe('what only grows', () => {
  it('is full by its slope', () => {
    const seen = sure(
      runsOut(
        daily(40, (day) => 100 + 2 * day),
        240,
      ),
    )
    expect(Math.abs(daysAhead(seen, seen.date) - 30)).toBeLessThan(2)
  })

  it('goes on to be cleaned up when it has been', () => {
    const cleaned = daily(84, (day) => 100 + day + 4 * (day % 14))
    const seen = sure(runsOut(cleaned, 100 + 84 + 4 * 14 + 28))
    expect(seen.why).toContain('fell 5 times, 14 days apart on average and 14 at the most, and will go on to')
    expect(daysAhead(seen, seen.date)).toBeGreaterThan(14)
    expect(daysAhead(seen, seen.date)).toBeLessThan(42)
  })

  it('does not count on a clean-up that was once', () => {
    expect(
      sure(
        runsOut(
          daily(40, (day) => (day < 30 ? 100 + 5 * day : 5 * day - 50)),
          500,
        ),
      ).why,
    ).toContain('fell once, which is not counted on')
  })

  it('is not full where it does not grow', () => {
    expect(
      sure(
        runsOut(
          daily(60, () => 90),
          100,
        ),
      ).within,
    ).toEqual({ 7: 0, 30: 0, 90: 0 })
  })
})

describe('what its limit ends', () => {
  /** Of a process that leaks and is killed each fortnight, when it is full. */
  const killed = daily(70, (day) => 30 + 5 * (day % 14))

  it('is ended again, though it falls as after a clean-up', () => {
    expect(sure(runsOut(killed, 96)).within[30]).toBeLessThan(0.5)
    const seen = sure(runsOut(killed, 96, { killsFrom: 0.98 }))
    expect(seen.why).toContain('fell 4 times, each time since it was full, which is not counted on')
    expect(seen.within[30]).toBe(1)
  })

  it('comes later without clean-ups only where there are some', () => {
    const alone = sure(runsOut(killed, 150, { isLeftAlone: true }))
    expect(daysAhead(alone, alone.date)).toBeGreaterThan(8)
    expect(daysAhead(alone, alone.date)).toBeLessThan(14)
    expect(sure(runsOut(killed, 150)).date).toBeUndefined()
  })
})

describe('a ticket', () => {
  /** Crosses within the lead time in so many of ten futures. */
  const seen = (likely: number): Crossing => ({
    is: 'crossing',
    within: { 7: 0, 30: likely / 10, 90: likely / 10 },
    days: new Array(likely).fill(20),
    futures: 10,
    from: monday,
    horizonDays: 180,
    why: '',
  })
  const stateAfter = (...chances: readonly (number | undefined)[]) =>
    chances.reduce(
      (state, likely, i) => nextTicket(state, likely === undefined ? undefined : seen(likely), i),
      noTicket,
    )

  it('opens when it is likely twice, and closes when it is unlikely twice', () => {
    expect(stateAfter(9).isOpen).toBe(false)
    expect(stateAfter(9, 9)).toMatchObject({ isOpen: true, since: 1 })
    expect(stateAfter(9, 4, 9).isOpen).toBe(false)
    expect(stateAfter(5, 5).isOpen).toBe(true)
    expect(stateAfter(9, 9, 2).isOpen).toBe(true)
    expect(stateAfter(9, 9, 2, 2)).toMatchObject({ isOpen: false, since: 3 })
  })

  it('stays what it is while the chance swings between, and while nothing can be said', () => {
    expect(stateAfter(9, 9, 4, 6, 3, 4)).toMatchObject({ isOpen: true, since: 1 })
    expect(stateAfter(4, 6, 3, 4, 6, 4).isOpen).toBe(false)
    expect(stateAfter(9, 9, undefined, undefined).isOpen).toBe(true)
  })
})
