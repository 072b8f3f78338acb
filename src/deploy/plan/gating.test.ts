import { describe, expect, it } from 'vitest'
import { fail, inconclusive, pass } from '../../kernel/index.ts'
import { passageThrough } from './gating.ts'
import type { GateSeen } from './state.ts'

const waiver = { gate: 'loadLine', owner: 'ada', reason: 'audit', since: 0, until: 9 }
const good: GateSeen = { name: 'tests', verdict: pass(`sha256:${'a'.repeat(64)}`) }
const bad: GateSeen = { name: 'tests', verdict: fail('2 of 48 tests failed') }
const unsure: GateSeen = { name: 'loadLine', verdict: inconclusive('5 rounds are too few') }
const pending: GateSeen = { ...unsure, pending: 'is being compared' }

describe('the gates', () => {
  it.each([
    ['without any', []],
    ['that pass', [good]],
    ['of which one is waived', [good, { ...unsure, waiver }]],
    ['of which one is waived before its evidence is there', [good, { ...pending, waiver }]],
  ])('%s let a release through', (_which, gates) => {
    expect(passageThrough(gates)).toEqual({ is: 'open' })
  })

  it('wait for evidence that is on its way', () => {
    expect(passageThrough([good, pending])).toEqual({
      is: 'waits',
      because: 'gate loadLine: is being compared',
    })
  })

  it('do not wait when one refuses anyway', () => {
    expect(passageThrough([bad, pending])).toEqual({
      is: 'refused',
      standing: 'failed',
      reasons: [{ text: 'gate tests: 2 of 48 tests failed' }],
    })
  })

  it('that cannot tell refuse, and say so', () => {
    expect(passageThrough([good, unsure])).toMatchObject({ is: 'refused', standing: 'inconclusive' })
  })

  it('fail when one fails, whatever another cannot tell; all reasons are told', () => {
    const passage = passageThrough([bad, unsure])
    expect(passage).toMatchObject({ standing: 'failed' })
    expect(passage.is === 'refused' && passage.reasons).toHaveLength(2)
  })
})
