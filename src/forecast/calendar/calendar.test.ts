import { expect, it } from 'vitest'
import { seededRandom } from '../../kernel/index.ts'
import { forecast, type SpecialDay, specialDay } from '../index.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const monday = Date.UTC(2026, 0, 5)

/** Six weeks of hours: 100 on workdays and 40 on Sundays, times `factor` on special days. */
function history(special: readonly number[], factor: number) {
  const random = seededRandom(5)
  const values = Array.from({ length: 6 * 168 }, (_, hour) => {
    const day = Math.floor(hour / 24)
    const usual = day % 7 === 6 ? 40 : 100
    return (
      usual *
      (1.2 + Math.sin((hour * Math.PI) / 12)) *
      (special.includes(day) ? factor : 1) *
      (1 + random.next() / 50)
    )
  })
  return { from: monday, stepMs: hourMs, values }
}

const dayOf = (day: number, kind: string, like?: SpecialDay['like']): SpecialDay => ({
  from: monday + day * dayMs,
  kind,
  ...(like && { like }),
})

const sumOf = (values: readonly number[], day: number) =>
  values.slice(day * 24, day * 24 + 24).reduce((sum, value) => sum + value, 0)

function ahead(past: ReturnType<typeof history>, days: readonly SpecialDay[]) {
  const said = forecast(past, 4 * dayMs, { days })
  if (said.is === 'refused') throw new Error(said.why)
  return said
}

it('takes a bank holiday for a Sunday', () => {
  const { median, why } = ahead(history([], 1), [dayOf(43, 'bank-holiday', 'sunday')])
  expect(sumOf(median, 1) / sumOf(median, 0)).toBeCloseTo(0.4, 1)
  expect(sumOf(median, 2) / sumOf(median, 0)).toBeCloseTo(1, 1)
  expect(why).toContain('bank-holiday taken for a sunday')
})

it('learns what pay days are like, and keeps them from usual days', () => {
  const { median, bands, why } = ahead(
    history([8, 22, 36], 2),
    [8, 22, 36, 44].map((day) => dayOf(day, 'pay-day')),
  )
  expect(sumOf(median, 2) / sumOf(median, 0)).toBeCloseTo(2, 1)
  expect(sumOf(median, 1) / sumOf(median, 0)).toBeCloseTo(1, 1)
  expect(sumOf(bands[80].upper, 2)).toBeGreaterThan(sumOf(median, 2))
  expect(why).toContain('pay-day like 3 seen before')
})

it('says that it has not seen a kind of day', () => {
  expect(ahead(history([], 1), [dayOf(43, 'deadline')]).why).toContain('no deadline has been seen')
})

it('finds midnight in a time zone, also when clocks change', () => {
  const begin = (date: string) => new Date(specialDay(date, 'Europe/London', 'x').from).toISOString()
  expect(begin('2026-03-29')).toBe('2026-03-29T00:00:00.000Z')
  expect(begin('2026-03-30')).toBe('2026-03-29T23:00:00.000Z')
  expect(begin('2026-12-25')).toBe('2026-12-25T00:00:00.000Z')
  expect(() => specialDay('25 December', 'Europe/London', 'x')).toThrow(/is no date/)
})
