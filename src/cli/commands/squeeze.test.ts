import { describe, expect, it } from 'vitest'
import type { SqueezePlan, SqueezeView } from '../../contract/index.ts'
import { renderPlan, renderSqueeze } from '../squeeze-screen.ts'
import { memoryScreen } from './screen.fixture.ts'
import { squeezeExit, wishOf } from './squeeze.ts'

const view: SqueezeView = {
  ...{
    schemaVersion: 1,
    id: 'payments.production.squeeze-1',
    service: 'payments',
    environment: 'production',
  },
  ...{ standing: 'passed', phase: 'ended', text: 'one instance carries 210/s or more: enough', reasons: [] },
  ...{ actor: 'ada', reason: 'r', requestedAt: 0, endedAt: 1, instance: 1, ahead: [] },
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
    expect(wish({ to: '400/s', stages: '40%,0.5', 'max-share': '60%', instance: '2' })).toEqual({
      to: 400,
      stages: [0.4, 0.5],
      maxShare: 0.6,
      instance: 2,
    })
    expect(wish({})).toEqual({})
    expect(() => wish({ to: 'much', stages: '0.5,0.4', 'max-share': '2', instance: 'first' })).toThrow(
      /--to is much.*--stages is 0.5,0.4.*--max-share is 2.*--instance is first/s,
    )
  })

  it('shows what it would do, and what it has found out', () => {
    const plan: SqueezePlan = {
      ...{ schemaVersion: 1, service: 'payments', environment: 'production', instances: 2 },
      instance: { index: 1, because: 'squeezed longest ago' },
      stages: [{ share: 0.5, ratePerSecond: 200, othersPerSecond: 200 }, { share: 0.625 }],
      ...{ watchMs: 60_000, atMostMs: 1_800_000, allowed: true },
      promises: ['99 % within 250 ms'],
      stops: ['a page fires'],
      notes: ['few requests'],
      reasons: [{ text: 'a page fires: availability burns', next: 'mend that first' }],
    }
    const screen = memoryScreen({ ascii: true })
    expect(renderPlan(plan, screen).replaceAll(/ +\n/g, '\n')).toBe(
      [
        'Instance 1 of 2 (squeezed longest ago) in production of payments gets more of the requests, stage by stage:',
        '',
        'SHARE   INSTANCE  EACH OTHER',
        '50 %    200/s     200/s',
        '62.5 %  –         –',
        '',
        '1 m 00 s each, 30 m 00 s at most; promised: 99 % within 250 ms',
        'It ends, and requests are split evenly again at once, as soon as',
        '  - a page fires',
        '? inconclusive  few requests',
        'x failed  a page fires: availability burns: mend that first',
        '',
      ].join('\n'),
    )
    expect(renderPlan({ ...plan, reasons: [], notes: [] }, screen)).toMatch(
      /\n\+ passed {2}It would begin now\.\n$/,
    )
    expect(renderPlan({ ...plan, allowed: false, stages: [], notes: [] }, screen)).toMatch(
      /^Nobody may squeeze production of payments\.\nx failed {2}a page fires/,
    )
    expect(renderSqueeze(view, memoryScreen({ ascii: true }))).toMatch(
      /^\+ passed {2}production of payments: one instance carries 210\/s or more: enough\n\nSHARE +INSTANCE 1 .*\n50 % +210\/s +209\/s +1 m 00 s +passed +0 % of/,
    )
  })
})
