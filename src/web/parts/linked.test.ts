import { describe, expect, it } from 'vitest'
import { partsOf } from './linked.ts'

describe('a sentence that names what has a page', () => {
  it('leads to deployments and load tests of the service', () => {
    expect(partsOf('ea5e9d50bd59 was deployed by payments.production.2', 'payments')).toEqual([
      { text: 'ea5e9d50bd59 was deployed by ' },
      { text: 'payments.production.2', href: '/deployments/payments.production.2' },
    ])
    expect(partsOf('payments.perf.test-3 found it, says Ada', 'payments')).toEqual([
      { text: 'payments.perf.test-3', href: '/load-tests/payments.perf.test-3' },
      { text: ' found it, says Ada' },
    ])
  })

  it('leaves alone what is no name, or that of another service', () => {
    for (const text of [
      'ledger.production.2 was deployed',
      'metrics of 127.0.0.1:9 cannot be read',
      'it takes 1.2.3 s',
      '',
    ])
      expect(partsOf(text, 'payments')).toEqual(text === '' ? [] : [{ text }])
  })
})
