import { describe, expect, it } from 'vitest'
import type { EnvironmentRow, ServiceRow } from '../index.ts'
import { hasComing, whenText } from './coming.ts'
import { comingSoon, nothingComing, wrongNow } from './notes.ts'
import { ahead, alert, day, future, headroom, health, now, sights } from './overview.fixture.ts'
import { chosenOf, environmentsIn, standingIn, standingOf, tallyText } from './standings.ts'

const texts = (notes: readonly { readonly text: string }[]) => notes.map(({ text }) => text)

describe('what is wrong', () => {
  it('is what fires, pages first and each once, then what no alert says, in a line for each place', () => {
    const page = alert()
    const ill = health({
      is: 'ill',
      reasons: [`page: ${page.text}`, 'probe front fails: answered 503', 'probe words fails'],
    })
    const found = wrongNow(
      sights({
        alerts: [
          alert({ slo: 'latency', severity: 'ticket', text: 'latency burns' }),
          page,
          alert({ window: '6h', severity: 'ticket', text: 'the same, over 6h' }),
        ],
        health: [ill],
      }),
    )
    expect(texts(found)).toEqual([
      `payments production: ${page.text}`,
      'payments production: probe front fails: answered 503, and 1 more',
      'payments production: latency burns',
    ])
    expect(found.map(({ urgency }) => urgency)).toEqual(['failed', 'failed', 'inconclusive'])
    expect(found[0]?.link).toBe('/services/payments/health#health-production')
  })

  it('is not what somebody keeps silent, nor what is only to come', () => {
    const quiet = alert({ quiet: 'ada keeps it silent: INC-12' })
    expect(wrongNow(sights({ alerts: [quiet, alert({ slo: 'headroom', window: 'forecast' })] }))).toEqual([])
  })

  it('is a load line that is crossed, and one that the busiest hour came too near', () => {
    const over = headroom({ ahead: ahead({ is: 'over', text: 'is over its load line' }) })
    const short = headroom({ environment: 'emea', is: 'short', text: 'peaked at 88 %' })
    expect(texts(wrongNow(sights({ headroom: [short, over] })))).toEqual([
      'payments production: is over its load line',
      'payments emea: peaked at 88 %',
    ])
  })
})

describe('what is coming', () => {
  const likely = { 7: 0, 30: 0, 90: 0.9 }

  it('is tickets, then what is likely, the soonest first', () => {
    const found = comingSoon(
      sights({
        futures: [
          future({ kind: 'disk', text: 'disk /var is full', within: likely, date: now + 50 * day }),
          future({ kind: 'memory', text: 'memory is full', within: likely, date: now + 40 * day }),
          future({ ticketSince: now, date: now + 60 * day }),
          future({ kind: 'files', text: 'far' }),
        ],
      }),
    )
    expect(texts(found)).toEqual([
      'payments production: crosses its load line about 12 March',
      'payments production: memory is full',
      'payments production: disk /var is full',
    ])
    expect(found.map(({ link }) => link.split('?')[0])).toEqual([
      '/forecast',
      '/services/payments/health#health-production',
      '/services/payments/health#health-production',
    ])
  })

  it('is a load line of which only a bound is known, too, and that once', () => {
    const near = headroom({
      ahead: ahead({
        text: 'reaches 120/s about 22 January',
        crossing: { within: likely, horizonDays: 180 },
      }),
    })
    const unforeseen = future({ is: 'unforeseen' })
    expect(texts(comingSoon(sights({ headroom: [near], futures: [unforeseen] })))).toEqual([
      'payments production: reaches 120/s about 22 January',
    ])
    expect(comingSoon(sights({ headroom: [near], futures: [future({ within: likely })] }))).toHaveLength(1)
    expect(comingSoon(sights({ headroom: [headroom()] }))).toEqual([])
  })

  it('is not known to be nothing where nobody can say', () => {
    expect(nothingComing(sights({ futures: [future()] }))).toMatch(/likely within 90 days/)
    expect(nothingComing(sights({ futures: [future({ is: 'unforeseen' })] }))).toBe('Nobody can say yet.')
  })
})

describe('when a load line is crossed', () => {
  const at = { date: Date.UTC(2027, 2, 12), within: { 7: 0, 30: 0, 90: 0 }, horizonDays: 180 }

  it('is said in a few words, and only as far as it is known', () => {
    const said = (of: Parameters<typeof ahead>[0]) => whenText(headroom({ ahead: ahead(of) }))
    expect(said({ is: 'crosses', crossing: at })).toBe('crossed about 12 Mar 2027')
    expect(said({ is: 'unknown', limit: 'atLeast', crossing: at })).toBe('not crossed before 12 Mar 2027')
    expect(said({})).toBe('not crossed within 180 days')
    expect(said({ is: 'over' })).toBe('crossed already')
    expect(said({ is: 'unknown' })).toBe('nobody can say when')
    const { line: _, ...unmeasured } = headroom()
    expect(whenText(unmeasured)).toBe('not measured')
  })
})

describe('an environment that is well', () => {
  it('has something to be seen to as soon as a ticket, or a load line, is near', () => {
    expect(hasComing(headroom(), [future()])).toBe(false)
    expect(hasComing(undefined, [])).toBe(false)
    expect(hasComing(headroom(), [future({ ticketSince: now })])).toBe(true)
    expect(hasComing(headroom({ ahead: ahead({ is: 'crosses', isSoon: true }) }), [])).toBe(true)
    const keeps = { within: { 7: 0, 30: 0.8, 90: 1 }, horizonDays: 180 }
    expect(hasComing(headroom({ ahead: ahead({ keeps }) }), [])).toBe(true)
  })
})

describe('a service at a glance', () => {
  const row = (name: string, is: EnvironmentRow['status']['is'] = 'steady') =>
    ({ name, status: { is, text: '' } }) as EnvironmentRow
  const word = (of: Parameters<typeof sights>[0], is?: EnvironmentRow['status']['is']) =>
    standingIn('payments', row('production', is), sights(of)).word

  it('is as bad as the worst that is known of it', () => {
    expect(word({})).toBe('well')
    expect(word({ alerts: [alert()] })).toBe('1 page')
    expect(word({ health: [health({ is: 'ill' })] })).toBe('not well')
    expect(word({ headroom: [headroom({ ahead: ahead({ is: 'over' }) })] })).toBe('over its line')
    expect(word({ alerts: [alert({ severity: 'ticket' })] })).toBe('1 ticket')
    expect(word({ futures: [future({ ticketSince: now })] })).toBe('not for long')
    expect(word({}, 'down')).toBe('down')
    expect(word({}, 'deploying')).toBe('deploying')
    const behind = {
      inStep: { is: 'drift', text: 'release differs', said: [] },
    } as unknown as Partial<EnvironmentRow>
    expect(standingIn('payments', { ...row('perf'), ...behind }, sights({})).word).toBe('drifted')
    const measured = (how: string) => {
      const loadTests = { is: how } as EnvironmentRow['loadTests']
      return standingIn('payments', { ...row('perf'), loadTests }, sights({})).word
    }
    expect(['missing', 'inconclusive', 'failed', 'passed', 'running', 'none'].map(measured)).toEqual([
      ...['not measured', 'not measured', 'load test failed', 'well', 'well', 'well'],
    ])
    const all = {
      name: 'payments',
      environments: [row('staging', 'deploying'), row('production', 'degraded')],
    }
    expect(standingOf(all, sights({}))).toEqual({ tone: 'inconclusive', word: 'degraded' })
    expect(standingOf({ name: 'new', environments: [] }, sights({})).word).toBe('empty')
  })

  it('is counted by how it is, and chosen by its name or by what is not well', () => {
    const of = (name: string, is?: EnvironmentRow['status']['is']) =>
      ({ name, environments: [row('production', is)] }) as ServiceRow
    const all = [of('ledger'), of('payments', 'down'), of('publicapi', 'degraded'), of('toolbox', 'empty')]
    expect(tallyText(all.map((one) => standingOf(one, sights({}))))).toBe(
      '1 not well, 1 to see to, 1 well, 1 empty',
    )
    const chosen = (name: string, isTrouble: boolean) =>
      chosenOf(all, { name, isTrouble }, sights({})).map((one) => one.name)
    expect(chosen(' P', false)).toEqual(['payments', 'publicapi'])
    expect(chosen('', true)).toEqual(['payments', 'publicapi'])
    expect(chosen('api', true)).toEqual(['publicapi'])
    expect(chosen('nobody', false)).toEqual([])
  })

  it('has the environments of all in the order in which releases travel', () => {
    const of = (...names: string[]) => ({ environments: names.map((name) => row(name)) })
    expect(environmentsIn([of('staging', 'production'), of('test', 'production', 'perf')])).toEqual([
      ...['staging', 'production', 'test', 'perf'],
    ])
  })
})
