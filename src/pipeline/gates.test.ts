import { expect, test } from 'vitest'
import type { Evidence, Json } from '../kernel/index.ts'
import { testsGate } from './gates.ts'

const known = (letter: string, at: number, body: Json, kind = 'tests'): Evidence => ({
  id: `sha256:${letter.repeat(64)}`,
  kind,
  at,
  about: { release: `sha256:${'f'.repeat(64)}` },
  body,
})
const body = (passed: number, failed: number, skipped = 0) => ({
  run: '7',
  passed,
  failed,
  skipped,
  suites: 1,
  retries: 0,
})
const question = {
  service: 'payments',
  environment: 'production',
  release: `sha256:${'f'.repeat(64)}`,
} as const
const judge = (...evidence: Evidence[]) => testsGate.judge({}, question, evidence, 0)

test('passes naming the evidence seen', () => {
  expect(judge(known('a', 1, body(48, 0)))).toEqual({ is: 'pass', seen: [`sha256:${'a'.repeat(64)}`] })
})

test('fails with the numbers', () => {
  expect(judge(known('a', 1, body(46, 2, 1)))).toEqual({
    is: 'fail',
    reasons: [{ text: '2 of 48 tests failed in run 7', numbers: { passed: 46, failed: 2, skipped: 1 } }],
  })
})

test('is inconclusive without tests, with none that ran, and with what it cannot read', () => {
  expect(judge().is).toBe('inconclusive')
  expect(judge(known('a', 1, body(48, 0), 'provenance')).is).toBe('inconclusive')
  expect(judge(known('a', 1, body(0, 0, 5))).is).toBe('inconclusive')
  expect(judge(known('a', 1, { passed: 'many' })).is).toBe('inconclusive')
})

test('the newest tests count', () => {
  expect(judge(known('b', 2, body(1, 0)), known('a', 1, body(1, 1))).is).toBe('pass')
  expect(judge(known('b', 1, body(1, 0)), known('a', 2, body(1, 1))).is).toBe('fail')
})
