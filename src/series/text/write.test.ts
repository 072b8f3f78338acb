import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readExposition } from './exposition.ts'
import { writeExposition } from './write.ts'

describe('what is written', () => {
  it('is what the format has', () => {
    expect(
      writeExposition([
        {
          name: 'paid_total',
          help: 'Payments,\nby kind.',
          type: 'counter',
          samples: [{ value: 3 }, { labels: { kind: 'a "card"' }, value: Number.POSITIVE_INFINITY }],
        },
        { name: 'heat', help: 'Heat.', type: 'gauge', samples: [] },
      ]),
    ).toBe(
      '# HELP paid_total Payments,\\nby kind.\n# TYPE paid_total counter\npaid_total 3\npaid_total{kind="a \\"card\\""} +Inf\n# HELP heat Heat.\n# TYPE heat gauge\n',
    )
  })

  it('is read back as it was, whatever stands in labels', () => {
    const sample = fc.record({
      labels: fc.dictionary(
        fc.stringMatching(/^[a-z_]{1,6}$/),
        fc.string({ unit: 'binary', minLength: 1, maxLength: 9 }),
        {
          maxKeys: 3,
          noNullPrototype: false,
        },
      ),
      value: fc.double({ noNaN: true }),
    })
    const samples = fc.uniqueArray(sample, {
      selector: ({ labels }) => JSON.stringify(Object.entries(labels).sort()),
    })
    fc.assert(
      fc.property(samples, (its) => {
        const text = writeExposition([{ name: 'a', help: 'b', type: 'gauge', samples: its }])
        const said = readExposition(text)
        expect(said.malformed).toEqual([])
        expect(said.samples.map(({ labels, value }) => [labels, value])).toEqual(
          its.map(({ labels, value }) => [labels, value === 0 ? expect.closeTo(0) : value]),
        )
      }),
    )
  })
})
