import type { ServiceConfig } from '../../src/config/schema.ts'
import type { Plimsoll } from '../../src/flow/plimsoll.ts'
import { alertsRef, readAlerts, readNotifier, serviceRef } from '../../src/flow/records.ts'
import { newService } from '../../src/flow/service.ts'
import type { Json } from '../../src/kernel/index.ts'
import type { MessageBody, NotifierState } from '../../src/notify/index.ts'
import { type AlertsState, newAlerts } from '../../src/watch/index.ts'
import type { Tale } from './explore.ts'
import { type Stage, setStage, wellBehaved } from './stage.ts'

export const minuteMs = 60_000
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

/** A service whose pages go to one receiver and whose tickets to another. */
export async function configure(
  { runner }: Plimsoll,
  more: Readonly<Record<string, unknown>>,
): Promise<void> {
  await runner.create(serviceRef('payments'), newService('payments') as unknown as Json)
  await runner.create(alertsRef('payments'), newAlerts('payments') as unknown as Json)
  const config = {
    ...{ service: 'payments', slos: [], alerts: alertSettings, notify: [hook('pager'), hook('desk')] },
    environments: { production: {} },
    ...more,
  } as unknown as ServiceConfig
  await runner.tell(serviceRef('payments'), { is: 'guard', guard: { run: 1, commit: 'c', config } })
}

type Sent = { readonly to: string; readonly id: string; readonly type: string; readonly minute: number }
export type Seen = {
  readonly sent: readonly Sent[]
  readonly state: AlertsState | undefined
  readonly hooks: Readonly<Record<string, NotifierState | undefined>>
}

export type AlertTale = {
  readonly name: string
  /** How long something happens, and how many messages arrive in all. */
  readonly lastMinute: number
  readonly told: number
  /** Whether a receiver answers at that minute. */
  readonly answers: (minute: number) => boolean
  /** What happens, minute by minute. @param at the moment of a minute */
  readonly happen: (plimsoll: Plimsoll, at: (minute: number) => number) => Promise<void>
  readonly check: (seen: Seen) => void
}

/** A tale of alerts of one service, over when all that is to be told has arrived. */
export function alertTale({ name, lastMinute, told, answers, happen, check }: AlertTale): Tale {
  let sent: Sent[] = []
  let state: AlertsState | undefined
  let hooks: Record<string, NotifierState | undefined> = {}
  let isDone = false
  let began = 0
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
    ask: (plimsoll) => happen(plimsoll, (minute) => began + minute * minuteMs),
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
export const heardBy = (to: string, { sent }: Seen): readonly string[] => [
  ...new Map(sent.filter((one) => one.to === to).map(({ id, type }) => [id, type])).values(),
]
