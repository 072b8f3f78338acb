import { describe, expect, it } from 'vitest'
import { readWindow } from '../../deploy/plan/gates/windows.ts'
import { CalendarProblem } from './lines.ts'
import { readCalendar, readCalendarDays } from './read-calendar.ts'

const london = 'Europe/London'
const now = Date.UTC(2026, 10, 1)

const calendar = (...lines: string[]): string => ['BEGIN:VCALENDAR', ...lines, 'END:VCALENDAR'].join('\r\n')
const event = (...lines: string[]): string[] => ['BEGIN:VEVENT', ...lines, 'END:VEVENT']
const read = (...lines: string[]) => readCalendar(calendar(...event(...lines)), 'ops/freeze.ics', london, now)
const whens = (...lines: string[]) => read(...lines).map(({ when }) => when)

describe('single events', () => {
  it('are windows, with their summary as the reason', () => {
    expect(
      read('DTSTART:20261219T000000Z', 'DTEND:20270104T080000Z', 'SUMMARY:Christmas\\, and the days after'),
    ).toEqual([{ when: '2026-12-19T00:00Z – 2027-01-04T08:00Z', reason: 'Christmas, and the days after' }])
  })

  it('are in their own zone, or in that of the freeze when they name none', () => {
    expect(whens('DTSTART;TZID=America/New_York:20261219T090000', 'DURATION:PT90M')).toEqual([
      '2026-12-19T14:00Z – 2026-12-19T15:30Z',
    ])
    expect(whens('DTSTART:20270601T090000', 'DTEND:20270601T100000')).toEqual([
      '2027-06-01T08:00Z – 2027-06-01T09:00Z',
    ])
  })

  it('may be whole days, and last one when they have no end', () => {
    expect(whens('DTSTART;VALUE=DATE:20270601')).toEqual(['2027-05-31T23:00Z – 2027-06-01T23:00Z'])
    expect(whens('DTSTART;VALUE=DATE:20261224', 'DTEND;VALUE=DATE:20261227')).toEqual([
      '2026-12-24T00:00Z – 2026-12-27T00:00Z',
    ])
  })

  it('that are over, or cancelled, are none', () => {
    expect(read('DTSTART:20261001T000000Z', 'DTEND:20261002T000000Z')).toEqual([])
    expect(read('DTSTART:20261201T000000Z', 'DTEND:20261202T000000Z', 'STATUS:CANCELLED')).toEqual([])
  })

  it('may be folded, and hold what does not matter', () => {
    const text = calendar(
      ...['VERSION:2.0', 'BEGIN:VTIMEZONE', 'TZID:x', 'END:VTIMEZONE'],
      ...event(
        'DTSTART;X-A="a:b;c,d":2026121',
        ' 9T000000Z',
        'DTEND:20261220T000000Z',
        'SUMMARY:Au',
        '\tdit',
      ),
    )
    expect(readCalendar(text, 'f', london, now)).toEqual([
      { when: '2026-12-19T00:00Z – 2026-12-20T00:00Z', reason: 'Audit' },
    ])
  })
})

describe('events that repeat', () => {
  it('keep their time on the wall when clocks change', () => {
    expect(whens('DTSTART:20270319T160000', 'DURATION:PT1H', 'RRULE:FREQ=WEEKLY;COUNT=3;BYDAY=FR')).toEqual([
      '2027-03-19T16:00Z – 2027-03-19T17:00Z',
      '2027-03-26T16:00Z – 2027-03-26T17:00Z',
      '2027-04-02T15:00Z – 2027-04-02T16:00Z',
    ])
  })

  it('end with UNTIL, which is in UTC, and the occurrence that begins just then is one', () => {
    const rule = (until: string) => `RRULE:FREQ=DAILY;UNTIL=${until}`
    const begins = ['DTSTART;TZID=America/New_York:20270601T090000', 'DURATION:PT1H'] as const
    expect(whens(...begins, rule('20270603T130000Z'))).toHaveLength(3)
    expect(whens(...begins, rule('20270603T125900Z'))).toHaveLength(2)
  })

  it('leave out what EXDATE names, and add what RDATE does', () => {
    expect(
      whens(
        ...['DTSTART;VALUE=DATE:20270101', 'RRULE:FREQ=MONTHLY;INTERVAL=2;COUNT=4'],
        ...['EXDATE;VALUE=DATE:20270301,20270701', 'RDATE;VALUE=DATE:20270815'],
      ),
    ).toEqual([
      '2027-01-01T00:00Z – 2027-01-02T00:00Z',
      '2027-04-30T23:00Z – 2027-05-01T23:00Z',
      '2027-08-14T23:00Z – 2027-08-15T23:00Z',
    ])
  })

  it('may be on the last Friday of a month, or once a year', () => {
    expect(
      whens('DTSTART:20261127T120000Z', 'DURATION:PT1H', 'RRULE:FREQ=MONTHLY;BYDAY=-1FR;COUNT=2'),
    ).toEqual(['2026-11-27T12:00Z – 2026-11-27T13:00Z', '2026-12-25T12:00Z – 2026-12-25T13:00Z'])
    expect(
      whens('DTSTART;VALUE=DATE:20201220', 'DTEND;VALUE=DATE:20201228', 'RRULE:FREQ=YEARLY;UNTIL=20271220'),
    ).toEqual(['2026-12-20T00:00Z – 2026-12-28T00:00Z', '2027-12-20T00:00Z – 2027-12-28T00:00Z'])
  })

  it('may have one occurrence moved, and one cancelled', () => {
    const text = calendar(
      ...event('UID:a', 'DTSTART:20261203T100000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;COUNT=3'),
      ...event('UID:a', 'RECURRENCE-ID:20261204T100000Z', 'DTSTART:20261204T150000Z', 'DURATION:PT1H'),
      ...event(
        'UID:a',
        'RECURRENCE-ID:20261205T100000Z',
        'DTSTART:20261205T100000Z',
        'DURATION:PT1H',
        'STATUS:CANCELLED',
      ),
    )
    expect(readCalendar(text, 'f', london, now).map(({ when }) => when)).toEqual([
      '2026-12-03T10:00Z – 2026-12-03T11:00Z',
      '2026-12-04T15:00Z – 2026-12-04T16:00Z',
    ])
  })

  it('for ever are read for two years, and what comes then is frozen until somebody pushes', () => {
    const windows = read('DTSTART:20200103T160000', 'DURATION:P2DT16H', 'RRULE:FREQ=WEEKLY')
    expect(windows).toHaveLength(106)
    expect(windows[0]).toEqual({ when: '2026-10-30T16:00Z – 2026-11-02T08:00Z', reason: 'ops/freeze.ics' })
    expect(windows.at(-1)).toEqual({
      when: '2028-10-31T00:00Z – 9999-12-31T00:00Z',
      reason: 'ops/freeze.ics was read up to here: push the protected branch again',
    })
    for (const { when } of windows) expect(readWindow(when)?.is).toBe('exact')
  })
})

const refused: readonly (readonly [string, string, number, RegExp])[] = [
  ['no calendar', 'Freeze on Fridays', 1, /is 'Freeze on Fridays', expected NAME:value/],
  ['an event that never ends', 'BEGIN:VCALENDAR\nBEGIN:VEVENT\n', 1, /begins VCALENDAR, which never ends/],
  [
    'what is not nested',
    'BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR',
    3,
    /ends VCALENDAR, expected the end of VEVENT/,
  ],
  ['no beginning', calendar(...event('SUMMARY:x')), 2, /has no DTSTART/],
  ['no end', calendar(...event('DTSTART:20270101T000000Z')), 2, /has no end, expected DTEND or DURATION/],
  ['a day that is none', calendar(...event('DTSTART:20270230')), 3, /has the time '20270230'/],
  [
    'a zone of Windows',
    calendar(...event('DTSTART;TZID=GMT Standard Time:20270101T000000')),
    3,
    /'GMT Standard Time'/,
  ],
  [
    'an end before its beginning',
    calendar(...event('DTSTART:20270102', 'DTEND:20270101')),
    4,
    /ends before it begins/,
  ],
  [
    'a rule for each hour',
    calendar(...event('DTSTART:20270102', 'RRULE:FREQ=HOURLY')),
    4,
    /repeats HOURLY, expected FREQ=DAILY, WEEKLY, MONTHLY, YEARLY/,
  ],
  [
    'a rule that is not understood',
    calendar(...event('DTSTART:20270102', 'RRULE:FREQ=DAILY;BYMOON=FULL')),
    4,
    /has a rule with BYMOON/,
  ],
  [
    'a rule with a wrong day',
    calendar(...event('DTSTART:20270102', 'SUMMARY:x', 'RRULE:FREQ=WEEKLY;BYDAY=XX')),
    5,
    /has a rule that cannot be read/,
  ],
  ['exceptions by rule', calendar(...event('DTSTART:20270102', 'EXRULE:FREQ=DAILY')), 4, /has an EXRULE/],
]

it.each(refused)('says on which line %s stands', (_what, text, line, said) => {
  const problem = (() => {
    try {
      readCalendar(text, 'f', london, now)
    } catch (error) {
      return error as CalendarProblem
    }
    return undefined
  })()
  expect(problem).toBeInstanceOf(CalendarProblem)
  expect(problem?.message).toMatch(said)
  expect(problem?.line).toBe(line)
})

describe('special days', () => {
  const days = (...lines: string[]) =>
    readCalendarDays(calendar(...event(...lines)), london, { from: now - 180 * 86_400_000, now })

  it('are all that an event touches, where the requests come from', () => {
    expect(days('DTSTART;VALUE=DATE:20261225', 'DTEND;VALUE=DATE:20261227')).toEqual([
      '2026-12-25',
      '2026-12-26',
    ])
    expect(days('DTSTART:20260730T230000Z', 'DTEND:20260731T230000Z')).toEqual(['2026-07-31'])
    expect(days('DTSTART;TZID=Europe/London:20261130T220000', 'DURATION:PT4H')).toEqual([
      '2026-11-30',
      '2026-12-01',
    ])
  })

  it('are those of the past, too, and of two years to come', () => {
    const all = days('DTSTART;VALUE=DATE:20200131', 'RRULE:FREQ=MONTHLY;BYMONTHDAY=31')
    expect([all[0], all.at(-1), all.length]).toEqual(['2026-05-31', '2028-10-31', 18])
  })

  it('are not too many', () => {
    expect(() => days('DTSTART;VALUE=DATE:20260101', 'DTEND;VALUE=DATE:20400101')).toThrow(
      /more than 1000 days/,
    )
  })
})
