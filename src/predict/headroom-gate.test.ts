import { describe, expect, it } from 'vitest'
import type { Evidence, Json } from '../kernel/index.ts'
import { busiestHourKind, type HeadroomPolicy, headroomGate } from './headroom-gate.ts'
import { lineEvidence } from './plan/headroom/lines.fixture.ts'

const release = `sha256:${'b'.repeat(64)}` as const
const live = `sha256:${'a'.repeat(64)}` as const
const question = { service: 'payments', environment: 'production', release, live } as const
const policy: HeadroomPolicy = {
  below: 0.2,
  allow: 'fixes',
  history: 7 * 86_400_000,
  expires: 3_600_000,
}
const busy = (ratePerSecond: number, more: object = {}): Evidence => ({
  id: `sha256:${'c'.repeat(64)}`,
  kind: busiestHourKind,
  at: 1_000,
  about: { release, environment: 'payments.production' },
  body: {
    load: { known: 600, sought: 672, busiest: { from: 0, ratePerSecond } },
    instances: 2,
    measuredIn: ['perf'],
    scales: {},
    ...more,
  } as Json,
})
const judge = (evidence: readonly Evidence[], { now = 2_000, fix = '', below = 0.2 } = {}) =>
  headroomGate.judge({ ...policy, below }, fix === '' ? question : { ...question, fix }, evidence, now)

describe('the gate headroom', () => {
  it('passes while the busiest hour leaves enough of what the release carries, naming both', () => {
    const line = lineEvidence({ rate: 100 })
    expect(judge([busy(61), line])).toEqual({ is: 'pass', seen: [`sha256:${'c'.repeat(64)}`, line.id] })
    expect(judge([busy(61), line], { below: 0.5 })).toMatchObject({
      is: 'fail',
      reasons: [
        {
          text: expect.stringMatching(/^it peaked at 61 % of its load line on Thursday 1 January 00:00/),
          numbers: { linePerSecond: 100, used: 0.61, below: 0.5, busiestPerSecond: 61 },
        },
      ],
    })
  })

  it('is no pass for want of a load line or of history', () => {
    expect(judge([busy(61)])).toMatchObject({
      is: 'inconclusive',
      reasons: [{ next: 'plimsoll load test perf --release bbbbbbbbbbbb' }],
    })
    const few = { load: { known: 5, sought: 672, busiest: { from: 0, ratePerSecond: 1 } } }
    expect(judge([busy(1, few), lineEvidence({})])).toMatchObject({ is: 'inconclusive' })
    expect(judge([lineEvidence({})])).toMatchObject({ is: 'inconclusive' })
    expect(judge([busy(61), lineEvidence({})], { now: 5_000_000 })).toMatchObject({
      reasons: [{ text: 'what is known of its load is 1 h 23 m old, and counts for 1 h 00 m' }],
    })
    expect(judge([{ ...busy(61), body: { load: 'much' } }])).toMatchObject({ is: 'inconclusive' })
  })

  describe('that looks ahead', () => {
    /** In how many of twenty futures so much comes: 61 to 101 a second. */
    const highest = Array.from({ length: 21 }, (_, i) => 61 + 2 * i)
    const ahead = { days: 14, highest, factor: 1.1, why: 'daily peaks of 60 days grow by 3 % a week' }
    const judgeAhead = (line: object, more: object = { ahead }, below = 0.2, days = 14) =>
      headroomGate.judge(
        { ...policy, below, ahead: days * 86_400_000 },
        question,
        [busy(61, more), lineEvidence(line)],
        2_000,
      )

    it('passes while no more than a fifth of the futures cross the line, though it were at its low end', () => {
      expect(judgeAhead({ rate: 100, within: 5 })).toMatchObject({ is: 'pass' })
    })

    it('fails by the high end of the line, and cannot tell in between', () => {
      expect(judgeAhead({ rate: 85, within: 2 })).toMatchObject({
        is: 'fail',
        reasons: [
          {
            text: 'it crosses its load line, 85/s (83 – 87/s), within 14 days in 40 % of futures; in no more than 20 % it may',
            numbers: { crosses: expect.closeTo(0.4), days: 14, linePerSecond: 85, comesToPerSecond: 81 },
          },
        ],
      })
      expect(judgeAhead({ rate: 92, within: 4 })).toMatchObject({
        is: 'inconclusive',
        reasons: [{ next: 'measure it again, for longer: load.line.budget' }],
      })
    })

    it('says of the past and of what is to come why not', () => {
      const both = judgeAhead({ rate: 70 })
      expect(both).toMatchObject({ is: 'fail' })
      if (both.is === 'pass') throw new Error('it passes')
      expect(both.reasons.map(({ text }) => text)).toEqual([
        expect.stringMatching(/^it peaked at 87.1 %/),
        expect.stringMatching(/^it crosses its load line, 70\/s, within 14 days in 78 % of futures/),
      ])
    })

    it('is no pass for want of history, nor by what was looked at otherwise', () => {
      const because = '12 days are known, expected at least 21'
      expect(judgeAhead({ rate: 100 }, { ahead: { days: 14, because } })).toMatchObject({
        is: 'inconclusive',
        reasons: [{ text: `nobody can say yet what comes in the next 14 days: of its past ${because}` }],
      })
      expect(judgeAhead({ rate: 100 }, {})).toMatchObject({ is: 'inconclusive' })
      expect(judgeAhead({ rate: 200 }, { ahead }, 0.2, 30)).toMatchObject({ is: 'inconclusive' })
    })
  })

  it('lets through what mends something, and the first release of all', () => {
    expect(judge([busy(99)], { fix: 'INC-1' })).toMatchObject({ is: 'pass' })
    expect(judge([{ ...busy(0), body: { nothing: 'nothing ran before it' } }])).toMatchObject({ is: 'pass' })
  })
})
