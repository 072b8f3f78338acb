import { describe, expect, it } from 'vitest'
import { type Figures, formatValue, judgeThreshold, parseThresholds } from './thresholds.ts'

const figures = (more: Partial<Figures> = {}): Figures => ({
  scheduled: 1_000,
  answered: 990,
  errors: 20,
  failed: 6,
  timedOut: 3,
  unsent: 1,
  checks: { passed: 985, failed: 5 },
  durationMs: 10_000,
  quantile: (of, share) => (of === 'response' ? 200 : 100) * share,
  mean: (of) => (of === 'response' ? 80 : 40),
  ...more,
})

function only(text: string) {
  const { thresholds, problems } = parseThresholds([text])
  if (!thresholds[0]) throw new Error(problems[0]?.text)
  return thresholds[0]
}

describe('thresholds', () => {
  it.each([
    ['p99<250ms', 'met', 198],
    ['p99 < 0.198s', 'missed', 198],
    ['p99<=198ms', 'met', 198],
    ['p99.9<150ms', 'missed', 199.8],
    ['service.p50<60ms', 'met', 50],
    ['lag.max<1ms', 'missed', 100],
    ['mean<80ms', 'missed', 80],
    ['errors<2.1%', 'met', 0.02],
    ['errors<20', 'missed', 20],
    ['timeouts<=3', 'met', 3],
    ['unsent<1', 'missed', 1],
    ['failed<1%', 'met', 0.006],
    ['checks>=99%', 'met', 985 / 990],
    ['rate>99/s', 'missed', 99],
  ])('%s is %s', (text, is, value) => {
    const verdict = judgeThreshold(only(text), [figures()])
    expect(verdict.is).toBe(is)
    expect(verdict.value).toBeCloseTo(value, 9)
  })

  it('may be of one request, of windows, and end the run', () => {
    expect(only('p95{pay}<1s over 10s stop')).toMatchObject({
      name: 'pay',
      windowMs: 10_000,
      limit: 1_000,
      stop: true,
    })
    expect(only('p95{name=pay by card}<1s')).toMatchObject({ name: 'pay by card', stop: false })
  })

  it('of windows are met when every window is', () => {
    const windows = [figures(), figures({ errors: 40 }), figures({ errors: 0 })]
    expect(judgeThreshold(only('errors<3% over 5s'), windows)).toMatchObject({ is: 'missed', value: 0.04 })
    expect(judgeThreshold(only('errors<5% over 5s'), windows)).toMatchObject({ is: 'met', value: 0.04 })
    expect(judgeThreshold(only('checks>0 over 5s'), [figures(), figures({ scheduled: 0 })]).is).toBe('met')
  })

  it('of which nothing was counted are unknown, never met', () => {
    const nothing = figures({
      scheduled: 0,
      checks: { passed: 0, failed: 0 },
      durationMs: 0,
      quantile: () => undefined,
      mean: () => undefined,
    })
    for (const text of ['p99<1s', 'mean<1s', 'max<1s', 'errors<1%', 'errors<5', 'checks>=0%', 'rate>=0/s'])
      expect(judgeThreshold(only(text), [nothing]).is, text).toBe('unknown')
    expect(judgeThreshold(only('p99<1s over 5s'), []).is).toBe('unknown')
  })

  it('that cannot be read are told all at once, with what was probably meant', () => {
    const { thresholds, problems } = parseThresholds([
      'p99<250ms',
      'p99<250',
      'eror<1%',
      'errors<5ms',
      'p100<1s',
      'p99<1s over 1.5s',
      '',
    ])
    expect(thresholds).toHaveLength(1)
    expect(problems.map(({ at }) => at)).toEqual([
      'p99<250',
      'eror<1%',
      'errors<5ms',
      'p100<1s',
      'p99<1s over 1.5s',
      '',
    ])
    expect(problems.map(({ didYouMean }) => didYouMean)).toEqual([
      undefined,
      'errors',
      undefined,
      undefined,
      undefined,
      undefined,
    ])
    expect(problems[0]?.text).toContain('has not the right unit')
  })

  it('show values as people read them', () => {
    const shown = (text: string, value: number) => formatValue(only(text).metric, value)
    expect([
      shown('p99<1s', 3.456),
      shown('p99<1s', 1_234),
      shown('errors<1%', 0.014),
      shown('errors<9', 7),
      shown('rate>1/s', 512.4),
    ]).toEqual(['3.46 ms', '1.2 s', '1.40 %', '7', '512/s'])
  })
})
