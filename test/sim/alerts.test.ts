import { expect } from 'vitest'
import type { Plimsoll } from '../../src/flow/plimsoll.ts'
import { alertsRef, readAlerts, readNotifier, serviceRef } from '../../src/flow/records.ts'
import { newService } from '../../src/flow/service.ts'
import type { Json } from '../../src/kernel/index.ts'
import type { MessageBody, NotifierState } from '../../src/notify/index.ts'
import { type AlertsCommand, type AlertsState, type Burning, newAlerts } from '../../src/watch/index.ts'
import type { Tale } from './explore.ts'
import { type Stage, setStage, wellBehaved } from './stage.ts'
import { tellTales } from './tell-tales.ts'

const minuteMs = 60_000
const lowTraffic = { bad: 5, chance: 0.01, coverage: 0.5 }
const slo = {
  kind: 'availability',
  name: 'availability',
  objective: 0.999,
  window: 28 * 86_400_000,
  lowTraffic,
}
const hook = (name: string) => ({
  kind: 'webhook',
  name,
  url: `http://${name}.test/`,
  key: { secret: 'KEY' },
  on: ['alert.page', 'alert.ticket', 'alert.resolved'],
})
const alertSettings = {
  routes: [
    { match: 'severity="page"', to: ['pager'] },
    { match: 'severity="ticket"', to: ['desk'] },
  ],
  groupBy: ['environment'],
  groupWait: 10_000,
  groupInterval: minuteMs,
  repeat: 4 * 60 * minuteMs,
  dependsOn: [],
  deadAfter: 10 * minuteMs,
}

async function configure({ runner }: Plimsoll): Promise<void> {
  await runner.create(serviceRef('payments'), newService('payments') as unknown as Json)
  await runner.create(alertsRef('payments'), newAlerts('payments') as unknown as Json)
  const config = {
    service: 'payments',
    slos: [slo],
    alerts: alertSettings,
    notify: [hook('pager'), hook('desk')],
    environments: { production: {} },
  }
  await runner.tell(serviceRef('payments'), { is: 'guard', guard: { run: 1, commit: 'c', config } })
}

const page: Burning = { slo: 'availability', window: '1h', severity: 'page', text: 'it burns' }
const ticket: Burning = { slo: 'availability', window: '1d', severity: 'ticket', text: 'it smoulders' }

type Line = { readonly minute: number; readonly burning: readonly Burning[] }
type Sent = { readonly to: string; readonly id: string; readonly type: string; readonly minute: number }
type Seen = {
  readonly sent: readonly Sent[]
  readonly state: AlertsState | undefined
  readonly hooks: Readonly<Record<string, NotifierState | undefined>>
}

/** @param answers whether a receiver answers at that minute */
function tale(
  name: string,
  script: readonly Line[],
  told: number,
  answers: (minute: number) => boolean,
  check: (seen: Seen) => void,
): Tale {
  let sent: Sent[] = []
  let state: AlertsState | undefined
  let hooks: Record<string, NotifierState | undefined> = {}
  let isDone = false
  let began = 0
  const lastMinute = script.at(-1)?.minute ?? 0
  return {
    name,
    limitMs: 4 * 60 * minuteMs,
    lookEveryMs: 20_000,
    stage: () => {
      sent = []
      state = undefined
      hooks = {}
      isDone = false
      const stage: Stage = setStage({
        scriptOf: () => wellBehaved,
        receive(spec) {
          const body = JSON.parse(spec.body) as MessageBody
          const minute = (stage.clock.now() - began) / minuteMs
          if (!answers(minute)) return { is: 'failed', because: 'the connection failed' }
          const to = /\/\/(\w+)\./.exec('url' in spec ? String(spec.url) : '')?.[1] ?? ''
          sent.push({ to, id: body.id, type: body.type, minute })
          return { is: 'answered', status: 200 }
        },
      })
      began = stage.clock.now()
      return stage
    },
    async ask(plimsoll) {
      await configure(plimsoll)
      const { clock } = plimsoll.world
      for (const { minute, burning } of script) {
        const at = began + minute * minuteMs
        await clock.until(at)
        const command: AlertsCommand = { is: 'seen', at, environment: 'production', burning }
        await plimsoll.runner.tell(alertsRef('payments'), command)
      }
    },
    async look(on) {
      state = await readAlerts(on.store.journal, 'payments')
      for (const one of ['pager', 'desk']) hooks[one] = await readNotifier(on.store.journal, 'payments', one)
      const all = Object.values(hooks)
      const delivered = all.reduce((sum, one) => sum + (one?.delivered ?? 0), 0)
      const waits = all.reduce((sum, one) => sum + (one?.queue.length ?? 0), 0)
      const isLate = on.clock.now() >= began + (lastMinute + 2) * minuteMs
      isDone = isLate && delivered >= told && waits === 0
    },
    over: () => isDone,
    check: async () => check({ sent, state, hooks }),
  }
}

/** What came to somebody: each message once, in order, however often it was sent. */
const heardBy = (to: string, { sent }: Seen): readonly string[] => [
  ...new Map(sent.filter((one) => one.to === to).map(({ id, type }) => [id, type])).values(),
]
const every = (minutes: number, until: number, burningAt: (minute: number) => readonly Burning[]): Line[] =>
  Array.from({ length: Math.floor(until / minutes) + 1 }, (_, i) => ({
    minute: i * minutes,
    burning: burningAt(i * minutes),
  }))

const outage = tale(
  'nobody answers for an hour: everything arrives afterwards, once and in order',
  every(5, 70, (minute) => {
    if (minute < 5 || minute >= 45) return []
    if (minute < 10) return [page]
    if (minute < 20) return [page, ticket]
    return minute < 30 ? [ticket] : [page, ticket]
  }),
  6,
  (minute) => minute >= 61,
  (seen) => {
    expect(heardBy('pager', seen)).toEqual(['alert.page', 'alert.resolved', 'alert.page', 'alert.resolved'])
    expect(heardBy('desk', seen)).toEqual(['alert.ticket', 'alert.resolved'])
    expect(seen.hooks).toMatchObject({ pager: { delivered: 4, lost: 0 }, desk: { delivered: 2, lost: 0 } })
    expect(seen.state).toMatchObject({ alerts: [], silences: [] })
    expect(seen.state?.history.map(({ type, to }) => `${type} to ${to}`)).toEqual([
      'alert.resolved to pager',
      'alert.resolved to desk',
      'alert.page to pager',
      'alert.ticket to desk',
      'alert.resolved to pager',
      'alert.page to pager',
    ])
  },
)

const prompt = tale(
  'a page is told within the time that a group waits, whoever dies meanwhile',
  [
    { minute: 0, burning: [] },
    { minute: 1, burning: [page] },
    { minute: 2, burning: [page] },
    { minute: 3, burning: [] },
  ],
  2,
  () => true,
  (seen) => {
    expect(heardBy('pager', seen)).toEqual(['alert.page', 'alert.resolved'])
    expect(heardBy('desk', seen)).toEqual([])
    const [first] = seen.sent
    expect((first?.minute ?? 9) - 1).toBeLessThan(0.5)
  },
)

const blind = tale(
  'of what nothing is heard there is a page, and it is over when something is',
  [
    { minute: 0, burning: [] },
    { minute: 40, burning: [] },
    { minute: 42, burning: [] },
  ],
  2,
  () => true,
  (seen) => {
    expect(heardBy('pager', seen)).toEqual(['alert.page', 'alert.resolved'])
    const [first] = seen.sent
    expect(first?.minute).toBeGreaterThanOrEqual(10)
    // A server that comes back gives as much time again.
    expect(first?.minute).toBeLessThan(21.5)
    expect(seen.state?.history.at(-1)?.text).toContain('nothing was heard for 10 m 00 s')
  },
)

const tales = [outage, prompt, blind]

tellTales('alerts, crashed before and after every call', {
  tales,
  reaches: ['posts.start', 'journal.commit'],
})
