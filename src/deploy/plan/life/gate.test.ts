import { describe, expect, it } from 'vitest'
import type { Digest, Evidence, Json } from '../../../kernel/index.ts'
import { loadTestGate, nothingMeasured } from './gate.ts'
import { absoluteKind } from './state.ts'

const id = (n: number): Digest => `sha256:${String(n).repeat(64)}`
const evidence = (n: number, body: object): Evidence => ({
  id: id(n),
  kind: absoluteKind,
  at: n,
  about: { release: id(0), environment: 'payments.perf' },
  body: { text: 'carries 90/s', reasons: [], doubts: [], counts: true, ...body } as unknown as Json,
})
const judge = (...known: Evidence[]) =>
  loadTestGate.judge(undefined, { service: 'payments', environment: 'production', release: id(9) }, known, 0)

describe('the gate loadTest', () => {
  it('holds by the newest load line of what runs', () => {
    const red = evidence(1, { standing: 'failed' })
    expect(judge(red, evidence(2, { standing: 'passed' }))).toEqual({ is: 'pass', seen: [id(2)] })
  })

  it('says nothing of what was measured with other instances on purpose', () => {
    const larger = evidence(2, { standing: 'passed', sized: { cpus: 2 } })
    expect(judge(evidence(1, { standing: 'failed' }), larger)).toMatchObject({ is: 'fail' })
    expect(judge(larger)).toMatchObject({ is: 'inconclusive' })
  })

  it('fails where that is too low', () => {
    const reasons = [{ text: 'carries 90/s' }]
    expect(judge(evidence(1, { standing: 'failed', reasons }))).toEqual({ is: 'fail', reasons })
  })

  it.each<[string, object, string[]]>([
    ['was not told', { standing: 'inconclusive', text: 'too noisy' }, ['too noisy']],
    [
      'does not count',
      { standing: 'passed', counts: false, doubts: ['release is a, and b in production'] },
      ['carries 90/s', 'it does not count: release is a, and b in production'],
    ],
  ])('cannot tell where it %s', (_, body, texts) => {
    const reasons = texts.map((text) => ({ text }))
    expect(judge(evidence(1, body))).toEqual({ is: 'inconclusive', reasons })
  })

  it('is never green where nothing was measured, but for the first release', () => {
    expect(judge()).toMatchObject({
      is: 'inconclusive',
      reasons: [{ text: 'the load line of what runs in production is missing' }],
    })
    expect(judge(evidence(1, { nothing: nothingMeasured }))).toEqual({ is: 'pass', seen: [id(1)] })
  })
})
