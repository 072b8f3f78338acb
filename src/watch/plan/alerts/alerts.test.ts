import { describe, expect, it } from 'vitest'
import { readLabelMatchers } from '../../../series/index.ts'
import { alerts } from './alerts.ts'
import {
  type AlertSettings,
  type AlertsCommand,
  type AlertsSeen,
  type AlertsState,
  type Burning,
  newAlerts,
  type Silence,
} from './state.ts'

const minuteMs = 60_000
const matchers = (text: string) => readLabelMatchers(text) ?? []
const usual: AlertSettings = {
  routes: [],
  groupBy: ['environment'],
  groupWait: 10_000,
  groupInterval: minuteMs,
  repeat: 240 * minuteMs,
  deadAfter: 10 * minuteMs,
}
const burns = (slo: string, severity: 'page' | 'ticket' = 'page', window = '1h'): Burning => ({
  slo,
  severity,
  window,
  text: `${slo} burns`,
})
const silenceOf = (text: string, until: Silence['until'], since = 0): Silence => ({
  id: 's1',
  matchers: matchers(text),
  owner: 'ada',
  reason: 'INC-12',
  since,
  until,
})

/** The story of a service's alerts, by the second; `told` is what was told of when, to whom. */
function story(settings: Partial<AlertSettings> = {}) {
  let state: AlertsState = newAlerts('payments')
  let now = 0
  let seen: AlertsSeen = {
    settings: { ...usual, ...settings },
    environments: ['production', 'staging'],
    down: {},
    since: 0,
  }
  const told: string[] = []
  const events: string[] = []
  const take = (decision: ReturnType<typeof alerts.decide>): number | undefined => {
    if (decision.is === 'wait') return decision.until ?? Number.POSITIVE_INFINITY
    state = decision.state
    for (const { type, body } of decision.events) {
      events.push(type)
      if (type !== 'alert.told') continue
      const {
        type: what,
        to,
        alerts: all,
      } = body as { type: string; to: string[]; alerts: { slo: string }[] }
      const names = all.map(({ slo }) => slo).join('+')
      told.push(`${now / 1_000} ${what} ${names}${to.length > 0 ? ` → ${to.join(',')}` : ''}`)
    }
    return undefined
  }
  /** Decides whatever is due until then, as the runner does. */
  const until = (seconds: number) => {
    for (;;) {
      const next = take(alerts.decide(state, seen, now))
      if (next === undefined) continue
      if (next > seconds * 1_000) break
      now = next
    }
    now = seconds * 1_000
  }
  const hear = (command: AlertsCommand) => take(alerts.accept(state, command, now))
  return {
    told,
    events,
    until,
    hear,
    state: () => state,
    is: (burning: readonly Burning[], environment = 'production') =>
      hear({ is: 'seen', at: now, environment, burning }),
    down: (down: AlertsSeen['down']) => {
      seen = { ...seen, down }
    },
    forget: (environment: string) => {
      seen = { ...seen, environments: seen.environments.filter((one) => one !== environment) }
    },
  }
}

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
