import { describe, expect, it } from 'vitest'
import { type HeadroomQuestion, headroomOf, standingOf } from './headroom.ts'
import { type LineGiven, lineEvidence } from './lines.fixture.ts'
import { measuredFor } from './lines.ts'
import { hourMs, type Load, loadIn } from './load.ts'
import { byInstances } from './scale.ts'
import { foundIn, hourText, reasonsOf, sentenceOf, shareText } from './sentence.ts'

const friday = Date.UTC(2026, 10, 27, 12)
const dayMs = 24 * hourMs
const around = { now: 0, timeZone: 'Etc/UTC' }
const load = (ratePerSecond: number, known = 672): Load => ({
  known,
  sought: 672,
  busiest: { from: friday, ratePerSecond },
})
const measured = (...lines: readonly LineGiven[]) =>
  measuredFor(
    'production',
    lines.map((one) => lineEvidence(one)),
    5 * 60_000,
  )
const ask = (more: Partial<HeadroomQuestion> = {}) =>
  headroomOf({
    environment: 'production',
    release: '5b1f0c9a7d21',
    isLive: true,
    instances: 2,
    load: load(61),
    measured: measured({ rate: 100, within: 4 }),
    measuredIn: ['perf'],
    scales: {},
    historyMs: 7 * dayMs,
    ...more,
  })
const standing = (more: Partial<HeadroomQuestion> = {}, below = 0.2) => standingOf(ask(more), below)
const texts = (more: Partial<HeadroomQuestion> = {}, below = 0.2) =>
  reasonsOf(ask(more), below, around).map(({ text, next }) => `${text} → ${next}`)

describe('the busiest hour', () => {
  it('is that with most requests, or the last one while that is busier', () => {
    const hours = [3_600, 7_200, 1_800].map((requests, i) => ({ from: i * hourMs, requests }))
    expect(loadIn(hours)).toEqual({ known: 3, sought: 672, busiest: { from: hourMs, ratePerSecond: 2 } })
    expect(loadIn(hours, { from: 2.5 * hourMs, requests: 10_800 }).busiest).toEqual({
      from: 2.5 * hourMs,
      ratePerSecond: 3,
    })
    expect(loadIn([])).toEqual({ known: 0, sought: 672 })
  })
})

describe('headroom', () => {
  it('is what the busiest hour leaves of the load line, in one sentence', () => {
    const headroom = ask()
    expect(sentenceOf(headroom, around)).toBe(
      'peaked at 61 % (58.7 – 63.5 %) of its load line on Friday 27 November 12:00 (UTC): 61/s of 100/s',
    )
    expect(foundIn(headroom)).toEqual([
      'its load line is that of perf: measured with as many instances',
      'its instances had a size that nobody noted',
      'that hour is the busiest of all of the last 28 days',
    ])
    expect(standingOf(headroom, 0.2)).toBe('enough')
    expect(reasonsOf(headroom, 0.2, around)).toEqual([])
  })

  it('is short when too little is left even where the line is at its highest', () => {
    expect(standing({ load: load(90) })).toBe('short')
    expect(texts({ load: load(90) })).toEqual([
      'it peaked at 90 % (86.5 – 93.8 %) of its load line on Friday 27 November 12:00 (UTC): 90/s of 100/s; 20 % are to be left → more instances, or a release that carries more',
    ])
  })

  it('is unknown where the interval of the line leaves it open, and says how to know more', () => {
    expect(standing({ load: load(80) })).toBe('unknown')
    expect(texts({ load: load(80) })[0]).toMatch(
      /and that is within what the load line may be → measure it again/,
    )
    const open = { measured: measured({ verdict: 'atLeast', rate: 100 }) } as const
    expect(sentenceOf(ask(open), around)).toMatch(/^peaked at no more than 61 % of its load line/)
    expect(standing(open)).toBe('enough')
    expect(texts({ ...open, load: load(150) })[0]).toMatch(/load\.line\.max$/)
    const below = { measured: measured({ verdict: 'below', rate: 50 }) } as const
    expect(sentenceOf(ask(below), around)).toMatch(/^peaked at more than 122 % of its load line/)
    expect(standing(below)).toBe('short')
    expect(standing({ ...below, load: load(30) })).toBe('unknown')
  })

  it('wants a week of history to say that there is enough, and less to say that there is not', () => {
    const few = { load: load(61, 30) }
    expect(standing(few)).toBe('unknown')
    expect(texts(few)).toEqual([
      'its requests are known of 1 d 6 h of the last 28 days, and a busiest hour is told by 7 d 0 h → wait for 5 d 18 h, or waive it',
    ])
    expect(standing({ load: load(90, 30) })).toBe('short')
    expect(texts({ load: { known: 0, sought: 672 } })).toEqual([
      'nothing is known of its requests yet → wait until some have been answered',
    ])
  })

  it('is unknown without a load line that counts, with the reason and the next step', () => {
    expect(texts({ measured: measured() })).toEqual([
      'no load line of 5b1f0c9a7d21 was measured in step with production → plimsoll load test perf',
    ])
    expect(texts({ measured: measured(), isLive: false })[0]).toMatch(/perf --release 5b1f0c9a7d21$/)
    expect(texts({ measured: measured(), measuredIn: [] })[0]).toMatch(
      /an environment with inStepWith: 'production' and loadTest: { … } measures it$/,
    )
    const doubts = ['env.POOL is 5, and 20 in production']
    expect(texts({ measured: measured({ doubts }) })).toEqual([
      'no load line of 5b1f0c9a7d21 counts for production: what was measured in perf 5 m 00 s ago does not count: env.POOL is 5, and 20 in production → plimsoll load test perf',
    ])
    expect(texts({ measured: measured({ verdict: 'inconclusive', rate: null }) })[0]).toMatch(
      /was not found: it was too noisy/,
    )
    expect(texts({ measured: measured({ inStepWith: 'staging' }) })[0]).toMatch(/^no load line/)
    // The first release of all leaves what was measured before it: nothing.
    const nothing = { ...lineEvidence(), body: { nothing: 'nothing ran before it' } }
    expect(measuredFor('production', [nothing], 0)).toEqual({ lines: [] })
  })

  it('goes by the newest that counts of each size', () => {
    const { lines, because } = measured(
      { at: 1, rate: 80 },
      { at: 2, rate: 90 },
      { at: 3, rate: 10, doubts: ['release is older'] },
    )
    expect(lines).toEqual([expect.objectContaining({ at: 90, measuredAt: 2, environment: 'perf' })])
    expect(because).toMatch(/release is older$/)
  })
})

describe('a load line of fewer instances', () => {
  const of = (instances: number, rate: number, within = 0) => ({ instances, rate, within })
  const whole = (wanted: number, given: readonly LineGiven[], scales = {}) =>
    byInstances(measured(...given).lines, wanted, scales)

  it('says nothing of more, unless the team says why', () => {
    expect(whole(6, [of(2, 100, 10)])).toEqual({
      because: 'it was measured with 2 instances only, and 6 run: nobody knows how much more they carry',
    })
    expect(texts({ instances: 6 })).toEqual([
      'it was measured with 2 instances only, and 6 run: nobody knows how much more they carry → measure it with another number of instances (plimsoll load test perf --instances N), or say why it carries in proportion: environments.perf.scales',
    ])
    expect(whole(6, [of(2, 100, 10)], { perf: 'they share nothing' })).toMatchObject({
      low: 270,
      at: 300,
      high: 330,
      how: 'measured with 2 instances, taken in proportion for 6: they share nothing',
    })
  })

  it('says something of more when it was measured at two sizes: what they share is in the difference', () => {
    // 100/s each alone, of which a tenth waits for the others: 1/(1 + 0.1 (n − 1)) of the proportion.
    const carried = (n: number) => (100 * n) / (1 + 0.1 * (n - 1))
    const line = whole(6, [of(2, carried(2)), of(3, carried(3))])
    expect(line).toMatchObject({ at: expect.closeTo(carried(6), 6) })
    expect(whole(6, [of(2, 200), of(3, 330)])).toMatchObject({ at: expect.closeTo(660, 6) })
    expect(whole(3, [of(2, 200), of(4, 300)])).toMatchObject({ at: expect.closeTo(257.1, 1) })
    const wide = whole(6, [of(2, 200, 10), of(3, 280, 10)])
    if ('because' in wide) throw new Error(wide.because)
    expect(wide.low).toBeLessThan(wide.at)
    expect(wide.high).toBeGreaterThan(wide.at)
    expect(wide.seen).toHaveLength(2)
  })

  it('says something of fewer', () => {
    expect(whole(1, [of(2, 100)])).toMatchObject({ at: 50 })
  })
})

describe('the words', () => {
  it('say the hour where they are read, and shares as they are known', () => {
    expect(hourText(friday, around)).toBe('Friday 27 November 12:00 (UTC)')
    expect(hourText(friday, { ...around, timeZone: 'Asia/Tokyo' })).toBe(
      'Friday 27 November 21:00 (Asia/Tokyo)',
    )
    expect(shareText({ low: 0.61, at: 0.61, high: 0.61 })).toBe('61 %')
    expect(shareText({ low: 0.0123, at: 0.0123, high: 0.0123 })).toBe('1.2 %')
  })
})
