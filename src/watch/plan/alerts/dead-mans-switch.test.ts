import { describe, expect, it } from 'vitest'
import { burns, story } from './alerts.fixture.ts'

describe("the dead man's switch", () => {
  it('pages when nothing is heard, and keeps what fires', () => {
    const it = story()
    it.is([burns('a')])
    it.until(700)
    it.is([burns('a')])
    it.until(900)
    expect(it.told).toEqual(['10 alert.page a', '600 alert.page watch', '700 alert.resolved watch'])
  })

  it('tells somebody outside that all this works, but not while it hears nothing', () => {
    const it = story({ alive: 300_000 })
    it.is([])
    it.until(1_300)
    it.is([])
    it.until(1_350)
    expect(it.told).toEqual([
      '0 watch.alive ',
      '300 watch.alive ',
      '610 alert.page watch',
      '1300 alert.resolved watch',
      '1300 watch.alive ',
    ])
  })

  it('says nothing of an environment in which nothing is promised any more', () => {
    const it = story()
    it.is([burns('a')])
    it.until(20)
    it.forget('production')
    it.until(1_000)
    expect(it.told).toEqual(['10 alert.page a', '70 alert.resolved a'])
  })
})
