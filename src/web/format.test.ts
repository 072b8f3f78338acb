import { describe, expect, it } from 'vitest'
import {
  formatAgo,
  formatChange,
  formatInterval,
  formatLost,
  formatMoment,
  formatMs,
  formatP,
  formatPart,
  formatRate,
  formatShare,
  formatSize,
  formatTimes,
  formatTook,
  plural,
} from './format.ts'

describe('figures', () => {
  it('are written as people say them', () => {
    expect(formatLost(0, 41_233)).toBe('0 of 41,233 lost')
    expect(formatAgo(1_000, 3_000)).toBe('just now')
    expect([59_999, 185_000, 11_000_000].map((ms) => formatAgo(0, ms))).toEqual([
      '59 s ago',
      '3 min ago',
      '3 h ago',
    ])
    expect(formatShare(0.667)).toBe('67 %')
    expect([0, 3.456, 123.4].map(formatMs)).toEqual(['0 ms', '3.5 ms', '123 ms'])
    expect([formatTook(1_000, 2_500), formatTook(1_000, undefined)]).toEqual(['1.5 s', ''])
  })

  it('of a canary have two digits, however small or large', () => {
    expect([0, 0.000912, 0.0512, 0.9961, 1].map(formatPart)).toEqual([
      '0 %',
      '0.091 %',
      '5.1 %',
      '99.6 %',
      '100 %',
    ])
    expect([0.034, 1, 1.44, 48.2, 1_234].map(formatTimes)).toEqual(['0.034×', '1×', '1.4×', '48×', '1,234×'])
  })

  it('of a comparison say no more than is known', () => {
    expect([-0.14, -0.0296, 0.004, 0.0004, -0.0004].map(formatChange)).toEqual([
      '−14 %',
      '−3 %',
      '+0.4 %',
      '0 %',
      '0 %',
    ])
    expect(formatSize(-0.05)).toBe('5 %')
    expect(formatInterval({ low: -0.022, high: 0.011 })).toBe('−2.2 % to +1.1 %')
    expect([0.0004, 0.0123, 0.444].map(formatP)).toEqual(['< 0.001', '0.012', '0.44'])
    expect([43.21, 812.4, 1_234.4].map(formatRate)).toEqual([
      '43.2 requests/s',
      '812 requests/s',
      '1,234 requests/s',
    ])
    expect([plural(1, 'round'), plural(1_200, 'round')]).toEqual(['1 round', '1,200 rounds'])
  })

  it('of a day name the year when it is another', () => {
    const at = new Date(2026, 11, 3, 14, 0).getTime()
    // The zone is that of whoever looks.
    expect(formatMoment(at, new Date(2026, 10, 1).getTime())).toMatch(/^3 Dec 14:00 [A-Z]{3,}/)
    expect(formatMoment(at, new Date(2027, 10, 1).getTime())).toMatch(/^3 Dec 2026 14:00 [A-Z]{3,}/)
    const midnight = Date.UTC(2026, 11, 31, 23, 30)
    expect(formatMoment(midnight, midnight + 3_600_000, 'Europe/Paris')).toMatch(/^1 Jan 00:30 (CET|GMT\+1)$/)
    expect(formatMoment(midnight, midnight + 3_600_000, 'Etc/UTC')).toBe('31 Dec 2026 23:30 UTC')
  })
})
