import { describe, expect, it } from 'vitest'
import type { SqueezePlan, SqueezeView } from '../../contract/index.ts'
import { memoryScreen } from './screen.fixture.ts'
import { renderPlan, renderSqueeze, squeezeExit, wishOf } from './squeeze.ts'

const view: SqueezeView = {
  ...{
    schemaVersion: 1,
    id: 'payments.production.squeeze-1',
    service: 'payments',
    environment: 'production',
  },
  ...{ standing: 'passed', phase: 'ended', text: 'one instance carries 210/s or more: enough', reasons: [] },
  ...{ actor: 'ada', reason: 'r', requestedAt: 0, endedAt: 1 },
  stages: [
    {
      ...{ share: 0.5, ratePerSecond: 210.4, othersPerSecond: 209, requests: 12_000, watchedMs: 60_000 },
      ...{ is: 'passed', text: '0 % of 12,000 requests failed, and 0.1 % may' },
    },
  ],
  found: { verdict: 'atLeast', ratePerSecond: 210.4, interval: null },
}

describe('plimsoll squeeze', () => {
  it('ends with yes, no or unknown', () => {
    const { found: _, ...unknown } = view
    const found = (verdict: 'found' | 'atLeast' | 'below', ratePerSecond: number, toPerSecond = 200) =>
      squeezeExit({ ...view, toPerSecond, found: { verdict, ratePerSecond, interval: null } })
    expect(squeezeExit(view)).toBe(0)
    expect(squeezeExit({ ...unknown, standing: 'inconclusive' })).toBe(3)
    expect(squeezeExit({ ...unknown, standing: 'cancelled' })).toBe(1)
    expect([found('found', 198), found('atLeast', 200)]).toEqual([0, 0])
    expect([found('found', 150), found('below', 210), found('atLeast', 150)]).toEqual([1, 1, 3])
  })

  it('reads what is wanted, and says all that is wrong with it at once', () => {
    const wish = (values: Record<string, string>) => wishOf({ values, positionals: [] })
    expect(wish({ to: '400/s', stages: '40%,0.5', 'max-share': '60%' })).toEqual({
      to: 400,
      stages: [0.4, 0.5],
      maxShare: 0.6,
    })
    expect(wish({})).toEqual({})
    expect(() => wish({ to: 'much', stages: '0.5,0.4', 'max-share': '2' })).toThrow(
      /--to is much.*--stages is 0.5,0.4.*--max-share is 2/s,
    )
  })

  it('shows what it would do, and what it has found out', () => {
    const plan: SqueezePlan = {
      ...{ schemaVersion: 1, service: 'payments', environment: 'production', instances: 2 },
      ...{ shares: [0.5, 0.625], toPerSecond: 400, watchMs: 60_000, atMostMs: 1_800_000 },
      promises: ['99 % within 250 ms'],
      reasons: [{ text: 'a page fires: availability burns', next: 'mend that first' }],
    }
    expect(renderPlan(plan, memoryScreen({ ascii: true }))).toBe(
      [
        'One of 2 instances of production of payments gets more of the requests, stage by stage, up to 400/s:',
        '  50 %, 62.5 %; 1 m 00 s each, 30 m 00 s at most',
        '  as long as it answers 99 % within 250 ms, and no worse than the others',
        'x failed  a page fires: availability burns: mend that first',
        '',
      ].join('\n'),
    )
    expect(renderSqueeze(view, memoryScreen({ ascii: true }))).toMatch(
      /^\+ passed {2}production of payments: one instance carries 210\/s or more: enough\n\nSHARE .*\n50 % +210\/s +209\/s +1 m 00 s +passed +0 % of/,
    )
  })
})
