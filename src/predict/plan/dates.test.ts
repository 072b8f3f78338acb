import { describe, expect, it } from 'vitest'
import type { Crossing } from '../../forecast/index.ts'
import { aboutMomentText, aboutText, dateText } from './dates.ts'

const dayMs = 86_400_000
const now = Date.UTC(2026, 10, 28, 9)
const around = { now, timeZone: 'Etc/UTC' }
const day = (month: number, date: number, year = 2026) => Date.UTC(year, month - 1, date)
const crossed = (more: Partial<Crossing>): Crossing => ({
  is: 'crossing',
  within: { 7: 0, 30: 0, 90: 0 },
  days: [],
  futures: 400,
  from: day(11, 28),
  horizonDays: 180,
  why: '',
  ...more,
})

describe('the date of a crossing', () => {
  it('stands between two others, in as few words as tell them apart', () => {
    const of = (date: number, early?: number, late?: number) =>
      aboutText(
        crossed({
          date,
          ...(early === undefined ? {} : { early }),
          ...(late === undefined ? {} : { late }),
        }),
        around,
      )
    expect(of(day(12, 12), day(12, 3), day(12, 28))).toBe('about 12 December (80 %: 3 – 28 December)')
    expect(of(day(12, 28), day(12, 20), day(1, 4, 2027))).toBe(
      'about 28 December (80 %: 20 December – 4 January 2027)',
    )
    expect(of(day(12, 28), day(12, 20))).toBe('about 28 December (80 %: after 20 December)')
    expect(of(day(12, 5), day(12, 5), day(12, 5))).toBe('about 5 December (80 %: on 5 December)')
    expect(of(day(11, 28))).toBe('within a day')
    expect(of(day(11, 28) + dayMs / 2)).toBe('within a day')
  })

  it('is none beyond the horizon', () => {
    expect(aboutText(crossed({ early: day(4, 1, 2027) }), around)).toBeUndefined()
  })

  it('says the year where it is another one', () => {
    expect([dateText(day(11, 30), around), dateText(day(1, 3, 2027), around)]).toEqual([
      '30 November',
      '3 January 2027',
    ])
  })

  it('is that of the day where it is read, also after clocks were changed', () => {
    const london = { now: Date.UTC(2027, 9, 20), timeZone: 'Europe/London' }
    // Midnight of summer time, which is an hour before that of winter.
    const winterDay = Date.UTC(2027, 10, 11, 23)
    expect(aboutText(crossed({ date: winterDay, from: london.now }), london)).toBe('about 12 November')
    const late = Date.UTC(2027, 10, 12, 23, 30)
    expect(aboutMomentText(crossed({ date: late, from: london.now }), london)).toBe('about 12 November')
    const tokyo = { ...london, timeZone: 'Asia/Tokyo' }
    expect(aboutMomentText(crossed({ date: late, from: london.now }), tokyo)).toBe('about 13 November')
    expect(dateText(Date.UTC(2026, 11, 31, 16), { ...tokyo, now: Date.UTC(2026, 11, 31) })).toBe(
      '1 January 2027',
    )
  })
})
