import { describe, expect, it } from 'vitest'
import { namedDays, spread, timeMarks } from './fan-marks.ts'

const dayMs = 86_400_000
const at = (time: number): number => time

describe('marks of time', () => {
  const from = Date.UTC(2026, 9, 20)

  it('are months below weeks, with the year where one begins', () => {
    const marks = timeMarks('weeks', { from, to: from + 120 * dayMs, width: 900 }, 'Etc/UTC', at)
    expect(marks).toEqual([
      { x: Date.UTC(2026, 10, 1), text: 'Nov' },
      { x: Date.UTC(2026, 11, 1), text: 'Dec' },
      { x: Date.UTC(2027, 0, 1), text: 'Jan 2027' },
      { x: Date.UTC(2027, 1, 1), text: 'Feb' },
    ])
  })

  it('are days below hours, as many as there is room for', () => {
    const span = { from: from + dayMs / 2, to: from + 14.5 * dayMs }
    expect(timeMarks('hours', { ...span, width: 900 }, 'Etc/UTC', at)).toHaveLength(14)
    expect(timeMarks('hours', { ...span, width: 210 }, 'Etc/UTC', at).map(({ text }) => text)).toEqual([
      'Wed 21',
      'Sun 25',
      'Thu 29',
      'Mon 2',
    ])
  })

  it('are where they are read, also after clocks were changed', () => {
    const marks = timeMarks('weeks', { from, to: from + 60 * dayMs, width: 900 }, 'America/New_York', at)
    expect(marks).toEqual([
      { x: Date.UTC(2026, 10, 1, 4), text: 'Nov' },
      { x: Date.UTC(2026, 11, 1, 5), text: 'Dec' },
    ])
    const span = { from: Date.UTC(2026, 9, 24), to: Date.UTC(2026, 9, 26, 12), width: 900 }
    expect(timeMarks('hours', span, 'Europe/London', at)).toEqual([
      { x: Date.UTC(2026, 9, 24, 23), text: 'Sun 25' },
      { x: Date.UTC(2026, 9, 26), text: 'Mon 26' },
    ])
  })
})

it('puts names as near to their lines as they can stand', () => {
  const y = (...all: number[]) =>
    spread(
      all.map((one) => ({ y: one })),
      100,
    ).map((one) => one.y)
  expect(y(10, 50, 90)).toEqual([10, 50, 90])
  expect(y(50, 52, 40)).toEqual([40, 54, 68])
  expect(y(95, 99, 98)).toEqual([72, 86, 100])
})

it('names of each kind of day the next one, or the last', () => {
  const day = (on: number, kind: string) => ({ at: on, kind })
  const days = [day(1, 'pay-day'), day(3, 'deadline'), day(5, 'pay-day'), day(9, 'pay-day')]
  expect(namedDays(days, 4)).toEqual([day(5, 'pay-day'), day(3, 'deadline')])
})
