import { describe, expect, it } from 'vitest'
import { formatAgo, formatLost, formatMs, formatShare, formatTook } from './format.ts'

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
    expect([formatMs(3.456), formatMs(123.4)]).toEqual(['3.5 ms', '123 ms'])
    expect([formatTook(1_000, 2_500), formatTook(1_000, undefined)]).toEqual(['1.5 s', ''])
  })
})
