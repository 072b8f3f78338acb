import { expect } from 'vitest'
import { lookAtEnvironment, toldPlacesIn } from '../../src/flow/burn-watch.ts'
import { allTold } from '../../src/flow/futures.ts'
import type { Plimsoll } from '../../src/flow/plimsoll.ts'
import {
  alertsRef,
  futureRef,
  readAlerts,
  readFuture,
  readNotifier,
  serviceRef,
} from '../../src/flow/records.ts'
import { newService, type ServiceState } from '../../src/flow/service.ts'
import type { Crossing } from '../../src/forecast/index.ts'
import type { Json } from '../../src/kernel/index.ts'
import type { MessageBody, NotifierState } from '../../src/notify/index.ts'
import { type FutureCommand, type FutureState, newFuture } from '../../src/predict/index.ts'
import { type AlertsState, newAlerts } from '../../src/watch/index.ts'
import type { Tale } from './explore.ts'
import { type Stage, setStage, wellBehaved } from './stage.ts'
import { tellTales } from './tell-tales.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const leadMs = 30 * dayMs
const disk = { service: 'payments', environment: 'production', kind: 'disk', name: '/var' } as const

const desk = {
  kind: 'webhook',
  name: 'desk',
  url: 'http://desk.test/',
  key: { secret: 'KEY' },
  on: ['alert.page', 'alert.ticket', 'alert.resolved'],
}

async function configure({ runner }: Plimsoll): Promise<void> {
  await runner.create(serviceRef('payments'), newService('payments') as unknown as Json)
  await runner.create(alertsRef('payments'), newAlerts('payments') as unknown as Json)
  const config = {
    ...{ service: 'payments', slos: [], notify: [desk], predict: { lead: leadMs, owner: 'storage team' } },
    alerts: {
      routes: [{ match: 'window="forecast"', to: ['desk'] }],
      groupBy: ['environment'],
      ...{
        groupWait: 10_000,
        groupInterval: minuteMs,
        repeat: 4 * hourMs,
        dependsOn: [],
        deadAfter: 30 * dayMs,
      },
    },
    watch: { heartbeats: [], elsewhere: {}, interval: 15_000 },
    environments: { production: {} },
  }
  await runner.tell(serviceRef('payments'), { is: 'guard', guard: { run: 1, commit: 'c', config } })
}

/** So many of a hundred futures cross within the lead time. */
const found = (chance: number, at: number): FutureCommand => {
  const crossing: Crossing = {
    ...{ is: 'crossing', days: Array.from({ length: chance }, () => 12.5), futures: 100, from: at, why: '' },
    ...{ within: { 7: 0, 30: chance / 100, 90: chance / 100 }, horizonDays: 180 },
  }
  const text = 'disk /var is full about 12 March (80 %: 3 – 28 March)'
  const about = { kind: 'disk', name: '/var', text, found: ['it grows'], next: 'make room' } as const
  return { is: 'found', at, leadMs, finding: { is: 'foreseen', ...about, crossing } }
}

/** Hours and how likely it is then; a look that is told twice, and one right after another, are told as well. */
const script: readonly (readonly [hour: number, chance: number])[] = [
  [0, 90],
  [0.5, 90],
  [1, 40],
  [2, 90],
  [3, 90],
  [4, 45],
  [5, 90],
  [30, 20],
  [31, 40],
  [50, 20],
  [50.5, 20],
  [51, 20],
  [52, 40],
]

type Seen = { future?: FutureState; alerts?: AlertsState; hook?: NotifierState }

let sent: { readonly id: string; readonly type: string; readonly text: string; readonly owner?: string }[] =
  []
let seen: Seen = {}
let began = 0
let isDone = false

/** As the loop does that judges what is promised. */
async function lookAround({ world, runner }: Plimsoll): Promise<void> {
  const states = await world.journal.list({ kind: 'service' })
  const services = states.map(({ state }) => state as unknown as ServiceState)
  for (const place of toldPlacesIn(services, await allTold(world)))
    await lookAtEnvironment(world, runner, place, (error) => {
      throw error
    })
}

const tale: Tale = {
  name: 'a disk that fills, and is cleaned up',
  limitMs: 4 * dayMs,
  lookEveryMs: 10 * minuteMs,
  stage: () => {
    ;[sent, seen, isDone] = [[], {}, false]
    const stage: Stage = setStage({
      scriptOf: () => wellBehaved,
      receive(spec) {
        const { id, type, text, alerts } = JSON.parse(spec.body) as MessageBody
        const owner = alerts?.[0]?.owner
        sent.push({ id, type, text, ...(owner === undefined ? {} : { owner }) })
        return { is: 'answered', status: 200 }
      },
    })
    began = stage.clock.now()
    return stage
  },
  async ask(plimsoll) {
    await configure(plimsoll)
    await plimsoll.runner.create(futureRef(disk), newFuture(disk) as unknown as Json)
    for (const [hour, chance] of script) {
      const at = began + hour * hourMs
      await plimsoll.world.clock.until(at)
      await plimsoll.runner.tell(futureRef(disk), found(chance, at))
      await plimsoll.world.clock.until(at + minuteMs)
      await lookAround(plimsoll)
    }
  },
  async look(on) {
    const { journal } = on.store
    const [future, alerts, hook] = await Promise.all([
      readFuture(journal, disk),
      readAlerts(journal, 'payments'),
      readNotifier(journal, 'payments', 'desk'),
    ])
    seen = { ...(future ? { future } : {}), ...(alerts ? { alerts } : {}), ...(hook ? { hook } : {}) }
    const isLate = on.clock.now() > began + 53 * hourMs
    isDone = isLate && hook?.queue.length === 0 && hook.delivered >= 2
  },
  over: () => isDone,
  async check(on) {
    const told = [...new Map(sent.map((one) => [one.id, one])).values()]
    expect(told.map(({ type }) => type)).toEqual(['alert.ticket', 'alert.resolved'])
    expect(told[0]).toMatchObject({
      text: 'production of payments: disk /var is full about 12 March (80 %: 3 – 28 March; 90 % within 30 days)',
      owner: 'storage team',
    })
    expect(seen.hook).toMatchObject({ delivered: 2, lost: 0 })
    expect(seen.alerts).toMatchObject({ alerts: [] })
    expect(seen.future).toMatchObject({ ticket: { isOpen: false }, finding: { withinLead: 0.4 } })
    const events = await on.store.journal.events(0, 1_000, futureRef(disk))
    expect(events.map(({ type }) => type)).toEqual(['future.ticketOpened', 'future.ticketClosed'])
  },
}

tellTales('what is seen coming, crashed before and after every call', {
  tales: [tale],
  reaches: ['journal.create', 'journal.commit', 'posts.start'],
  pointsAbove: 50,
})
