import { describe, expect, it } from 'vitest'
import { type DaysConfig, dayBeginsMs, daysOf } from './days.ts'
import { readRule, ruleExamples } from './rule.ts'

const hourMs = 3_600_000
const everyDay = () => true

const inMonth = (text: string, year: number, month: number, isWorkday = everyDay) =>
  readRule(text)?.dayIn({ year, month }, isWorkday)

describe('rules', () => {
  it('are days of a month, or of a year', () => {
    expect(inMonth('day 28', 2026, 2)).toBe(28)
    expect(inMonth('day 31', 2026, 4)).toBeUndefined()
    expect(inMonth('last day', 2028, 2)).toBe(29)
    expect(inMonth('last friday', 2026, 11)).toBe(27)
    expect(inMonth('second  Monday', 2026, 11)).toBe(9)
    expect(inMonth('31 january', 2027, 1)).toBe(31)
    expect(inMonth('31 january', 2027, 3)).toBeUndefined()
  })

  it('are understood as they are told', () => {
    expect(ruleExamples.filter((one) => !readRule(one))).toEqual([])
    expect(['day 0', 'day 32', 'fifth monday', 'last workday', ''].filter((one) => readRule(one))).toEqual([])
  })
})

const london: DaysConfig = {
  timeZone: 'Europe/London',
  days: [
    { on: ['2026-12-25', '2026-12-28'], kind: 'bank-holiday', like: 'sunday' },
    { on: [], every: '31 december', kind: 'bank-holiday', like: 'sunday' },
    { on: ['2026-11-30'], kind: 'deadline' },
    { on: [], every: 'last working day', kind: 'pay-day' },
    { on: [], every: 'last working day by day 28', kind: 'salaries' },
  ],
}

const told = (from: string, to: string, config = london) =>
  daysOf(config, Date.parse(from), Date.parse(to)).map(
    (day) => `${new Date(day.from).toISOString().slice(0, 13)} ${day.kind}${day.like ? ` ${day.like}` : ''}`,
  )

it('lists days with what they are called first, and pays on days on which people work', () => {
  expect(told('2026-11-20T00:00Z', '2027-01-01T00:00Z')).toEqual([
    '2026-11-27T00 salaries',
    // The last working day of November, too.
    '2026-11-30T00 deadline',
    // The 28th is a holiday, the 26th and 27th are a weekend, the 25th is Christmas.
    '2026-12-24T00 salaries',
    '2026-12-25T00 bank-holiday sunday',
    '2026-12-28T00 bank-holiday sunday',
    '2026-12-30T00 pay-day',
    '2026-12-31T00 bank-holiday sunday',
  ])
})

it('begins days at midnight where the requests come from, also when clocks change', () => {
  expect(told('2026-07-01T00:00Z', '2026-08-01T00:00Z')).toEqual([
    '2026-07-27T23 salaries',
    '2026-07-30T23 pay-day',
  ])
  expect(told('2026-12-25T23:00Z', '2026-12-26T00:00Z')).toEqual(['2026-12-25T00 bank-holiday sunday'])
  expect(told('2026-12-26T00:00Z', '2026-12-27T00:00Z')).toEqual([])
})

it('says when days begin after midnight UTC', () => {
  const begins = (timeZone: string, at: string) => dayBeginsMs({ timeZone }, Date.parse(at)) / hourMs
  expect(begins('Etc/UTC', '2026-07-01T12:00Z')).toBe(0)
  expect(begins('Europe/London', '2026-12-01T12:00Z')).toBe(0)
  expect(begins('Europe/London', '2026-07-01T12:00Z')).toBe(23)
  expect(begins('Asia/Kolkata', '2026-07-01T12:00Z')).toBe(18.5)
  expect(begins('America/New_York', '2026-12-01T03:00Z')).toBe(5)
})
