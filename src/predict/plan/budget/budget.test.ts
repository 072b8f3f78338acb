import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../kernel/index.ts'
import { endText, foreseeBudget } from './foresee.ts'
import { hourMs } from './spending.ts'

const day = 24
const dayMs = day * hourMs
/** A Monday. */
const now = Date.UTC(2026, 10, 30)
const around = { now, timeZone: 'Etc/UTC' }
const promise = { objective: 0.999, window: 28 * dayMs }
const perHour = 10_000

/** Bad events by how many hours ago they were; `burn` 1 spends all of the budget over the period. */
function hoursOf(burnAt: (hoursAgo: number) => number, days = 56, knownDays = days) {
  const count = days * day
  const random = seededRandom(7)
  const ago = Array.from({ length: count }, (_, i) => count - i)
  return {
    from: now - count * hourMs,
    total: ago.map(() => perHour),
    bad: ago.map((hours) => Math.round(burnAt(hours) * perHour * 0.001 * (0.7 + 0.6 * random.next()))),
    known: ago.map((hours) => (hours <= knownDays * day ? 1 : 0)),
  }
}
const foresee = (
  burnAt: (hoursAgo: number) => number,
  more: Partial<Parameters<typeof foreseeBudget>[0]> = {},
) =>
  foreseeBudget(
    { name: 'availability', promise, leastBad: 5, hours: hoursOf(burnAt), deployed: [], ...more },
    around,
  )

describe('the end of an error budget', () => {
  it('is not seen while it burns no faster than evenly', () => {
    const finding = foresee(() => 0.5)
    expect(finding).toMatchObject({
      text: 'its availability budget is not seen to end within 90 days',
      crossing: { within: { 30: 0 } },
    })
  })

  it('comes near when it has burned fast for some days', () => {
    // 0.2 for 24 days and 3 for 4: 60 % is spent, and 2.8/28 of it goes each day: 4 days are left.
    const finding = foresee((hours) => (hours <= 4 * day ? 3 : 0.2))
    if (finding.is !== 'foreseen') throw new Error(finding.text)
    expect(finding.text).toBe('its availability budget ends about 4 December (80 %: 3 – 7 December)')
    const date = (finding.crossing.date ?? 0) - now
    expect(date / dayMs).toBeGreaterThan(3.4)
    expect(date / dayMs).toBeLessThan(4.8)
    expect(finding.found[0]).toMatch(/^6\d % of it is spent over 28 days, 3\d % in the last 3$/)
  })

  it('does not take one bad afternoon for the days to come, and says what one more would cost', () => {
    // 40 % of the budget in two hours, nine days ago.
    const finding = foresee((hours) => (hours > 216 && hours <= 218 ? 134 : 0.2), {
      deployed: [
        { name: '77aa', from: now - 5 * dayMs, to: now - 5 * dayMs + hourMs },
        { name: '5b1f0c9', from: now - 218 * hourMs, to: now - 217 * hourMs },
      ],
    })
    if (finding.is !== 'foreseen') throw new Error(finding.text)
    expect(finding.crossing.within[30]).toBeLessThan(0.5)
    expect(finding.found.slice(1)).toEqual([
      'once in 56 days an hour spent 2 % or more, and may again as often',
      expect.stringMatching(/^one more like 5b1f0c9 of 20 November would spend (3\d|4\d) % of it$/),
    ])
  })

  it('may end by one more incident like those that there were, and says so', () => {
    // Four in eight weeks, of which the last two spent 35 % of the budget each.
    const incidents = [50, 40, 16, 5].map((daysAgo) => daysAgo * day)
    const finding = foresee((hours) => (incidents.includes(hours) ? 0.35 * 28 * 24 : 0.1))
    if (finding.is !== 'foreseen') throw new Error(finding.text)
    const { crossing, found, ticketAt } = finding
    expect(crossing.within[30]).toBeGreaterThan(ticketAt?.openAt ?? 1)
    expect(crossing.within[30]).toBeLessThan(0.75)
    expect(found).toContainEqual(
      expect.stringMatching(
        /^one more incident like that of \d+ November, which spent \d\d % of it, ends it: \d\d % is left$/,
      ),
    )
  })

  it('sees an end in what goes on', () => {
    const finding = foresee((hours) => (hours <= 6 ? 40 : 0.1))
    if (finding.is !== 'foreseen') throw new Error(finding.text)
    expect(finding.crossing.within[7]).toBeGreaterThan(0.2)
  })

  it('is over when more is spent than there is', () => {
    const finding = foresee(() => 1.4)
    expect(finding).toMatchObject({ text: 'its availability budget is spent: 140 % of it' })
    expect(finding.is === 'foreseen' && finding.crossing.date).toBe(now)
  })

  it('is not guessed from too little', () => {
    expect(foresee(() => 1, { hours: hoursOf(() => 1, 56, 2) })).toMatchObject({
      is: 'unforeseen',
      text: 'its availability budget: 48 of the 72 hours that it takes are known',
    })
    const few = { ...hoursOf(() => 0), total: hoursOf(() => 0).total.map(() => 2) }
    expect(foresee(() => 0, { hours: few })).toMatchObject({
      text: 'its availability budget: it has so few events that 1.3 bad ones are all of it, expected 5 or more',
    })
  })

  it('holds in most of simulated weeks that its interval holds it', () => {
    let held = 0
    const tries = 40
    for (let seed = 1; seed <= tries; seed++) {
      const random = seededRandom(seed)
      const rate = 1.5 + random.next() * 2
      const hours = hoursOf((ago) => (ago <= 7 * day ? rate : 0.2))
      const finding = foresee(() => 0, { hours })
      if (finding.is !== 'foreseen') throw new Error(finding.text)
      // It goes on as it was: what is left, less what is given back.
      const spent = (7 * rate + 21 * 0.2) / 28
      const truth = now + ((1 - spent) / ((rate - 0.2) / 28)) * dayMs
      const { early = 0, late = Number.POSITIVE_INFINITY } = finding.crossing
      if (truth >= early - 6 * hourMs && truth <= late + 6 * hourMs) held++
    }
    expect(held).toBeGreaterThan(tries * 0.8)
  })
})

describe('words for an end', () => {
  const crossing = (date: number, early: number, late: number) => ({
    ...{ is: 'crossing' as const, days: [], futures: 1, from: now, horizonDays: 90, why: '' },
    ...{ date, early, late, within: { 7: 1, 30: 1, 90: 1 } },
  })
  it('name weekdays this week, hours of one day, and dates after that', () => {
    const at = (days: number, hour: number) => now + days * dayMs + hour * hourMs
    expect(endText(crossing(at(3, 14), at(2, 3), at(5, 1)), around)).toBe(
      'Thursday 14:00 UTC (80 %: Wed – Sat)',
    )
    expect(endText(crossing(at(3, 14), at(3, 9), at(3, 20)), around)).toBe(
      'Thursday 14:00 UTC (80 %: 09:00 – 20:00)',
    )
    expect(endText(crossing(at(20, 14), at(15, 9), at(30, 20)), around)).toBe(
      'about 20 December (80 %: 15 – 30 December)',
    )
  })
})
