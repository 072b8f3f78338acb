import { expect, test } from 'vitest'
import { isSaneId, newId, traceIdIn } from './request-id.ts'

test.each([
  ['0d3c1f6e-7f0e-4a44-9f5b-3f2f6f7f9f00', true],
  ['Root=1-67891233-abcdef012345678912345678', true],
  ['a', true],
  ['a'.repeat(128), true],
  ['a'.repeat(129), false],
  ['', false],
  ['a b', false],
  ['a, b', false],
  ['a"b', false],
  ['a\x7f', false],
  ['\xfc', false],
  ['$(x)', false],
  ['<b>', false],
])('%j may be an id: %s', (id, may) => expect(isSaneId(id)).toBe(may))

const [trace, span] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7']

test.each([
  [`00-${trace}-${span}-01`, trace],
  [`01-${trace}-${span}-01-more`, trace],
  [`00-${trace}-${span}-01-more`, undefined],
  [`ff-${trace}-${span}-01`, undefined],
  [`00-${'0'.repeat(32)}-${span}-01`, undefined],
  [`00-${trace.toUpperCase()}-${span}-01`, undefined],
  ['nonsense', undefined],
  [undefined, undefined],
])('traceparent %s is of the trace %s', (traceparent, id) => expect(traceIdIn(traceparent)).toBe(id))

test('what is made is sane, and no two are the same, also beyond what is drawn at once', () => {
  const made = Array.from({ length: 1_000 }, newId)
  expect(made.every((id) => /^[\da-f]{32}$/.test(id) && isSaneId(id))).toBe(true)
  expect(new Set(made).size).toBe(1_000)
})
