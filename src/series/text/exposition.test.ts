import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Exposition, readExposition } from './exposition.ts'

const valuesOf = ({ samples }: Exposition) => samples.map(({ name, value }) => [name, value])

describe('the text format', () => {
  it('reads what a service says', () => {
    const said = readExposition(
      [
        '# HELP payments_total Payments, by outcome.',
        '# TYPE payments_total counter',
        'payments_total{outcome="declined",method="card"} 12',
        'payments_total{ outcome = "paid" , } 1.2e3 1732778400000',
        '',
        '# anything else is a remark',
        'temperature -0.5',
        String.raw`odd{text="a \"b\" \\ \n, c}"} +Inf`,
        'none NaN',
        '',
      ].join('\n'),
    )
    expect(said.malformed).toEqual([])
    expect(said.types.get('payments_total')).toBe('counter')
    expect(said.samples[0]).toEqual({
      name: 'payments_total',
      labels: { outcome: 'declined', method: 'card' },
      value: 12,
    })
    expect(said.samples[3]?.labels).toEqual({ text: 'a "b" \\ \n, c}' })
    expect(valuesOf(said).slice(1)).toEqual([
      ['payments_total', 1_200],
      ['temperature', -0.5],
      ['odd', Infinity],
      ['none', Number.NaN],
    ])
  })

  it.each([
    ['no value', 'payments_total', /expected a number at column 15/],
    ['a value that is none', 'payments_total 12x', /expected a number/],
    ['two values', 'payments_total 12 13 14', /has "14" behind its value/],
    ['a name with a dash', 'payments-total 12', /expected a number/],
    ['a digit first', '2payments 12', /expected the name of a metric/],
    ['labels without an end', 'payments_total{a="b" 12', /expected , or }/],
    ['a label without quotes', 'payments_total{a=b} 12', /expected a value in double quotes/],
    ['a label twice', 'payments_total{a="b",a="c"} 12', /has the label a twice/],
    ['a strange escape', String.raw`payments_total{a="\t"} 12`, /is none of/],
    ['the same series again', 'fine{b="2",a="1"} 4', /says the same series again/],
    ['a type that there is not', '# TYPE payments_total number', /expected # TYPE/],
    ['a type too late', '# TYPE fine counter', /after its values/],
    ["Windows' line ends", 'payments_total 12\r', /expected a number/],
  ])('names a line with %s, and keeps the others', (_, line, because) => {
    const said = readExposition(`fine{a="1",b="2"} 3\n${line}\nfine_too 5\n`)
    expect(valuesOf(said)).toEqual([
      ['fine', 3],
      ['fine_too', 5],
    ])
    expect(said.malformed).toEqual([{ line: 2, text: line, because: expect.stringMatching(because) }])
  })

  it('takes half of a number for none', () => {
    const said = readExposition('payments_total 1234\npayments_declined_total 12')
    expect(valuesOf(said)).toEqual([['payments_total', 1_234]])
    expect(said.malformed).toEqual([{ line: 2, text: 'payments_declined_total 12', because: 'was cut off' }])
  })

  const metric = fc.stringMatching(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,12}$/)
  const label = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,8}$/)
  const sample = fc.record({
    name: metric,
    labels: fc.dictionary(label, fc.string({ unit: 'grapheme', maxLength: 12 }), {
      maxKeys: 4,
      noNullPrototype: false,
    }),
    value: fc.oneof(fc.double({ noNaN: true }), fc.nat()),
  })
  const escaped = (text: string) =>
    text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
  const numberText = (value: number) => (Number.isFinite(value) ? String(value) : value > 0 ? '+Inf' : '-Inf')
  const lineOf = ({ name, labels, value }: { name: string; labels: Record<string, string>; value: number }) =>
    `${name}{${Object.entries(labels)
      .map(([key, text]) => `${key}="${escaped(text)}"`)
      .join(',')}} ${numberText(value)}`
  const different = fc.uniqueArray(sample, { selector: ({ name }) => name, minLength: 1, maxLength: 12 })

  it('reads back whatever was written', () => {
    fc.assert(
      fc.property(different, (samples) => {
        const said = readExposition(`${samples.map(lineOf).join('\n')}\n`)
        expect(said.malformed).toEqual([])
        expect(said.samples).toEqual(
          samples.map((one) => ({
            ...one,
            value:
              Number(one.value) === 0 ? said.samples.find(({ name }) => name === one.name)?.value : one.value,
          })),
        )
      }),
    )
  })

  it('loses nothing by any line that is put in between, and says of each what became of it', () => {
    const garbage = fc.string({ unit: 'binary', maxLength: 40 }).map((text) => text.replaceAll('\n', ' '))
    fc.assert(
      fc.property(different, garbage, fc.nat(12), (samples, line, at) => {
        const alone = readExposition(`${line}\n`)
        const names = new Set(samples.map(({ name }) => name))
        fc.pre(alone.samples.every(({ name }) => !names.has(name)) && alone.types.size === 0)
        const lines = samples.map(lineOf)
        lines.splice(Math.min(at, lines.length), 0, line)
        const said = readExposition(`${lines.join('\n')}\n`)
        expect(said.samples.filter(({ name }) => names.has(name))).toHaveLength(samples.length)
        expect(said.malformed).toHaveLength(alone.malformed.length)
      }),
      { numRuns: 500 },
    )
  })

  it('never throws, and takes no more than the lines that there are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        const { samples, malformed } = readExposition(text)
        expect(samples.length + malformed.length).toBeLessThanOrEqual(text.split('\n').length)
      }),
      { numRuns: 500 },
    )
  })
})

describe("OpenMetrics' text format", () => {
  const read = (...lines: string[]) => readExposition(`${lines.join('\n')}\n`, 'openmetrics')

  it('reads what a service says', () => {
    const said = read(
      '# TYPE payments counter',
      '# HELP payments Payments, by outcome.',
      'payments_total{outcome="paid"} 17.0 1520879607.789 # {trace_id="KOO5S4vxi0o"} 0.67 1520879605.1',
      'payments_created{outcome="paid"} 1520430000.123',
      '# TYPE took_seconds histogram',
      '# UNIT took_seconds seconds',
      'took_seconds_bucket{le="0.1"} 8 # {} 0.054',
      'took_seconds_bucket{le="+Inf"} 9',
      'took_seconds_count 9',
      'took_seconds_sum 1.5',
      '# TYPE build info',
      'build_info{version="3"} 1',
      '# EOF',
    )
    expect(said.malformed).toEqual([])
    expect([...said.types]).toEqual([
      ['payments', 'counter'],
      ['took_seconds', 'histogram'],
      ['build', 'info'],
    ])
    expect(said.samples[0]).toEqual({
      name: 'payments_total',
      labels: { outcome: 'paid' },
      value: 17,
      at: 1_520_879_607_789,
    })
    expect(said.samples.map(({ name, value }) => [name, value]).slice(1)).toEqual([
      ['payments_created', 1_520_430_000.123],
      ['took_seconds_bucket', 8],
      ['took_seconds_bucket', 9],
      ['took_seconds_count', 9],
      ['took_seconds_sum', 1.5],
      ['build_info', 1],
    ])
  })

  it.each([
    ['a remark of another kind', '# anything', /expected # TYPE, # UNIT, # HELP or # EOF/],
    ['nothing on it', '', /is empty/],
    ['a unit that the name does not have', '# UNIT took seconds', /ends with _seconds/],
    ['an exemplar on a gauge', 'heat 3 # {a="b"} 1', /expected none but on counters and buckets/],
    ['an exemplar without labels', 'a_total 3 # 1', /expected the labels of an exemplar/],
    ['a long exemplar', `a_total 3 # {a="${'x'.repeat(128)}"} 1`, /more than 128 characters/],
    ['a type of Prometheus', '# TYPE a untyped', /expected # TYPE/],
    ['two times', 'a_total 3 4 5', /has "5" behind its value/],
    ['a type too late', '# TYPE fine gauge', /after its values/],
  ])('names a line with %s, and keeps the others', (_, line, because) => {
    const said = read('fine 3', line, 'fine_too 5', '# EOF')
    expect(said.samples.map(({ name }) => name)).toEqual(['fine', 'fine_too'])
    expect(said.malformed).toEqual([{ line: 2, text: line, because: expect.stringMatching(because) }])
  })

  it('tells what was cut off, and what stands behind the end', () => {
    expect(readExposition('a 1\nb 2\n', 'openmetrics')).toMatchObject({
      samples: [{ name: 'a' }, { name: 'b' }],
      malformed: [{ line: 3, because: 'expected # EOF: it was cut off' }],
    })
    expect(readExposition('a 1\nb 2', 'openmetrics')).toMatchObject({
      samples: [{ name: 'a' }],
      malformed: [{ line: 2, text: 'b 2', because: 'was cut off' }],
    })
    expect(readExposition('a 1\n# EOF\nb 2\n', 'openmetrics')).toMatchObject({
      samples: [{ name: 'a' }],
      malformed: [{ line: 3, text: 'b 2', because: 'stands behind # EOF' }],
    })
    expect(readExposition('a 1\n# EOF', 'openmetrics').malformed).toEqual([])
  })

  it('never throws, and says of each line what became of it', () => {
    const piece = fc.constantFrom(
      ...['a_total', 'b', ' ', '{', '}', '"', 'x="y"', ',', '=', '1', '-2.5e3', 'NaN', '+Inf', '#', '# EOF'],
      ...['\n', '\\', '# TYPE a counter', '# UNIT', '\r', '\u0000', 'é'],
    )
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
    )
    fc.assert(
      fc.property(text, fc.constantFrom('openmetrics' as const, 'prometheus' as const), (said, format) => {
        const { samples, malformed } = readExposition(said, format)
        expect(samples.length + malformed.length).toBeLessThanOrEqual(said.split('\n').length)
        expect(malformed.every(({ line }) => line >= 1 && line <= said.split('\n').length)).toBe(true)
      }),
      { numRuns: 3_000 },
    )
  })
})
