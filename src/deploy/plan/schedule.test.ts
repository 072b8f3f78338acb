import { describe, expect, it } from 'vitest'
import { lastDue, nextDue, readSchedule } from './schedule.ts'

const at = (text: string): number => Date.parse(`${text}Z`)
const say = (instant: number | undefined) => instant && new Date(instant).toISOString().slice(0, 16)
const dues = (text: string, now: string) => {
  const schedule = readSchedule(text)
  if (!schedule) throw new Error(text)
  return [lastDue([schedule], at(now)), nextDue([schedule], at(now))].map(say)
}

describe('a schedule', () => {
  it.each([
    ['mon-fri 03:00 Europe/London', [0, 1, 2, 3, 4]],
    ['sat,sun 12:30 Etc/UTC', [5, 6]],
    ['fri-mon 1:00 Etc/UTC', [4, 5, 6, 0]],
    ['Daily 03:00 Etc/UTC', [0, 1, 2, 3, 4, 5, 6]],
  ])('%s', (text, weekdays) => expect(readSchedule(text)?.weekdays).toEqual(weekdays))

  it.each([
    'mon-fri 03:00',
    'mon-fri 24:00 Etc/UTC',
    'mon-fri 03:60 Etc/UTC',
    'someday 03:00 Etc/UTC',
    'mon-tue-wed 03:00 Etc/UTC',
    'mon, 03:00 Etc/UTC',
    'mon 03:00 Europe/Lundon',
    '',
  ])('cannot be "%s"', (text) => expect(readSchedule(text)).toBeUndefined())

  // 2026-11-27 was a Friday.
  it.each([
    ['mon-fri 03:00 Etc/UTC', '2026-11-27T03:00', '2026-11-27T03:00', '2026-11-30T03:00'],
    ['mon-fri 03:00 Etc/UTC', '2026-11-27T02:59', '2026-11-26T03:00', '2026-11-27T03:00'],
    ['mon 03:00 Etc/UTC', '2026-11-30T02:59', '2026-11-23T03:00', '2026-11-30T03:00'],
    ['mon 03:00 Etc/UTC', '2026-11-30T03:00', '2026-11-30T03:00', '2026-12-07T03:00'],
    // The zone's own time, in summer and in winter, and where the day there is another one.
    ['daily 03:00 Europe/London', '2026-07-01T12:00', '2026-07-01T02:00', '2026-07-02T02:00'],
    ['daily 03:00 Europe/London', '2026-12-01T12:00', '2026-12-01T03:00', '2026-12-02T03:00'],
    ['sat 01:00 Pacific/Auckland', '2026-11-27T13:00', '2026-11-27T12:00', '2026-12-04T12:00'],
    // Clocks go back at 02:00 on 25 October: 01:30 comes twice, and counts once.
    ['daily 01:30 Europe/London', '2026-10-25T01:40', '2026-10-25T00:30', '2026-10-26T01:30'],
  ])('%s, seen at %s, was due at %s and will be at %s', (text, now, last, next) => {
    expect(dues(text, now)).toEqual([last, next])
  })

  it('of several is due with the first of them', () => {
    const all = ['mon 03:00 Etc/UTC', 'fri 22:00 Etc/UTC'].flatMap((text) => readSchedule(text) ?? [])
    expect(say(lastDue(all, at('2026-11-28T00:00')))).toBe('2026-11-27T22:00')
    expect(say(nextDue(all, at('2026-11-28T00:00')))).toBe('2026-11-30T03:00')
    expect(nextDue([], 0)).toBeUndefined()
  })
})
