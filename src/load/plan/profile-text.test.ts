import { describe, expect, it } from 'vitest'
import { constant, ramp, spike, steps } from './profile.ts'
import { parseProfile } from './profile-text.ts'

describe('profiles as text', () => {
  it('are rates and lengths, one stage after the other', () => {
    expect(parseProfile('10..200 over 1m, 200/s for 5m,200 .. 0 30s, 5 to 7 over 1s')).toEqual({
      stages: [
        { fromPerSecond: 10, toPerSecond: 200, durationMs: 60_000 },
        { fromPerSecond: 200, toPerSecond: 200, durationMs: 300_000 },
        { fromPerSecond: 200, toPerSecond: 0, durationMs: 30_000 },
        { fromPerSecond: 5, toPerSecond: 7, durationMs: 1_000 },
      ],
      problems: [],
    })
  })

  it.each([
    ['constant 200 for 5m', constant(200, 300_000)],
    ['soak 200/s for 2h', constant(200, 7_200_000)],
    ['ramp 10 to 200 over 1m', ramp(10, 200, 60_000)],
    ['steps 100..500 in 5 over 5m', steps(100, 500, 5, 300_000)],
    ['spike 50 to 500 for 10s', spike(50, 500, 30_000, 10_000)],
    ['Spike 50/s..500/s for 10s within 1m', spike(50, 500, 60_000, 10_000)],
    ['20 for 1s, spike 20..90 for 1s', [...constant(20, 1_000), ...spike(20, 90, 3_000, 1_000)]],
  ])('may say what they are: %s', (text, stages) => {
    expect(parseProfile(text)).toEqual({ stages, problems: [] })
  })

  it('that cannot be read are told all at once', () => {
    const { problems } = parseProfile('ten for 1m, 10 for 30s, 10 for ever, 5 for 0s,')
    expect(problems.map(({ at }) => at)).toEqual(['ten for 1m', '10 for ever', '5 for 0s', ''])
  })

  it('that cannot be read are told with what was probably meant, and how that is written', () => {
    const text = 'spke 50..500 for 10s, soak 200, steps 1..2 in 1 over 1m, spike 1..2 for 1m within 30s'
    const { stages, problems } = parseProfile(text)
    expect(stages).toEqual([])
    expect(problems.map(({ didYouMean }) => didYouMean)).toEqual(['spike', undefined, undefined, undefined])
    expect(problems.map((problem) => problem.text.replace(/.*write it like /, ''))).toEqual([
      expect.stringContaining('soak 200 for 2h'),
      'soak 200 for 2h',
      'steps 100..500 in 5 over 5m',
      'spike 50..500 for 10s within 1m',
    ])
  })
})
