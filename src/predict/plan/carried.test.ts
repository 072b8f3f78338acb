import { describe, expect, it } from 'vitest'
import { type CarriedSpan, carriedIn, carriedText, contradiction, type LiveSpan } from './carried.ts'

const noon = Date.UTC(2026, 10, 27, 12)
const minuteMs = 60_000
const span = (minute: number, rate: number, badShare = 0, total = 300 * rate): CarriedSpan => ({
  from: noon + minute * minuteMs,
  to: noon + (minute + 5) * minuteMs,
  requests: 300 * rate,
  promises: [
    { objective: 0.999, bad: 0, total },
    { objective: 0.99, bad: badShare * total, total },
  ],
})
const life = (release: string, minute: number, instances: number, until?: number): LiveSpan => ({
  ...{ release, instances, from: noon + minute * minuteMs },
  ...(until === undefined ? {} : { to: noon + until * minuteMs }),
})
const now = { release: 'b', instances: 3 }

describe('what production has carried', () => {
  it('is the busiest span in which everything promised was kept', () => {
    const spans = [span(0, 700), span(5, 940, 0.01), span(10, 990, 0.011), span(15, 800)]
    const carried = carriedIn(spans, [life('b', -60, 3)], now)
    expect(carried).toEqual({
      ratePerSecond: 940,
      from: noon + 5 * minuteMs,
      to: noon + 10 * minuteMs,
      release: 'b',
      instances: 3,
    })
    expect(
      carriedText(
        'production',
        { ...(carried ?? fail()), from: noon, to: noon + 5 * minuteMs },
        { now: noon, timeZone: 'Etc/UTC' },
      ),
    ).toBe('production has carried 940/s, within what is promised (Friday 27 November 12:00–12:05 UTC)')
  })

  it('counts only while the release that runs was live alone, with no more instances than now', () => {
    const spans = [span(0, 900), span(5, 800), span(10, 700), span(15, 600)]
    const lives = [life('a', -60, 3, 7), life('b', 7, 5, 15), life('b', 15, 2)]
    expect(carriedIn(spans, lives, now)).toMatchObject({ ratePerSecond: 600, instances: 2 })
    expect(carriedIn(spans, lives, { ...now, instances: 5 })).toMatchObject({
      ratePerSecond: 700,
      instances: 5,
    })
    expect(carriedIn(spans, lives, { release: 'c', instances: 9 })).toBeUndefined()
  })

  it('is nothing where nothing is promised, known or asked', () => {
    const lives = [life('b', -60, 3)]
    expect(carriedIn([], lives, now)).toBeUndefined()
    expect(carriedIn([{ ...span(0, 900), promises: [] }], lives, now)).toBeUndefined()
    expect(carriedIn([span(0, 900, 0, 0), span(5, 0)], lives, now)).toBeUndefined()
    expect(carriedIn([span(0, 900, Number.NaN), span(5, Number.NaN)], lives, now)).toBeUndefined()
  })

  it('contradicts a load line whose high end is below it', () => {
    const carried = carriedIn([span(0, 940)], [life('b', -60, 3)], now) ?? fail()
    const line = { high: 800, measuredIn: 'perf' }
    expect(contradiction('production', carried, line)).toBe(
      'perf says 800/s at most, production has carried 940/s: perf is not like production',
    )
    expect(contradiction('production', carried, { ...line, high: 1_180 })).toBeUndefined()
    expect(contradiction('production', carried, { ...line, high: Infinity })).toBeUndefined()
  })
})

function fail(): never {
  throw new Error('nothing was found')
}
