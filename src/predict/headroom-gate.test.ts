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

  it('lets through what mends something, and the first release of all', () => {
    expect(judge([busy(99)], { fix: 'INC-1' })).toMatchObject({ is: 'pass' })
    expect(judge([{ ...busy(0), body: { nothing: 'nothing ran before it' } }])).toMatchObject({ is: 'pass' })
  })
})
