import { describe, expect, it } from 'vitest'
import { type Digest, type Evidence, type GateQuestion, type Json, sayLocal } from '../../../kernel/index.ts'
import { calendarKind, fixKind, freezeAt, freezeGate } from './freeze.ts'
import type { FreezeSettings } from './settings.ts'
import { readWindow } from './windows.ts'

const at = (iso: string): number => Date.parse(iso)
const london = (...windows: FreezeSettings['windows']): FreezeSettings => ({
  kind: 'freeze',
  name: 'freeze',
  timeZone: 'Europe/London',
  windows,
  exempt: 'fixes',
})

describe('a window', () => {
  it.each(['fri 16:00 – mon 08:00', 'Friday 16:00 - Monday 8:00', '2026-12-20 00:00 to 2027-01-03T08:00'])(
    'can be read: %s',
    (text) => expect(readWindow(text)).toBeDefined(),
  )

  it.each([
    'fri – mon',
    'fri 25:00 – mon 08:00',
    'fri 16:00',
    '2026-02-30 00:00 – 2026-03-03 00:00',
    '2026-12-20 00:00 – 2026-12-19 00:00',
    'fri 16:00 – 2026-12-20 00:00',
    'fri 16:00 – mon 08:00 – tue 08:00',
  ])('is refused: %s', (text) => expect(readWindow(text)).toBeUndefined())
})

describe('a freeze', () => {
  const weekend = london({ when: 'fri 16:00 – mon 08:00', reason: 'weekend' })
  const until = (settings: FreezeSettings, iso: string) => {
    const freeze = freezeAt(settings, at(iso))
    return freeze && new Date(freeze.until).toISOString()
  }

  it.each([
    ['before it', '2026-11-27T15:59:59Z', undefined],
    ['from its beginning', '2026-11-27T16:00:00Z', '2026-11-30T08:00:00.000Z'],
    ['in the middle', '2026-11-29T12:00:00Z', '2026-11-30T08:00:00.000Z'],
    ['to just before its end', '2026-11-30T07:59:59Z', '2026-11-30T08:00:00.000Z'],
    ['not at its end', '2026-11-30T08:00:00Z', undefined],
    ['in summer an hour earlier by UTC', '2026-07-03T15:00:00Z', '2026-07-06T07:00:00.000Z'],
    ['over the switch to summer time', '2026-03-28T12:00:00Z', '2026-03-30T07:00:00.000Z'],
    ['over the switch to winter time', '2026-10-24T12:00:00Z', '2026-10-26T08:00:00.000Z'],
  ])('that comes every week holds %s', (_when, now, end) => expect(until(weekend, now)).toBe(end))

  it('that begins or ends at a time which clocks never show is longer, not shorter', () => {
    // On 2026-03-29 clocks in London go from 01:00 to 02:00, at 01:00 UTC.
    const settings = london('2026-03-29 01:30 – 2026-03-29 05:00')
    expect(until(settings, '2026-03-29T00:29:00Z')).toBeUndefined()
    expect(until(settings, '2026-03-29T00:30:00Z')).toBe('2026-03-29T04:00:00.000Z')
    expect(until(london('2026-03-28 12:00 – 2026-03-29 01:30'), '2026-03-29T01:29:00Z')).toBe(
      '2026-03-29T01:30:00.000Z',
    )
  })

  it('begins at the first and ends at the second of a time that clocks show twice', () => {
    // On 2026-10-25 clocks in London go from 02:00 back to 01:00, at 01:00 UTC.
    const settings = london('2026-10-25 01:30 – 2026-10-25 01:45')
    expect(until(settings, '2026-10-25T00:30:00Z')).toBe('2026-10-25T01:45:00.000Z')
    expect(until(settings, '2026-10-25T00:29:00Z')).toBeUndefined()
  })

  it('is one with what follows without a gap', () => {
    const settings = london('fri 16:00 – mon 08:00', '2026-11-30 08:00 – 2026-12-01 09:00')
    expect(until(settings, '2026-11-28T12:00:00Z')).toBe('2026-12-01T09:00:00.000Z')
  })

  it('that never ends is looked at no further than a while', () => {
    expect(freezeAt(london('mon 00:00 – mon 00:00'), at('2026-11-28T12:00:00Z'))?.until).toBeGreaterThan(
      at('2027-11-28T12:00:00Z'),
    )
  })

  it('is told in its own zone', () => {
    expect(sayLocal('Asia/Kolkata', at('2026-11-30T08:00:00Z'))).toBe('Mon 2026-11-30 13:30 (Asia/Kolkata)')
  })
})

describe('the gate freeze', () => {
  const release: Digest = `sha256:${'a'.repeat(64)}`
  const evidence = (kind: string, digit: string): Evidence => ({
    id: `sha256:${digit.repeat(64)}`,
    kind,
    at: 0,
    about: { release, environment: 'production' },
    body: {} as Json,
  })
  const all = [evidence(calendarKind, 'c'), evidence(fixKind, 'f')]
  const asked: GateQuestion = { service: 'payments', environment: 'production', release }
  const weekend = london({ when: 'fri 16:00 – mon 08:00', reason: 'weekend' })
  const frozen = at('2026-11-28T12:00:00Z')

  it('waits until the freeze is over, and says until when', () => {
    expect(freezeGate.judge(weekend, asked, all, frozen)).toEqual({
      is: 'waits',
      because: 'frozen (weekend) until Mon 2026-11-30 08:00 (Europe/London)',
    })
  })

  it('passes outside of it, naming the calendar', () => {
    const open = at('2026-12-01T12:00:00Z')
    expect(freezeGate.judge(weekend, asked, all, open)).toEqual({ is: 'pass', seen: [all[0]?.id] })
  })

  it('lets a fix through, naming who called it one', () => {
    const fix = { ...asked, fix: 'INC-12' }
    expect(freezeGate.judge(weekend, fix, all, frozen)).toEqual({ is: 'pass', seen: [all[1]?.id] })
    expect(freezeGate.judge({ ...weekend, exempt: 'nothing' }, fix, all, frozen)).toMatchObject({
      is: 'waits',
    })
  })

  it('passes nothing before the calendar is kept', () => {
    expect(freezeGate.judge(weekend, asked, [], at('2026-12-01T12:00:00Z'))).toMatchObject({
      is: 'inconclusive',
    })
  })
})
