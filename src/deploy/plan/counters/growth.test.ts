import { describe, expect, it } from 'vitest'
import { type CountersRead, type Growth, growthOf, noCounters } from './growth.ts'
import { readScrape, type Scrape } from './scrape.ts'
import type { CounterSettings } from './settings.ts'

const declined: CounterSettings = {
  name: 'declined',
  of: 'payments_total{outcome="declined"}',
  among: 'payments_total',
  worse: 'more',
  atLeast: 100,
  weight: 1,
}

const says = (instance: string, bad: number, all: number, process = 1, more = ''): Scrape =>
  readScrape(
    { instance, process },
    {
      text: `payments_total{outcome="declined"} ${bad}\npayments_total{outcome="paid"} ${all - bad}\n${more}`,
    },
    [declined],
  )

/** Looks one after the other; what the last one gave. */
function looks(of: readonly (readonly Scrape[])[], counter = declined): Growth {
  let read: CountersRead = noCounters
  let last = growthOf(read, [counter], [], 'new')
  for (const scrapes of of) {
    last = growthOf(read, [counter], scrapes, 'new')
    read = JSON.parse(JSON.stringify(last.read)) as CountersRead
  }
  return last
}

const nothing = { bad: 0, of: 0 }

describe('what the team counts', () => {
  it('is the growth of all instances of a side; what was counted before is the past', () => {
    const first = [says('new/0', 5, 10), says('old/0', 50, 100), says('old/1', 50, 100)]
    expect(looks([first]).counted).toEqual({ declined: { canary: nothing, live: nothing } })
    const second = [says('new/0', 7, 20), says('old/0', 51, 130), says('old/1', 52, 125)]
    expect(looks([first, second])).toMatchObject({
      counted: { declined: { canary: { bad: 2, of: 10 }, live: { bad: 3, of: 55 } } },
      blind: {},
    })
  })

  it('is not known of one that tells something else than metrics, however much of it', () => {
    const page = '<p>not metrics</p>\n'.repeat(1_500)
    const { blind } = looks([[says('new/0', 5, 10)], [says('new/0', 7, 20, 1, page)]])
    expect(JSON.stringify(blind)).toContain(
      'more than 1000 of its lines are wrong; line 3 (<p>not metrics</p>)',
    )
    expect(says('new/0', 5, 10, 1, page).malformed?.length).toBeLessThan(200)
  })

  it('begins at zero where an instance was replaced, or says that it began anew', () => {
    const before = [says('new/0', 5, 10)]
    expect(looks([before, [says('new/0', 1, 4, 2)]]).counted.declined?.canary).toEqual({ bad: 1, of: 4 })
    const at = (seconds: number) => `process_start_time_seconds ${seconds}\n`
    const restarted = looks([[says('new/0', 5, 10, 1, at(100))], [says('new/0', 1, 4, 1, at(200.5))]])
    expect(restarted).toMatchObject({ counted: { declined: { canary: { bad: 1, of: 4 } } }, blind: {} })
  })

  it('does not believe one that goes back while its process goes on, now and later', () => {
    const back = looks([[says('new/0', 5, 10)], [says('new/0', 2, 12)], [says('new/0', 6, 20)]])
    expect(back.blind).toEqual({
      declined: {
        because:
          'new/0 went back from 5 to 2 though its process goes on: do several processes answer in turn?',
        forGood: true,
      },
    })
  })

  it('names one that does not answer, and takes what it counted meanwhile once it does', () => {
    const silent = readScrape({ instance: 'old/0', process: 1 }, { because: '/metrics answered 503' }, [
      declined,
    ])
    const before = [says('old/0', 5, 10)]
    expect(looks([before, [silent]])).toMatchObject({
      counted: { declined: { live: nothing } },
      blind: { declined: { because: 'old/0: /metrics answered 503', forGood: false } },
    })
    expect(looks([before, [silent], [says('old/0', 6, 40)]])).toMatchObject({
      counted: { declined: { live: { bad: 1, of: 30 } } },
      blind: {},
    })
  })

  it('reads a side on while a broken line of one instance keeps that one from being read', () => {
    const broken = readScrape(
      { instance: 'old/1', process: 1 },
      { text: 'payments_total{outcome="declined" 3\npayments_total{outcome="paid"} 8\n' },
      [declined],
    )
    const found = looks([
      [says('old/0', 5, 10), says('old/1', 1, 2)],
      [says('old/0', 6, 20), broken],
    ])
    expect(found.counted.declined?.live).toEqual({ bad: 1, of: 10 })
    expect(found.blind.declined?.because).toMatch(/^old\/1: line 1 .* expected , or }/)
    expect(found.read.notes['old/1']).toMatch(/^1 of its lines cannot be read; line 1/)
  })

  const shows = (of: number, among: number): Scrape => ({
    instance: 'new/0',
    process: 1,
    readings: { declined: { of, among, isKnown: true } },
  })

  it('waits for the whole of what was counted first', () => {
    const before = [[shows(0, 0)], [shows(3, 1)]]
    expect(looks(before).counted.declined?.canary).toEqual({ bad: 1, of: 1 })
    expect(looks([...before, [shows(4, 5)]]).counted.declined?.canary).toEqual({ bad: 3, of: 4 })
  })

  it('does not believe a part that is greater than the whole', () => {
    expect(looks([[shows(0, 0)], [shows(49, 0)]]).blind).toEqual({})
    expect(looks([[shows(0, 0)], [shows(50, 0)]]).blind.declined?.because).toBe(
      'there is less of payments_total than of payments_total{outcome="declined"}',
    )
  })

  it('counts those that are missing where fewer are worse', () => {
    const counter: CounterSettings = { ...declined, worse: 'fewer' }
    const { counted } = looks([[says('new/0', 0, 0)], [says('new/0', 7, 10)]], counter)
    expect(counted).toEqual({ 'not declined': { canary: { bad: 3, of: 10 }, live: nothing } })
  })

  it('asks whether the name is right when nobody knows it', () => {
    const scrapes = [readScrape({ instance: 'new/0', process: 1 }, { text: 'payments 5\n' }, [declined])]
    expect(looks([scrapes]).blind.declined?.because).toBe(
      'no instance counts payments_total{outcome="declined"}: is that its name?',
    )
  })
})
