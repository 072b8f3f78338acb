import { describe, expect, it } from 'vitest'
import { type SilenceWish, silenceFor } from './silencing.ts'
import { newAlerts } from './state.ts'

const now = 1_000_000
const hourMs = 3_600_000
const firing = {
  ...newAlerts('payments'),
  alerts: [
    {
      key: 'production/availability/1h',
      labels: {
        service: 'payments',
        environment: 'production',
        slo: 'availability',
        window: '1h',
        severity: 'page',
      },
      text: 'it burns',
      next: 'look',
      changes: [],
      firedAt: 0,
    },
  ],
}
const ask = (wish: SilenceWish, state = firing) =>
  silenceFor(
    wish,
    { id: 's1', by: 'ada' },
    { environments: ['production', 'staging'], slos: ['availability', 'latency'] },
    state,
    now,
  )
const problems = (wish: SilenceWish, state = firing) => {
  const found = ask(wish, state)
  return 'problems' in found ? found.problems.map(({ at, text }) => `${at}: ${text}`) : []
}

describe('a silence that is asked for', () => {
  it('matches what is named, and ends in time', () => {
    expect(ask({ environment: 'production', severity: 'ticket', reason: ' INC-12 ', forMs: hourMs })).toEqual(
      {
        silence: {
          id: 's1',
          matchers: [
            { label: 'environment', is: '=', value: 'production' },
            { label: 'severity', is: '=', value: 'ticket' },
          ],
          owner: 'ada',
          by: 'ada',
          reason: 'INC-12',
          since: now,
          until: now + hourMs,
        },
      },
    )
    expect(ask({ owner: 'grace', reason: 'INC-12', until: now + 1 })).toMatchObject({
      silence: { owner: 'grace', by: 'ada', until: now + 1, matchers: [] },
    })
  })

  it('may last as long as what fires', () => {
    expect(ask({ reason: 'INC-12', untilResolved: true })).toMatchObject({ silence: { until: 'resolved' } })
    expect(problems({ environment: 'staging', reason: 'INC-12', untilResolved: true })).toEqual([
      'until: nothing of it fires, so that it would end at once; expected a time',
    ])
  })

  it('is refused with everything that is wrong with it', () => {
    expect(problems({ environment: 'prodution', slo: 'errors', severity: 'warning', owner: ' ' })).toEqual([
      'environment: there is no environment prodution; there is production, staging',
      'slo: there is no slo errors; there is availability, latency',
      'severity: there is no severity warning; there is page, ticket',
      'owner: a silence needs an owner: somebody is asked about it',
      'reason: a silence needs a reason: everybody will read it',
      'until: no silence lasts for ever: expected one of forMs, until and untilResolved',
    ])
    expect(ask({ environment: 'prodution', reason: 'x', forMs: 1 })).toMatchObject({
      problems: [{ didYouMean: 'production' }],
    })
  })

  it.each([
    [{ forMs: hourMs, until: now + hourMs }, 'until: 2 ends are given'],
    [{ until: now - 1 }, 'until: lies in the past'],
    [{ forMs: 0 }, 'until: lies in the past'],
    [{ forMs: Number.NaN }, 'until: lies in the past'],
    [{ forMs: 400 * 24 * hourMs }, 'until: is more than a year ahead'],
  ])('has one end, to come and not too far: %j', (ends, problem) => {
    expect(problems({ reason: 'INC-12', ...ends })).toEqual([expect.stringContaining(problem)])
  })

  it('has a reason that somebody can read', () => {
    expect(problems({ reason: 'x'.repeat(501), forMs: 1 })).toEqual([
      'reason: has 501 characters, expected at most 500',
    ])
  })
})
