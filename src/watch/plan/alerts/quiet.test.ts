import { describe, expect, it } from 'vitest'
import { burns, silenceOf, story } from './alerts.fixture.ts'

describe('what inhibits', () => {
  it('a page its tickets, which are told when it is over', () => {
    const it = story()
    it.is([burns('a', 'page'), burns('a', 'ticket', '1d'), burns('b', 'ticket', '1d')])
    it.until(100)
    it.is([burns('a', 'ticket', '1d'), burns('b', 'ticket', '1d')])
    it.until(200)
    expect(it.told).toEqual([
      '10 alert.page a',
      '10 alert.ticket b',
      '100 alert.resolved a',
      '100 alert.ticket a',
    ])
  })

  it('what it depends on, in the same environment', () => {
    const it = story()
    it.down({ production: 'cards' })
    it.is([burns('a')])
    it.is([burns('a')], 'staging')
    it.until(60)
    expect(it.told).toEqual(['10 alert.page a'])
    it.down({})
    it.until(120)
    expect(it.told).toHaveLength(2)
  })
})

describe('a silence', () => {
  it('keeps quiet what it matches until it expires', () => {
    const it = story()
    it.hear({ is: 'silence', silence: silenceOf('slo="a"', 100_000) })
    it.is([burns('a'), burns('b')])
    it.until(200)
    expect(it.told).toEqual(['10 alert.page b', '100 alert.page a'])
    expect(it.events).toContain('alert.silenceEnded')
  })

  it('until resolved ends with what it keeps quiet', () => {
    const it = story()
    it.is([burns('a')])
    it.until(5)
    it.hear({ is: 'silence', silence: silenceOf('slo="a"', 'resolved') })
    it.until(100)
    expect(it.state().silences).toHaveLength(1)
    it.is([])
    it.until(110)
    expect(it.state().silences).toEqual([])
    it.is([burns('a')])
    it.until(200)
    expect(it.told).toEqual(['120 alert.page a'])
  })

  it('does not keep quiet that what was told is over', () => {
    const it = story()
    it.is([burns('a')])
    it.until(20)
    it.hear({ is: 'silence', silence: silenceOf('slo="a"', 'resolved') })
    it.until(100)
    it.is([])
    it.until(200)
    expect(it.told).toEqual(['10 alert.page a', '100 alert.resolved a'])
  })

  it('can be ended by hand, and is said once', () => {
    const it = story()
    const silence = silenceOf('severity="page"', 1e6)
    it.hear({ is: 'silence', silence })
    expect(it.hear({ is: 'silence', silence })).toBeDefined()
    it.is([burns('a')])
    it.until(30)
    it.hear({ is: 'unsilence', id: 's1', by: 'grace' })
    it.until(60)
    expect(it.told).toEqual(['30 alert.page a'])
  })
})
