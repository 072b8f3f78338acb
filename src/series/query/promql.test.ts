import { expect, it } from 'vitest'
import {
  aggregate,
  arithmetic,
  histogramQuantile,
  number,
  or,
  over,
  type Query,
  quantileOverTime,
  select,
  series,
  toPromql,
  vector,
} from '../index.ts'

const bad = series(
  'requests_total',
  { job: 'a"b\\c' },
  { label: 'outcome', is: '=~', value: 'lost|.*_error' },
)
const rate = (name: string) => over('rate', series(name), 300_000)

it.each<readonly [Query, string]>([
  [select(series('up')), 'up'],
  [select(bad), String.raw`requests_total{job="a\"b\\c",outcome=~"lost|.*_error"}`],
  [select([{ label: '__name__', is: '=~', value: 'a|b' }]), '{__name__=~"a|b"}'],
  [select(series('up'), 3_600_000), 'up offset 1h'],
  [over('increase', series('c'), 90_000, -1_500), 'increase(c[90s] offset -1500ms)'],
  [quantileOverTime(0.9, series('g'), 86_400_000), 'quantile_over_time(0.9, g[1d])'],
  [aggregate('sum', ['a', 'b'], rate('c')), 'sum by (a, b) (rate(c[5m]))'],
  [
    histogramQuantile(0.99, aggregate('sum', ['le'], rate('took_bucket'))),
    'histogram_quantile(0.99, sum by (le) (rate(took_bucket[5m])))',
  ],
  [arithmetic('/', rate('a'), arithmetic('+', rate('b'), number(-1))), 'rate(a[5m]) / (rate(b[5m]) + (-1))'],
  [or(rate('a'), vector(0)), 'rate(a[5m]) or vector(0)'],
  [arithmetic('*', number(Infinity), number(1e-9)), '+Inf * 1e-9'],
])('%j is %s', (query, text) => expect(toPromql(query)).toBe(text))
