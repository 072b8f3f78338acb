import { describe, expect, it } from 'vitest'
import { readExposition } from './exposition.ts'
import { countIn, readSelector, type Selector } from './selector.ts'

const selector = (text: string): Selector => {
  const read = readSelector(text)
  if (!read) throw new Error(`${text} is no selector`)
  return read
}
const count = (text: string, ...lines: string[]) =>
  countIn(readExposition(`${lines.join('\n')}\n`), selector(text))

describe('a selector', () => {
  it.each([
    '',
    '{a="b"}',
    'payments_total{',
    'payments total',
    'payments_total{a=~"b"}',
    'a + b',
    'a{b="c"} ',
  ])('is not %j', (text) => expect(readSelector(text)).toBeUndefined())

  const lines = [
    'payments_total{outcome="declined",method="card"} 2',
    'payments_total{outcome="declined",method="link"} 3',
    'payments_total{outcome="paid",method="card"} 50',
    'payments_totals 1000',
  ]

  it('sums up all series that have its labels', () => {
    expect(count('payments_total', ...lines)).toEqual({ value: 55, isKnown: true })
    expect(count('payments_total{outcome="declined"}', ...lines)).toEqual({ value: 5, isKnown: true })
    expect(count('payments_total{method="link",outcome="declined"}', ...lines)).toEqual({
      value: 3,
      isKnown: true,
    })
  })

  it('counts 0 of what has not happened yet, and tells it from what is not known', () => {
    expect(count('payments_total{outcome="lost"}', ...lines)).toEqual({ value: 0, isKnown: true })
    expect(count('refunds_total', '# TYPE refunds_total counter')).toEqual({ value: 0, isKnown: true })
    expect(count('refunds_total', ...lines)).toEqual({ value: 0, isKnown: false })
  })

  it.each([
    ['a gauge', 'queue', ['# TYPE queue gauge', 'queue 3'], 'queue is a gauge, expected a counter'],
    [
      'a sum of times',
      'took_sum',
      ['# TYPE took histogram', 'took_sum 3'],
      'took_sum is a sum of a histogram, expected a counter',
    ],
    [
      'a number that does not count',
      'a_total',
      ['a_total 1.5'],
      'a_total is 1.5, expected a whole number from 0',
    ],
    ['less than nothing', 'a_total', ['a_total -1'], 'a_total is -1, expected a whole number from 0'],
    ['no number', 'a_total', ['a_total NaN'], 'a_total is NaN, expected a whole number from 0'],
    [
      'a broken line of its own',
      'a_total',
      ['a_total{x="1"} 1', 'a_total{x="2" 1'],
      'line 2 (a_total{x="2" 1) expected , or } behind a label',
    ],
  ])('refuses %s', (_, text, said, problem) => {
    expect(count(text, ...said)).toEqual({ problem })
  })

  it('takes the parts of a histogram that count', () => {
    const took = [
      '# TYPE took histogram',
      'took_bucket{le="0.5"} 3',
      'took_bucket{le="+Inf"} 4',
      'took_sum 1.5',
      'took_count 4',
    ]
    expect(count('took_bucket{le="0.5"}', ...took)).toEqual({ value: 3, isKnown: true })
    expect(count('took_count', ...took)).toEqual({ value: 4, isKnown: true })
  })

  it('is not misled by broken lines of others, but by one that was cut off within its name', () => {
    expect(count('a_total', 'a_total 1', 'b_total x')).toEqual({ value: 1, isKnown: true })
    const cutOff = readExposition('b_total 1\na_to')
    expect(countIn(cutOff, selector('a_total'))).toEqual({ problem: 'line 2 (a_to) was cut off' })
    expect(countIn(cutOff, selector('b_total'))).toEqual({ value: 1, isKnown: true })
  })
})
