import fc from 'fast-check'
import { expect, it } from 'vitest'
import { samplesOf, setEndAt } from './samples.ts'
import { combine, type Summary, summarize } from './summary.ts'

const whole = fc.array(fc.option(fc.integer({ min: -9, max: 9 }), { nil: undefined }), { maxLength: 20 })

/** A second from each other; undefined is the end of the series. */
function made(values: readonly (number | undefined)[]) {
  const samples = samplesOf(
    Float64Array.from(values, (_, i) => i * 1_000),
    Float64Array.from(values, (value) => value ?? 0),
  )
  values.forEach((value, i) => {
    if (value === undefined) setEndAt(samples.words, i)
  })
  return samples
}

it('is the same of the whole and of its parts', () => {
  fc.assert(
    fc.property(whole, fc.nat(20), fc.nat(20), (values, a, b) => {
      const samples = made(values)
      const n = values.length
      const [x = 0, y = 0] = [Math.min(a, n), Math.min(b, n)].sort((p, q) => p - q)
      const of = (begin: number, end: number): Summary | undefined => summarize(samples, begin, end)
      expect(combine(combine(of(0, x), of(x, y)), of(y, n))).toEqual(of(0, n))
    }),
  )
})

it('counts what a counter had before it began again', () => {
  const summary = summarize(made([5, 7, undefined, 2, 4, 1]), 0, 6)
  expect(summary).toMatchObject({ count: 5, dropped: 7 + 4, first: 5, last: 1, min: 1, max: 7, sum: 19 })
})
