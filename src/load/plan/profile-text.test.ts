import { describe, expect, it } from 'vitest'
import { parseProfile } from './profile-text.ts'

describe('profiles as text', () => {
  it('are rates and lengths, one stage after the other', () => {
    expect(parseProfile('10..200 over 1m, 200/s for 5m,200 .. 0 30s')).toEqual({
      stages: [
        { fromPerSecond: 10, toPerSecond: 200, durationMs: 60_000 },
        { fromPerSecond: 200, toPerSecond: 200, durationMs: 300_000 },
        { fromPerSecond: 200, toPerSecond: 0, durationMs: 30_000 },
      ],
      problems: [],
    })
  })

  it('that cannot be read are told all at once', () => {
    const { problems } = parseProfile('ten for 1m, 10 for 30s, 10 for ever, 5 for 0s,')
    expect(problems.map(({ at }) => at)).toEqual(['ten for 1m', '10 for ever', '5 for 0s', ''])
  })
})
