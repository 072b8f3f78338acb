import { describe, expect, it } from 'vitest'
import { burns, matchers, story } from './alerts.fixture.ts'

describe('an environment of which nothing was ever heard', () => {
  const expect_ = (it: ReturnType<typeof story>) =>
    it.hear({ is: 'expected', at: 60_000, environment: 'production' })

  it('is a page, as one that is not heard of any more', () => {
    const it = story()
    it.until(60)
    expect_(it)
    it.until(120)
    expect_(it)
    it.until(700)
    expect(it.told).toEqual(['670 alert.page watch'])
    expect(it.state().alerts).toMatchObject([{ text: expect.stringContaining('nothing was heard for 10 m') }])
    it.is([])
    it.until(800)
    expect(it.told).toEqual(['670 alert.page watch', '730 alert.resolved watch'])
    it.until(1_200)
    expect(it.told).toHaveLength(2)
  })

  it('is none when it is promised no more', () => {
    const it = story()
    it.until(60)
    expect_(it)
    it.forget('production')
    it.until(2_000)
    expect(it.told).toEqual([])
  })
})

describe('an alert', () => {
  it('is told once, and that it is over', () => {
    const it = story()
    it.is([])
    it.until(60)
    it.is([burns('a')])
    it.until(100)
    it.is([burns('a')])
    it.until(300)
    it.is([])
    it.until(400)
    expect(it.told).toEqual(['70 alert.page a', '300 alert.resolved a'])
    expect(it.state().alerts).toEqual([])
    expect(it.state().history.map(({ at, type }) => [at, type])).toEqual([
      [300_000, 'alert.resolved'],
      [70_000, 'alert.page'],
    ])
  })

  it('is over, and all is well again only when nothing else fires', () => {
    const it = story()
    it.is([])
    it.until(60)
    it.is([burns('a'), burns('b', 'ticket')])
    it.until(100)
    it.is([burns('b', 'ticket')])
    it.until(200)
    it.is([])
    it.until(400)
    expect(
      it
        .state()
        .history.map(({ type, text }) => [type, text])
        .reverse(),
    ).toEqual([
      ['alert.page', 'production of payments: a burns'],
      ['alert.ticket', 'production of payments: b burns'],
      ['alert.resolved', 'production of payments, over: a burns; still so: b burns'],
      ['alert.resolved', 'production of payments is well again, after: b burns'],
    ])
  })

  it('keeps when it was last well, and says what to do', () => {
    const it = story()
    it.is([])
    it.until(60)
    it.is([{ ...burns('a'), changes: ['payments.production.7 ended'] }])
    expect(it.state().alerts).toMatchObject([
      { healthyAt: 0, firedAt: 60_000, changes: ['payments.production.7 ended'] },
    ])
    expect(it.state().alerts[0]?.next).toContain('plimsoll rollback production')
  })

  it('that is over before anybody was told is told to nobody, and known to the journal', () => {
    const it = story()
    it.is([burns('a')])
    it.until(5)
    it.is([])
    it.until(100)
    expect(it.told).toEqual([])
    expect(it.events).toEqual(['alert.fired', 'alert.resolved'])
  })

  it('waits for others of its group, and what comes later is told after a while', () => {
    const it = story()
    it.is([burns('a')])
    it.until(5)
    it.is([burns('a'), burns('b')])
    it.until(20)
    it.is([burns('a'), burns('b'), burns('c')])
    it.until(200)
    expect(it.told).toEqual(['10 alert.page a+b', '70 alert.page c'])
  })

  it('of another environment is of another group', () => {
    const it = story()
    it.is([burns('a')])
    it.is([burns('a')], 'staging')
    it.until(60)
    expect(it.told).toEqual(['10 alert.page a', '10 alert.page a'])
  })

  it('that goes on is told again when it is a page', () => {
    const it = story({ repeat: 120_000 })
    it.is([burns('a'), burns('b', 'ticket')])
    it.until(300)
    expect(it.told).toEqual(['10 alert.page a', '10 alert.ticket b', '130 alert.page a', '250 alert.page a'])
  })

  it('goes where its route leads', () => {
    const routes = [
      { match: matchers('slo=~"a|b",severity="page"'), to: ['pager'] },
      { match: matchers('severity!="page"'), to: ['desk', 'log'] },
    ]
    const it = story({ routes })
    it.is([burns('a'), burns('b'), burns('c'), burns('d', 'ticket')])
    it.until(30)
    expect(it.told).toEqual(['10 alert.page a+b → pager', '10 alert.page c', '10 alert.ticket d → desk,log'])
  })

  it('heard of twice, or too late, is heard of once', () => {
    const it = story()
    it.until(60)
    it.is([burns('a')])
    it.is([])
    it.hear({ is: 'seen', at: 30_000, environment: 'production', burning: [] })
    it.until(90)
    expect(it.told).toEqual(['70 alert.page a'])
  })
})
