import { expect, test } from 'vitest'
import type { Digest, Evidence, Json } from '../kernel/index.ts'
import { loadLineGate } from './gates.ts'
import { foundRatio } from './plan/compare/testdata/evidence.ts'

const digest = (letter: string): Digest => `sha256:${letter.repeat(64)}`
const [release, live, older] = ['a', 'b', 'c'].map(digest) as [Digest, Digest, Digest]

const known = (name: string, at: number, body: unknown, against?: Digest): Evidence => ({
  id: digest(name),
  kind: 'loadLine',
  at,
  about: { release, ...(against ? { against } : {}) },
  body: body as Json,
})
const compared = (ratio: number) => ({
  is: 'compared',
  comparison: 'payments.1',
  ...foundRatio(ratio, { base: 'main', change: 'mine' }),
})
const baseline = { is: 'baseline', text: 'nothing else runs here' }
const judge = (where: { live?: Digest }, ...evidence: Evidence[]) =>
  loadLineGate.judge(
    undefined,
    { service: 'payments', environment: 'production', release, ...where },
    evidence,
    0,
  )

test('passes for what carries as much, naming the evidence', () => {
  expect(judge({ live }, known('1', 1, compared(1), live))).toEqual({ is: 'pass', seen: [digest('1')] })
})

test('fails for what carries less, with the numbers', () => {
  const verdict = judge({ live }, known('1', 1, compared(0.8), live))
  expect(verdict).toMatchObject({ is: 'fail' })
  if (verdict.is === 'pass') throw new Error('it passed')
  expect(verdict.reasons[0]?.text).toMatch(/^mine carries 20 % less than main \(95 %: /)
  expect(verdict.reasons[1]).toMatchObject({ numbers: { margin: 0.05 } })
})

test.each([
  ['nothing is known', { live }, []],
  ['it was compared with something else', { live }, [known('1', 1, compared(1), older)]],
  ['it is only known as a baseline, and something else runs', { live }, [known('1', 1, baseline)]],
  ['what is known cannot be read', { live }, [known('1', 1, { is: 'compared' }, live)]],
  ['nothing runs, and it is no baseline yet', {}, [known('1', 1, compared(1), live)]],
] as const)('cannot tell when %s', (_why, where, evidence) => {
  expect(judge(where, ...evidence).is).toBe('inconclusive')
})

test('the newest counts', () => {
  const [old, young] = [known('1', 1, compared(0.8), live), known('2', 2, compared(1), live)]
  expect(judge({ live }, young, old)).toEqual({ is: 'pass', seen: [digest('2')] })
})

test.each([{}, { live: release }])('the first release is the baseline, and stays it: %j', (where) => {
  expect(judge(where, known('1', 1, baseline))).toEqual({ is: 'pass', seen: [digest('1')] })
})
