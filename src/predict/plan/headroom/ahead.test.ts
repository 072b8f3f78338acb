import { describe, expect, it } from 'vitest'
import { asked, loadAhead, measuredLines, now } from './ahead.fixture.ts'
import { type Ahead, type AheadQuestion, aheadOf, type LoadAhead } from './ahead.ts'
import { aheadFound, aheadNext, aheadText, chancesText, isOver } from './ahead-words.ts'
import type { Assumed } from './assumed.ts'
import { waysOf } from './ways.ts'
import { withinHour } from './within-hour.ts'

const hourMs = 3_600_000
const minuteMs = 60_000

const ask = (more: Partial<AheadQuestion> = {}, load: LoadAhead = loadAhead(60)): Ahead =>
  aheadOf(asked(more), load)
const around = { now, timeZone: 'Etc/UTC' }
const say = (more: Partial<AheadQuestion> = {}, load?: LoadAhead): string =>
  aheadText(ask(more, load), around)
const restore = (more: Partial<AheadQuestion> = {}, load?: LoadAhead) => {
  const ahead = ask(more, load)
  const prices = { instance: 34.5, currency: 'GBP', per: 'month', sizes: [] } as const
  const [way] = waysOf(ahead, { environment: 'production', around, prices })
  return [way?.text, way?.next ?? aheadNext(ahead)]
}

describe('the load line ahead', () => {
  it('is crossed about a date, and before that less is left than there is to be', () => {
    expect(say()).toBe(
      'crosses its load line about 16 June (80 %: after 19 May); keeps 20 % of it until about 10 April (80 %: 27 March – 4 May)',
    )
    expect(chancesText(ask())).toBe(
      'probability of crossing it: under 1 % within 7 days, under 1 % within 30 days, under 1 % within 90 days',
    )
    expect(say({ below: 0 })).not.toContain('keeps')
  })

  it('counts the busiest five minutes of an hour, where they are known', () => {
    expect(say({}, loadAhead(60, 1.25))).toMatch(/^crosses its load line about 10 April/)
    expect(aheadFound(ask({}, loadAhead(60, 1.25)), around)).toEqual([
      'daily peaks of 28 days grow',
      'the busiest five minutes of an hour count: 1.25 times its mean in 95 % of 168 busy hours of the last 28 days',
    ])
    expect(aheadFound(ask(), around)[1]).toMatch(/^the means of hours count/)
  })

  it('is less sure of a date where the line is', () => {
    const unsure = ask({ lines: measuredLines({ rate: 100, within: 10 }) })
    const sure = ask()
    if (unsure.is !== 'told' || sure.is !== 'told') throw new Error('it is told')
    expect(unsure.crossing.early).toBeLessThan(sure.crossing.early ?? 0)
  })

  it('may stay below it for as long as anybody looks', () => {
    expect(say({ lines: measuredLines({ rate: 400 }) })).toBe(
      'stays below its load line for the next 180 days (over 99 % of futures); keeps 20 % of it for the next 180 days (over 99 % of futures)',
    )
    expect(say({ lines: measuredLines({ rate: 125 }), below: 0 })).toBe(
      'stays below its load line for the next 180 days (82 % of futures; 10 % cross it before 24 July)',
    )
  })

  it('may be over it already, or leave less than there is to be', () => {
    const over = ask({}, loadAhead(101))
    expect(aheadText(over, around)).toBe(
      'is over its load line already: 101/s in the busiest hour of the last 7 days, of 100/s',
    )
    expect(over.is === 'told' && isOver(over)).toBe(true)
    expect(say({}, loadAhead(70, 1.2))).toMatch(
      /; leaves less than 20 % of it already: 84\/s in the busiest five minutes of the last 7 days$/,
    )
  })

  it('is a bound where nobody has found the end of it', () => {
    const least = { lines: measuredLines({ verdict: 'atLeast', rate: 100 }) } as const
    expect(say(least)).toBe(
      'reaches 100/s about 16 June (80 %: after 19 May), which it carries at least: its load line is not crossed before; keeps 20 % of that until about 10 April (80 %: 27 March – 4 May)',
    )
    expect(say({ lines: measuredLines({ verdict: 'atLeast', rate: 400 }) })).toMatch(
      /^stays below its load line, which is at least 400\/s, for the next 180 days/,
    )
    expect(say(least, loadAhead(120))).toMatch(/^is over what it was measured to carry at least already/)
    expect(say({ lines: measuredLines({ verdict: 'below', rate: 100 }) })).toBe(
      'crosses its load line about 16 June (80 %: after 19 May) at the latest: it carries less than 100/s, and nobody has found how much',
    )
  })

  it('is not guessed without a line or three weeks of history', () => {
    expect(say({ lines: [] })).toBe('nobody can say when it crosses its load line: none that counts is known')
    expect(say({ instances: 6, scales: {} })).toMatch(/it was measured with 2 instances only, and 6 run/)
    const short: LoadAhead = {
      ...loadAhead(60),
      paths: { is: 'refused', because: 'too-short', why: '12 days are known, expected at least 21' },
    }
    expect(say({}, short)).toBe(
      'nobody can say yet when it crosses its load line: of its past 12 days are known, expected at least 21',
    )
    expect(aheadNext(ask({}, short))).toMatch(/^wait for three weeks/)
  })
})

describe('what restores headroom', () => {
  const soon = loadAhead(75)

  it('is nothing while enough is left through the lead time', () => {
    expect(restore()).toEqual([undefined, undefined])
  })

  it('is the fewest instances that leave enough, for how long, and what they cost', () => {
    expect(restore({}, soon)).toEqual([
      'one more instance (3 in all, 34.50 GBP a month) keeps 20 % of the load line until about 2 July (80 %: after 1 June)',
      'environments.production.instances: 3',
    ])
  })

  it('is not guessed where nobody knows what more instances carry', () => {
    expect(restore({ scales: {} }, soon)).toEqual([
      'nobody knows whether more instances leave 20 % of it: it was measured with 2 instances only, and 3 run: nobody knows how much more they carry',
      'measure it with another number of instances (plimsoll load test perf --instances N), or say why it carries in proportion: environments.perf.scales',
    ])
  })

  it('is no number of instances where they wait for each other', () => {
    const lines = measuredLines({ instances: 1, rate: 99 }, { instances: 2, rate: 100 })
    expect(restore({ lines }, soon)).toEqual([
      'not even 24 instances leave 20 % of it for 30 days, since each waits for the others',
      'a release that carries more, or larger instances',
    ])
  })
})

describe('what if', () => {
  const assumed = (more: Partial<Assumed>): Assumed => ({ says: [], instances: 0, moments: [], ...more })

  it('an hour is busier: as much as usual in that hour of the week, times that', () => {
    // Friday noon is the busiest hour of its day; at six there is half of that.
    const at = Date.UTC(2026, 1, 6, 12)
    const noon = { assumed: assumed({ moments: [{ at, times: 2, text: 'Friday 12:00' }] }) }
    expect(say(noon)).toMatch(/^crosses its load line about 6 February \(80 %: on 6 February\)/)
    expect(aheadFound(ask(noon), around)[0]).toBe(
      'Friday 12:00: 122 % (122 – 123 %) of its load line, with 80 %',
    )
    const six = { assumed: assumed({ moments: [{ at: at - 6 * hourMs, times: 2, text: 'Friday 06:00' }] }) }
    expect(say(six)).toBe(say())
  })
})

describe('what an hour hides', () => {
  /** Hours of twelve times five minutes, of which one is busier. */
  const fine = (hours: number, ratio: number) => {
    const values = Array.from({ length: hours * 12 }, (_, i) => (i % 12 === 5 ? ratio : 1) * (1 + (i % 240)))
    return { times: values.map((_, i) => (i + 1) * 5 * minuteMs), values }
  }

  it('is how much busier its busiest five minutes are', () => {
    const even = { times: fine(672, 1).times, values: new Float64Array(672 * 12).fill(10) }
    expect(withinHour(even)).toEqual({ factor: 1, hours: 168 })
    expect(withinHour(fine(672, 2))?.factor).toBeGreaterThan(1.7)
  })

  it('is not known where it was not counted so finely, or not for long', () => {
    expect(withinHour(fine(48, 2))).toBeUndefined()
    const { times, values } = fine(672, 2)
    expect(withinHour({ times: times.filter((_, i) => i % 2), values: values.filter((_, i) => i % 2) })).toBe(
      undefined,
    )
  })
})
