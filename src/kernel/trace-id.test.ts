import { expect, it } from 'vitest'
import { spanIdOf, traceIdOf, traceparentOf } from './trace-id.ts'

it('gives the same id to the same text, and another one to any other', () => {
  const texts = Array.from({ length: 10_000 }, (_, i) => `run/payments.${i}/test/${i % 7}/1`)
  expect(new Set(texts.map(traceIdOf)).size).toBe(texts.length)
  expect(new Set(texts.map(spanIdOf)).size).toBe(texts.length)
  expect(traceIdOf('run/payments.1')).toBe(traceIdOf('run/payments.1'))
  for (const text of texts.slice(0, 500)) expect(traceIdOf(text)).toMatch(/^[0-9a-f]{32}$/)
  // Each half of a trace's id differs on its own: nothing is said twice.
  expect(new Set(texts.map((text) => traceIdOf(text).slice(16))).size).toBe(texts.length)
})

it('writes the header of W3C', () => {
  expect(traceparentOf(traceIdOf('a'), spanIdOf('b'))).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
})
