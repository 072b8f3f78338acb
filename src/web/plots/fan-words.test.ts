import { expect, it } from 'vitest'
import { growing } from './fan.fixture.ts'
import { fanOfHours, fanOfWeeks } from './fan.ts'
import { fanCsv, fanTable, hoursFinding, stepText, weeksFinding } from './fan-words.ts'

const [weeks, hours] = [fanOfWeeks(growing), fanOfHours(growing)]
if (!weeks || !hours) throw new Error('there is no fan')

it('finds when the line is crossed and how likely soon, or why nobody knows and what to do', () => {
  expect(weeksFinding(growing)).toBe(
    'Production of payments crosses its load line about 6 February 2027. Probability of crossing it: 4 % within 30 days.',
  )
  const { crossing: _, chances: __, ...unknown } = growing
  const text = 'no load line of 0123456789ab was measured in step with production'
  expect(weeksFinding({ ...unknown, text, next: 'plimsoll load test perf' })).toBe(
    'No load line of 0123456789ab was measured in step with production. Next: plimsoll load test perf.',
  )
})

it('finds the hour that is to be the busiest', () => {
  expect(hoursFinding(growing)).toBe(
    'Production of payments expects its busiest hour on Sat 28 Nov 01:00 (UTC), with 40/s (80 %: 36 – 44): 80 % of its load line.',
  )
})

it('reads a step with its bands, its share of the line and its special days', () => {
  const [first, last] = [weeks.steps[0], weeks.steps[11]]
  if (!first || !last) throw new Error('there are no steps')
  expect(stepText(weeks, first, growing, 'weeks')).toBe('week from 19 Sept 2026: 30/s, 60 % of the load line')
  expect(stepText(weeks, last, growing, 'weeks')).toBe(
    'week from 5 Dec 2026, expected: 41/s (50 %: 38.9 – 43.1, 80 %: 36.9 – 45.1, 95 %: 32.8 – 49.2), 82 % of the load line, pay-day on 6 Dec',
  )
})

it('has its figures in rows, for people and for machines', () => {
  const { heads, rows } = fanTable(hours, growing, 'hours')
  expect(heads).toEqual(['hour', 'seen', 'expected', '50 %', '80 %', '95 %', 'of the load line'])
  expect(rows[0]).toEqual(['Fri 27 Nov 21:00 (UTC)', '20/s', '', '', '', '', '40 %'])
  expect(rows[1]).toEqual(['Fri 27 Nov 22:00 (UTC)', '', '', '', '', '', ''])
  expect(fanCsv(hours).rows[3]).toEqual(['2026-11-28T00:00:00.000Z', null, 30, 28.5, 31.5, 27, 33, 24, 36])
})
