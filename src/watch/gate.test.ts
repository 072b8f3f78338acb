import { describe, expect, it } from 'vitest'
import type { Evidence, Json } from '../kernel/index.ts'
import { type BudgetPolicy, errorBudgetGate, errorBudgetKind } from './gate.ts'

const live = `sha256:${'a'.repeat(64)}` as const
const question = {
  service: 'payments',
  environment: 'production',
  release: `sha256:${'b'.repeat(64)}`,
  live,
} as const
const settings = (more: object = {}): BudgetPolicy => ({
  below: 0.1,
  allow: 'fixes',
  expires: 900_000,
  ...more,
})
const slo = (name: string, left?: number) => ({
  name,
  objective: 0.999,
  window: 28 * 86_400_000,
  ...(left === undefined ? {} : { left }),
})
const seen = (at: number, body: Json, digit = 'c'): Evidence => ({
  id: `sha256:${digit.repeat(64)}`,
  kind: errorBudgetKind,
  at,
  about: { release: live, environment: 'payments.production' },
  body,
})
const judge = (
  evidence: readonly Evidence[],
  more: { settings?: object; fix?: string; now?: number } = {},
) => {
  const asked = more.fix === undefined ? question : { ...question, fix: more.fix }
  return errorBudgetGate.judge(settings(more.settings), asked, evidence, more.now ?? 1_000)
}

describe('the gate errorBudget', () => {
  it('passes while enough is left, naming what was seen', () => {
    const known = seen(0, { slos: [slo('availability', 0.1), slo('latency', 0.9)] })
    expect(judge([known])).toEqual({ is: 'pass', seen: [known.id] })
  })

  it('fails with less, with the numbers of each budget, and says what comes all the same', () => {
    const verdict = judge([
      seen(0, { slos: [slo('availability', 0.09), slo('latency', -0.5), slo('other', 1)] }),
    ])
    expect(verdict).toEqual({
      is: 'fail',
      reasons: [
        {
          text: '9 % of the availability budget is left, less than 10 %',
          numbers: { left: 0.09, below: 0.1 },
          next: 'bring what mends it, with --fix and why',
        },
        expect.objectContaining({ text: 'the latency budget is spent, 50 % more than there is' }),
      ],
    })
  })

  it('lets a fix through, unless nothing comes through', () => {
    const known = seen(0, { slos: [slo('availability', 0)] })
    expect(judge([known], { fix: 'INC-12' }).is).toBe('pass')
    expect(judge([known], { fix: 'INC-12', settings: { allow: 'nothing' } }).is).toBe('fail')
  })

  it('follows the policy of the team', () => {
    const known = seen(0, { slos: [slo('availability', 0.3)] })
    expect(judge([known], { settings: { below: 0.5 } }).is).toBe('fail')
    expect(judge([seen(0, { slos: [slo('availability', 0)] })], { settings: { below: 0 } }).is).toBe('pass')
  })

  it.each([
    ['nothing', [], /nothing is known of the budgets/],
    ['no promise', [seen(0, { slos: [] })], /nothing is promised/],
    ['one budget of two', [seen(0, { slos: [slo('a', 1), slo('b')] })], /budget of b/],
    ['what cannot be read', [seen(0, { slos: 'many' })], /cannot be read/],
    ['what is old', [seen(-900_000, { slos: [slo('a', 1)] })], /15 m 01 s old, and counts for 15 m 00 s/],
  ] as const)('is inconclusive when it knows %s', (_what, evidence, said) => {
    const verdict = judge(evidence)
    expect(verdict.is).toBe('inconclusive')
    expect(JSON.stringify(verdict)).toMatch(said)
  })

  it('holds nobody up where nothing runs yet', () => {
    const known = seen(0, { slos: [slo('availability')] })
    const { live: _, ...first } = question
    expect(errorBudgetGate.judge(settings(), first, [known], 1_000).is).toBe('pass')
  })

  it('goes by the newest that is known', () => {
    const old = seen(0, { slos: [slo('a', 0)] }, 'd')
    const newer = seen(500, { slos: [slo('a', 1)] }, 'e')
    expect(judge([old, newer])).toEqual({ is: 'pass', seen: [newer.id] })
  })
})
