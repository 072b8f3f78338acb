import { describe, expect, it } from 'vitest'
import type { JudgedMetric } from '../../contract/index.ts'
import {
  boundsText,
  chanceText,
  estimateText,
  ratioRange,
  ratioReach,
  ratiosCsv,
  ratiosFinding,
  ratiosTable,
  ratioWords,
  standingOf,
  tallyText,
} from './ratios.ts'
import { ratioScale } from './scale.ts'

const failures: JudgedMetric = {
  key: 'errors',
  title: 'failures',
  canary: { bad: 41, of: 804, share: 0.051 },
  live: { bad: 7, of: 6_412, share: 0.00109 },
  ratio: { estimate: 48.2, low: 9.1, high: 400, of: 'rates' },
  p: 0.0000012,
}
const slow: JudgedMetric = {
  ...failures,
  key: 'slower/p99',
  title: 'slower than p99 (80 ms)',
  ratio: { estimate: 1.12, low: 0.4, high: 3.1, of: 'odds' },
  p: 0.4,
}
const none: JudgedMetric = {
  ...failures,
  canary: { bad: 0, of: 804, share: 0 },
  live: { bad: 0, of: 6_412, share: 0 },
  ratio: { estimate: null, low: null, high: null, of: 'rates' },
  p: 1,
}

const withRatio = (ratio: Partial<JudgedMetric['ratio']>): JudgedMetric => ({
  ...failures,
  ratio: { ...failures.ratio, ...ratio },
})

describe('the finding of ratios', () => {
  it('says in figures what is more frequent, and of the others that they cannot be told', () => {
    expect(ratiosFinding([failures, slow])).toBe(
      'Compared with the live version, the new release has failures 48× as often (95 %: 9.1× to 400×); no difference in answers slower than p99 (80 ms) can be told.',
    )
  })

  it('says what is rarer, and what nobody has seen', () => {
    expect(
      ratiosFinding([withRatio({ estimate: 0.2, low: 0.1, high: 0.4 }), { ...none, title: 'declines' }]),
    ).toBe('Failures are rarer in the new release; neither release had any declines.')
    expect(ratiosFinding([])).toBe('There were no requests to compare.')
  })

  it('says of what is frequent that its odds are so many times as high', () => {
    expect(ratiosFinding([withRatio({ of: 'odds' })])).toContain(
      'failures with 48× the odds (95 %: 9.1× to 400×)',
    )
  })

  it('says of a bound alone what it bounds', () => {
    const bounded = withRatio({ estimate: null, low: 9.1, high: null })
    expect(ratioWords(bounded)).toEqual(['at least 9.1×', 'no estimate'])
    expect(ratioWords(failures)).toEqual(['48×', '9.1× to 400×'])
    expect(estimateText(bounded)).toBe('unknown')
    expect(ratiosFinding([bounded])).toBe(
      'Compared with the live version, the new release has failures at least 9.1× as often (95 %).',
    )
  })
})

describe('a metric of a canary', () => {
  it('stands as the judge stands, but only what brought it down is worse', () => {
    const failed = { is: 'fail', alpha: 0.001 } as const
    expect([failures, slow].map((one) => standingOf(failed, one))).toEqual(['fail', null])
    expect(standingOf({ ...failed, is: 'open' }, failures)).toBe('inconclusive')
    expect(standingOf({ ...failed, is: 'open' }, slow)).toBeNull()
    expect(standingOf({ ...failed, is: 'pass' }, slow)).toBe('pass')
  })

  it('has its shares and its chance in words', () => {
    expect([failures.canary, failures.live].map(tallyText)).toEqual(['5.1 % of 804', '0.11 % of 6,412'])
    expect(tallyText({ bad: 0, of: 0, share: null })).toBe('no requests')
    expect([failures, slow].map(chanceText)).toEqual(['p < 0.001', 'p = 0.4'])
  })

  it('says why a ratio is unknown', () => {
    expect(ratioWords(none)).toEqual(['unknown', 'neither had any'])
    expect(boundsText({ ...none, live: { bad: 0, of: 0, share: null } })).toBe('nothing to compare')
    expect(boundsText({ ...none, live: failures.live })).toBe('no bound yet')
    expect(boundsText(withRatio({ low: null }))).toBe('at most 400×')
  })
})

describe('the axis of ratios', () => {
  const ends = { from: 0, to: 200 }
  const scale = ratioScale({ low: 0.1, high: 10 }, ends, 7)

  it('stays from a tenth to ten times until something is beyond', () => {
    expect(ratioRange([slow, none])).toEqual({ low: 0.1, high: 10 })
    expect(ratioRange([failures])).toEqual({ low: 0.1, high: 400 })
  })

  it('has an interval without a bound go on beyond it, and marks the bound where nothing is estimated', () => {
    expect(ratioReach(withRatio({ estimate: 1, low: 0.1, high: null }), scale, ends)).toEqual({
      mark: 100,
      from: 0,
      to: 200,
      ends: ['closed', 'beyond'],
    })
    const beyond = { mark: 100, from: 100, to: 200, ends: ['closed', 'beyond'] }
    expect(ratioReach(withRatio({ estimate: null, low: 1, high: null }), scale, ends)).toEqual(beyond)
    const below = { mark: 100, from: 0, to: 100, ends: ['beyond', 'closed'] }
    expect(ratioReach(withRatio({ estimate: null, low: null, high: 1 }), scale, ends)).toEqual(below)
    expect(ratioReach(none, scale, ends)).toBeNull()
  })
})

it('has the figures of ratios, for people and as they are', () => {
  expect(ratiosTable([failures]).rows).toEqual([
    ['failures', '5.1 % of 804', '0.11 % of 6,412', '48×', 'rates', '9.1× to 400×', '< 0.001'],
  ])
  expect(ratiosCsv([none]).rows).toEqual([['errors', 0, 804, 0, 6_412, null, 'rates', null, null, 1]])
})
