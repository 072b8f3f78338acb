import { describe, expect, it } from 'vitest'
import type { HealthHistory } from '../../contract/index.ts'
import { legendOf, lineFinding, linesCsv, mostIn, piecesOf, rolesOf, textAt } from './lately.ts'

const history: HealthHistory = {
  schemaVersion: 1,
  service: 'pay',
  environment: 'production',
  times: [0, 60_000, 120_000, 180_000],
  rate: [
    { name: '', values: [0, 0, 1, 0] },
    { name: 'old', values: [9, 8, null, null] },
    { name: 'live', values: [null, 1, 7, 8] },
    { name: 'new', values: [null, null, 1, 2] },
  ],
  errors: [],
  p95: [],
  deployments: [{ id: 'd', at: 110_000, version: 'live', text: 'live was deployed' }],
}
const perSecond = (value: number) => `${value}/s`

describe('how a figure went lately', () => {
  it('names together what is drawn alike, and says nothing once', () => {
    const roles = rolesOf(history)
    const more = [...history.rate, { name: 'older', values: [1, null, null, null] }]
    expect(legendOf(history.rate, roles).map(({ text }) => text)).toEqual([
      'live',
      'new',
      'no release',
      'old',
    ])
    expect(legendOf(more, roles)).toEqual([
      { role: 'base', text: 'live' },
      { role: 'change', text: 'new' },
      { role: 'aside', text: '3 others' },
    ])
    const still = history.rate.map(({ name }) => ({ name, values: [0, 0, 0, 0] }))
    expect(lineFinding('rate', still, perSecond)).toBe('The rate now: 0/s.')
  })

  it('is drawn by who has the requests now', () => {
    expect([...rolesOf(history)]).toEqual([
      ['', 'aside'],
      ['old', 'aside'],
      ['live', 'base'],
      ['new', 'change'],
    ])
  })

  it('has gaps where nothing is known', () => {
    expect(piecesOf({ name: '', values: [null, 1, 2, null, null, 3] })).toEqual([[1, 2], [5]])
    expect(piecesOf({ name: '', values: [null] })).toEqual([])
    expect(mostIn(history.rate)).toBe(9)
    expect(mostIn([])).toBe(0)
  })

  it('is read out with what was deployed meanwhile', () => {
    expect(textAt(history, history.rate, 2, perSecond)).toMatch(
      /, no release 1\/s, live 7\/s, new 1\/s, live was deployed$/,
    )
    expect(textAt(history, history.rate, 1, perSecond)).toMatch(/, no release 0\/s, old 8\/s, live 1\/s$/)
    expect(textAt(history, [], 0, perSecond)).toMatch(/, nothing is known$/)
    expect(textAt(history, history.rate, 9, perSecond)).toBe('')
  })

  it('says what it is now', () => {
    expect(lineFinding('rate', history.rate.slice(1), perSecond)).toBe(
      'The rate now: 8/s of live, 2/s of new.',
    )
    expect(lineFinding('rate', history.rate.slice(1, 2), perSecond)).toBe('Nothing is known of the rate now.')
    expect(lineFinding('rate', [], perSecond)).toBe('Nothing is known of the rate lately.')
  })

  it('can be taken along', () => {
    const { heads, rows } = linesCsv(history.times, history.rate)
    expect(heads).toEqual(['time', 'no release', 'old', 'live', 'new'])
    expect(rows[3]).toEqual(['1970-01-01T00:03:00.000Z', 0, null, 8, 2])
  })
})
