import { describe, expect, it } from 'vitest'
import type { Plimsoll } from '../../src/flow/plimsoll.ts'
import { alertsRef, readNotifier, serviceRef } from '../../src/flow/records.ts'
import { newService } from '../../src/flow/service.ts'
import type { Json } from '../../src/kernel/index.ts'
import type { MessageBody, NotifierState, PostEnd, PostSpec } from '../../src/notify/index.ts'
import { alertmanagerAlerts } from '../../src/notify/plan/channels/alertmanager.ts'
import { mailOf } from '../../src/notify/plan/channels/email.ts'
import { pagerDutyEvents } from '../../src/notify/plan/channels/pagerduty.ts'
import { type AlertsCommand, type Burning, newAlerts } from '../../src/watch/index.ts'
import { pagerDutyService } from '../support/alert-receivers.ts'
import { exploreCrashes, play, type Tale } from './explore.ts'
import { type Stage, setStage, wellBehaved } from './stage.ts'

const minuteMs = 60_000
const on = ['alert.page', 'alert.resolved']
const notify = [
  { kind: 'pagerDuty', name: 'pagerDuty', key: { secret: 'KEY' }, url: 'http://pd.test', on },
  { kind: 'alertmanager', name: 'alertmanager', url: 'http://am.test', on },
  { kind: 'slack', name: 'slack', url: 'http://slack.test', on },
  {
    kind: 'email',
    name: 'email',
    server: 'smtp://mail.test',
    plain: false,
    from: 'plimsoll@example.org',
    to: ['ada@example.org'],
    on,
  },
  { kind: 'heartbeat', name: 'heartbeat', url: 'http://beat.test', on: ['watch.alive'] },
]
const names = notify.map(({ name }) => name)
const slo = {
  kind: 'availability',
  name: 'availability',
  objective: 0.999,
  window: 28 * 86_400_000,
  lowTraffic: { bad: 5, chance: 0.01, coverage: 0.5 },
}
const alerts = {
  routes: [],
  groupBy: ['environment'],
  groupWait: 10_000,
  groupInterval: minuteMs,
  repeat: 4 * 60 * minuteMs,
  dependsOn: [],
  deadAfter: 60 * minuteMs,
  alive: 4 * minuteMs,
}
const page = (window: string): Burning => ({
  slo: 'availability',
  window,
  severity: 'page',
  text: `it burns over ${window}`,
})

type AtAlertmanager = { readonly labels: { readonly window?: string }; readonly endsAt: string }

/** Receivers that do with messages what the real ones do. */
function receivers(now: () => number) {
  const pagerDuty = pagerDutyService()
  /** Of the Alertmanager: until when each alert fires, and when it ended although nobody had said so. */
  const ends = new Map<string, number>()
  const lapses: string[] = []
  const slack: string[] = []
  const mails = new Map<string, string>()
  const beats: number[] = []
  const lapse = () => {
    for (const [window, at] of ends) {
      if (at >= now()) continue
      lapses.push(window)
      ends.delete(window)
    }
  }
  function take(spec: PostSpec): PostEnd {
    const body = JSON.parse(spec.body) as MessageBody
    switch (spec.kind) {
      case 'pagerDuty':
        for (const event of pagerDutyEvents(body, 'k'.repeat(32), undefined)) {
          const { status, errors } = pagerDuty.take(event.path, JSON.stringify(event.body))
          expect(errors).toEqual([])
          if (status !== 202) return { is: 'answered', status }
        }
        break
      case 'alertmanager':
        for (const one of alertmanagerAlerts(body, undefined, now()) as unknown as AtAlertmanager[]) {
          const end = Date.parse(one.endsAt)
          if (end > now()) ends.set(one.labels.window ?? '', end)
          else ends.delete(one.labels.window ?? '')
        }
        break
      case 'slack':
        slack.push(`${body.id} ${body.type}`)
        break
      case 'email':
        mails.set(mailOf(body, spec.from, undefined).messageId, body.type)
        break
      default:
        beats.push(now())
    }
    return { is: 'answered', status: 200 }
  }
  return { pagerDuty, ends, lapses, slack, mails, beats, lapse, take }
}

type Seen = {
  readonly at: ReturnType<typeof receivers>
  readonly states: Readonly<Record<string, NotifierState | undefined>>
}

/** @param downUntil the minute until which nobody answers */
function tale(name: string, lastMinute: number, downUntil: number, check: (seen: Seen) => void): Tale {
  let at: ReturnType<typeof receivers>
  let states: Record<string, NotifierState | undefined> = {}
  let isDone = false
  let began = 0
  // It pages over one window, then over another; then all is well.
  const burningAt = (minute: number): readonly Burning[] => {
    if (minute < 3 || minute >= lastMinute - 3) return []
    return minute < 6 ? [page('1h')] : [page('1h'), page('6h')]
  }
  return {
    name,
    limitMs: 3 * 60 * minuteMs,
    lookEveryMs: 10_000,
    stage: () => {
      states = {}
      isDone = false
      const stage: Stage = setStage({
        scriptOf: () => wellBehaved,
        receive: (spec) =>
          stage.clock.now() < began + downUntil * minuteMs
            ? { is: 'failed', because: 'the connection failed' }
            : at.take(spec),
      })
      at = receivers(() => stage.clock.now())
      began = stage.clock.now()
      return stage
    },
    async ask({ runner, world: { clock } }: Plimsoll) {
      await runner.create(serviceRef('payments'), newService('payments') as unknown as Json)
      await runner.create(alertsRef('payments'), newAlerts('payments') as unknown as Json)
      const config = { service: 'payments', slos: [slo], alerts, notify, environments: { production: {} } }
      await runner.tell(serviceRef('payments'), { is: 'guard', guard: { run: 1, commit: 'c', config } })
      for (let minute = 0; minute <= lastMinute; minute += 3) {
        const now = began + minute * minuteMs
        await clock.until(now)
        const command: AlertsCommand = {
          is: 'seen',
          at: now,
          environment: 'production',
          burning: burningAt(minute),
        }
        await runner.tell(alertsRef('payments'), command)
      }
    },
    async look({ store, clock }) {
      at.lapse()
      for (const one of names) states[one] = await readNotifier(store.journal, 'payments', one)
      const isLate = clock.now() >= began + Math.max(lastMinute, downUntil) * minuteMs + 30_000
      const told = names.filter((one) => one !== 'heartbeat').map((one) => states[one])
      isDone = isLate && told.every((one) => (one?.delivered ?? 0) >= 3 && one?.queue.length === 0)
    },
    over: () => isDone,
    check: async () => check({ at, states }),
  }
}

/** What everybody must have been told, whatever happened. */
function expectAllTold({ at, states }: Seen): void {
  // One incident, however often it was told, and it is closed.
  expect(at.pagerDuty.incidents).toMatchObject([
    { key: 'plimsoll/payments/production/availability/page', open: false },
  ])
  expect(at.ends.size, 'fires at the Alertmanager').toBe(0)
  expect([...new Set(at.slack)].map((one) => one.split(' ')[1])).toEqual([
    'alert.page',
    'alert.page',
    'alert.resolved',
  ])
  // Slack cannot be asked what it has: a life that ends between answer and record says one message once more.
  expect(at.slack.length).toBeLessThanOrEqual(4)
  expect([...at.mails.values()]).toEqual(['alert.page', 'alert.page', 'alert.resolved'])
  for (const name of names) expect(states[name], name).toMatchObject({ lost: 0, open: [] })
  expect(states.slack?.told).toHaveLength(3)
}

const well = tale('everybody answers', 12, 0, (seen) => {
  expectAllTold(seen)
  expect(seen.at.lapses, 'ended at the Alertmanager although it fired').toEqual([])
  const gaps = seen.at.beats.slice(1).map((at, i) => at - (seen.at.beats[i] ?? 0))
  expect(Math.max(...gaps)).toBeLessThan(4.5 * minuteMs)
})

const down = tale('nobody answers for an hour', 66, 60, (seen) => {
  expectAllTold(seen)
  // Those of the hour are of no use afterwards, and do not come all at once.
  expect(seen.at.beats.length).toBeLessThanOrEqual(3)
})

describe('notifiers, crashed before and after every call', () => {
  it.each([well, down])('without a crash: $name', async (one) => {
    await play(one, undefined)
  })

  it('at every crash point, while everybody answers', { timeout: 120_000 }, async () => {
    const { points, names: calls } = await exploreCrashes(well)
    console.log(`${well.name}: ${points} crash points`)
    expect(calls).toHaveProperty(['posts.start'])
  })

  // The tales of webhooks crash at every point of such an hour: the outbox is the same.
  it('at points all over an hour in which nobody answers', { timeout: 60_000 }, async () => {
    const { calls } = await play(down, undefined)
    for (let i = 0; i < 8; i++)
      await play(down, { call: Math.floor((i * calls.length) / 8), when: i % 2 === 0 ? 'before' : 'after' })
  })
})
