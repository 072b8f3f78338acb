import { describe, expect, it } from 'vitest'
import {
  type Judgement,
  type JudgeSettingsInput,
  type JudgeState,
  judgement,
  newJudge,
  observe,
  type Span,
} from './index.ts'
import { side, span } from './testdata/spans.ts'

/** Watched second by second; `of` says what is not as usual. */
function watch(
  settings: JudgeSettingsInput,
  seconds: number,
  of: (second: number) => Partial<Span> = () => ({}),
): JudgeState {
  let s = newJudge(settings, 0)
  for (let second = 1; second <= seconds; second++) s = observe(s, span(second, of(second)))
  return s
}

const judgeAfter = (...[settings, seconds, of]: Parameters<typeof watch>): Judgement =>
  judgement(watch(settings, seconds, of), seconds * 1_000)

const short = { promote: { when: 'baked', bakeMs: 60_000 }, deadlineMs: 120_000 } as const
const textsOf = ({ reasons }: Judgement): string => reasons.map(({ text }) => text).join('; ')
const edges = [
  { name: 'p50', liveMs: 20, canaryMs: 22 },
  { name: 'p99', liveMs: 80, canaryMs: 88 },
]
const slow = { metrics: { latency: { weight: 1, edges } }, warmUpMs: 10_000 }
const sides = (canary: ReturnType<typeof side>, live: ReturnType<typeof side>) => ({ canary, live })

describe('a canary that is as good as the live version', () => {
  it('is open until it has baked, then passes', () => {
    const open = judgeAfter(short, 59)
    expect(open.is).toBe('open')
    expect(textsOf(open)).toContain('watched for 59 s of 1 m 00 s')
    const passed = judgeAfter(short, 60)
    expect(passed).toMatchObject({ is: 'pass', reasons: [], p: expect.closeTo(1, 9) })
    expect(passed.sentence).toBe(
      'is no worse than the live version as far as 1 m 00 s tell: fails 0 % of 300 requests, the live version 0 % of 2,700',
    )
  })

  it('waits for enough requests, and at the deadline it cannot be judged', () => {
    const few = () => sides(side(1), side(9))
    const open = judgeAfter(short, 100, few)
    expect(open.is).toBe('open')
    expect(textsOf(open)).toBe('the canary answered 100 requests of the 300 that a verdict needs')
    expect(judgeAfter(short, 120, few).is).toBe('inconclusive')
  })

  it('passes by proof only when it is proven', () => {
    const proven = { ...short, promote: { when: 'proven', bakeMs: 0 } } as const
    expect(textsOf(judgeAfter(proven, 100))).toContain('not proven yet to fail less than 2 times as often')
    // Both fail at 5 %: many failures, spread as the requests are.
    const flaky = (second: number) =>
      second % 4 === 0 ? sides(side(5, 1), side(45, 9)) : sides(side(5), side(45))
    const found = judgeAfter({ ...proven, deadlineMs: 900_000 }, 800, flaky)
    expect(found.is).toBe('pass')
    expect(found.proof?.e).toBeGreaterThan(20)
  })
})

describe('a canary that is worse', () => {
  it('fails when it always fails, after three seconds', () => {
    const broken = () => sides(side(5, 5), side(45))
    expect(judgeAfter(short, 1, broken).is).toBe('open')
    const found = judgeAfter(short, 3, broken)
    expect(found.is).toBe('fail')
    expect(found.p).toBeLessThan(0.001)
    expect(found.sentence).toMatch(/^fails 100 % of its requests, the live version 0 %: .*p < 0\.001\)$/)
  })

  it('stays failed, whatever comes after', () => {
    const found = judgeAfter(short, 110, (second) => (second <= 4 ? sides(side(5, 5), side(45)) : {}))
    expect(found.is).toBe('fail')
  })

  it('fails by its latency, which is not judged in the warm-up', () => {
    const slower = () => sides(side(5, 0, { slower: [3, 3] }), side(45, 0, { slower: [22, 1] }))
    expect(judgeAfter(slow, 10, slower)).toMatchObject({ e: expect.closeTo(1), p: expect.closeTo(1, 9) })
    const found = judgeAfter(slow, 30, slower)
    expect(found.is).toBe('fail')
    expect(found.sentence).toContain('slower than 88 ms, the live version 2.2 % slower than 80 ms')
  })

  it("fails by a counter of the team's own", () => {
    const own = { metrics: { own: { declines: { weight: 1 } } }, warmUpMs: 0 }
    const declined = (bad: number, of: number) => ({ own: { declines: { bad, of } } })
    const found = judgeAfter(own, 30, () => sides(side(5, 0, declined(2, 4)), side(45, 0, declined(1, 40))))
    expect(found.is).toBe('fail')
    expect(found.sentence).toMatch(/^has 50 % declines, the live version 2\.5 %: /)
  })

  const counting = {
    ...short,
    metrics: { errors: { weight: 3 }, own: { declines: { weight: 1, atLeast: 100 } } },
    warmUpMs: 0,
  } as const
  const some = (bad: number, of: number) => ({ own: { declines: { bad, of } } })
  const paying = () => sides(side(5, 0, some(0, 5)), side(45, 0, some(1, 45)))

  it('tells of the counters, too, when it passes', () => {
    expect(judgeAfter(counting, 60, paying).sentence).toMatch(
      /fails 0 % of 300 requests, .*; has 0 % declines, the live version 2\.2 %$/,
    )
  })

  it('does not pass while a counter cannot be read, and passes once it can', () => {
    const blind = { declines: { because: 'payments.production.2/1: /metrics answered 503', forGood: false } }
    const open = judgeAfter(counting, 100, (second) => ({ ...paying(), ...(second > 50 ? { blind } : {}) }))
    expect(open.is).toBe('open')
    expect(textsOf(open)).toBe('declines cannot be read: payments.production.2/1: /metrics answered 503')
    expect(open.metrics.find(({ key }) => key === 'own/declines')?.problem).toMatch(/answered 503$/)
    const late = judgeAfter(counting, 120, () => ({ ...paying(), blind }))
    expect(late).toMatchObject({
      is: 'inconclusive',
      sentence: expect.stringMatching(/^cannot be judged: declines/),
    })
    const mended = judgeAfter(counting, 100, (second) => ({ ...paying(), ...(second < 50 ? { blind } : {}) }))
    expect(mended).toMatchObject({ is: 'pass', reasons: [] })
  })

  it('gives up at once when a counter cannot be believed any more, but finds what is worse for certain', () => {
    const blind = { declines: { because: 'x/1 went back', forGood: true } }
    expect(judgeAfter(counting, 5, () => ({ ...paying(), blind })).is).toBe('inconclusive')
    const broken = sides(side(5, 5, some(0, 5)), side(45, 0, some(1, 45)))
    expect(judgeAfter(counting, 5, () => ({ ...broken, blind })).is).toBe('fail')
  })

  it('does not pass by a counter that has counted too little', () => {
    const rare = (second: number) => sides(side(5, 0, some(0, second % 2)), side(45, 0, some(0, 9)))
    expect(textsOf(judgeAfter(counting, 100, rare))).toBe(
      'declines: the canary counted 50 of the 100 that a verdict needs',
    )
  })

  it('is not let pass while it looks worse', () => {
    const settings = { ...short, promote: { when: 'baked', bakeMs: 10_000 }, minRequests: 10 } as const
    const found = judgeAfter(settings, 20, (second) => (second <= 2 ? sides(side(5, 1), side(45)) : {}))
    expect(found.is).toBe('open')
    expect(textsOf(found)).toContain('looks worse')
  })
})

describe('what cannot be judged', () => {
  it('a service of which both sides fail', () => {
    const down = () => sides(side(5, 5), side(45, 45))
    const open = judgeAfter(short, 100, down)
    expect(open.is).toBe('open')
    expect(open.bakedMs).toBeLessThan(5_000)
    const found = judgeAfter(short, 120, down)
    expect(found.is).toBe('inconclusive')
    expect(textsOf(found)).toContain(
      'both sides fail: the canary 100 % of its requests, the live version 100 %',
    )
  })

  it('a first release: no live version', () => {
    const found = judgeAfter(short, 120, () => ({ share: 1, ...sides(side(50), side(0)) }))
    expect(found.is).toBe('inconclusive')
    expect(textsOf(found)).toContain('there is nothing to compare with')
  })

  it('a split that is not as asked for, at once', () => {
    const found = judgeAfter(short, 30, () => sides(side(20), side(30)))
    expect(found.is).toBe('inconclusive')
    expect(textsOf(found)).toMatch(/^the canary got 40 % of the requests, asked for were 10 %/)
  })

  it('but a canary that always fails is found in spite of a wrong split', () => {
    const found = judgeAfter(short, 60, (second) => sides(side(20, second > 30 ? 20 : 0), side(30)))
    expect(found.is).toBe('fail')
  })

  it.each([0, 1])('a share of %d: there is no evidence, and it never passes', (share) => {
    const all = share === 1
    const of = () => ({ share, ...sides(side(all ? 50 : 0, all ? 1 : 0), side(all ? 0 : 50, all ? 0 : 1)) })
    const found = judgeAfter(short, 130, of)
    expect(found).toMatchObject({ is: 'inconclusive', p: expect.closeTo(1, 9) })
  })
})

describe('the state', () => {
  it('survives being kept as JSON, and stays small', () => {
    const settings = { metrics: { errors: { weight: 3 }, latency: { weight: 1, edges } }, warmUpMs: 0 }
    const of = (second: number) => ({
      ...sides(side(5, second % 7 === 0 ? 1 : 0, { slower: [2, 0] }), side(45, 1, { slower: [22, 1] })),
    })
    const s = watch(settings, 2_000, of)
    const kept = JSON.parse(JSON.stringify(s)) as JudgeState
    expect(kept).toEqual(s)
    expect(JSON.stringify(s).length).toBeLessThan(20_000)
    expect(judgement(kept, 2_000_000)).toEqual(judgement(s, 2_000_000))
  })

  it('is not upset by a clock that was put back', () => {
    const s = observe(observe(newJudge(short, 0), span(10)), span(4))
    expect(s).toMatchObject({ at: 10_000, bakedMs: 5_000 })
  })
})

describe('what is refused', () => {
  const wrong: readonly [string, Partial<Span>, RegExp][] = [
    ['a counter that was reset', { live: side(45, -3) }, /live\.failures is -3, expected a count/],
    ['NaN', { canary: side(Number.NaN) }, /canary\.requests is NaN/],
    ['a part of a request', { canary: side(1.5) }, /canary\.requests is 1\.5/],
    ['more failures than requests', { canary: side(5, 6) }, /canary\.failures is 6, more than the 5/],
    ['a share above 1', { share: 1.2 }, /share is 1\.2, expected 0 to 1/],
    ['a share that is none', { share: Number.NaN }, /share is NaN/],
    [
      'edges that nobody chose',
      { live: side(45, 0, { slower: [1] }) },
      /live\.slower has 1 counts, expected one for each of 0/,
    ],
    [
      'a counter that nobody named',
      { canary: side(5, 0, { own: { x: { bad: 0, of: 1 } } }) },
      /canary\.own\.x is not among/,
    ],
    [
      'a counter that cannot be read and nobody named',
      { blind: { x: { because: 'silent', forGood: false } } },
      /blind\.x is not among/,
    ],
    ['no time', { at: Number.NaN }, /at is NaN/],
  ]
  it.each(wrong)('%s', (_, of, message) => {
    expect(() => observe(newJudge({}, 0), span(1, of))).toThrow(message)
  })

  it.each([
    ['no metric', { metrics: {} }],
    [
      'proof without failures',
      { metrics: { own: { x: { weight: 1 } } }, promote: { when: 'proven', bakeMs: 0 } },
    ],
    ['alpha of 1', { alpha: 1 }],
  ] as const)('settings with %s', (_, settings) => {
    expect(() => newJudge(settings, 0)).toThrow()
  })
})
