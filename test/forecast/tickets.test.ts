import type { AddressInfo } from 'node:net'
import { createServer } from 'node:tls'
import { afterEach, expect, it } from 'vitest'
import { serviceConfig } from '../../src/config/schema.ts'
import { startBurnLoop } from '../../src/flow/burn-loop.ts'
import { startForesight } from '../../src/flow/foresight/loop.ts'
import { alertsRef, readAlerts, serviceRef } from '../../src/flow/records.ts'
import { newService } from '../../src/flow/service.ts'
import { watchedIn } from '../../src/flow/watched.ts'
import type { Json } from '../../src/kernel/index.ts'
import { createPosts, type MessageBody } from '../../src/notify/index.ts'
import { viewFutures } from '../../src/server/views/futures.ts'
import { startCollector } from '../../src/watch/collect/index.ts'
import { newAlerts } from '../../src/watch/index.ts'
import { certificate } from '../../src/watch/probes/certificate.fixture.ts'
import { setStage, wellBehaved } from '../sim/stage.ts'
import { listenHttp } from '../support/alert-receivers.ts'
import { createJumpClock } from '../support/jump-clock.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** Ten days before the certificate ends. */
const start = Date.UTC(2126, 9, 25, 12)

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function tlsServer(): Promise<number> {
  const server = createServer(certificate, (socket) => socket.on('error', () => {}))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => server.close())
  return (server.address() as AddressInfo).port
}

const gone = { versions: async () => ({}), uses: async () => new Map(), heartbeats: async () => [] }
const never = async (): Promise<never> => {
  throw new Error('nobody is to ask for it')
}

/** The store, the loops, the collector and what is posted are those of a server; only time is moved on. */
async function setUp() {
  const clock = createJumpClock(start)
  const hook = await listenHttp((_, response) => response.end())
  closing.push(() => hook.close())
  const secrets = async (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, 'k']))
  const posts = createPosts({ now: clock.now, secrets })
  const stage = setStage({ scriptOf: () => wellBehaved, clock, posts })
  const { world, runner, stop } = await stage.live(undefined).plimsoll
  closing.push(stop)
  const config = serviceConfig.parse({
    service: 'payments',
    notify: [
      {
        kind: 'webhook',
        name: 'desk',
        url: hook.url,
        key: { secret: 'KEY' },
        on: ['alert.page', 'alert.ticket', 'alert.resolved'],
      },
    ],
    predict: { owner: 'storage team' },
    probes: [
      {
        kind: 'tls',
        name: 'pay-tls',
        host: 'localhost',
        port: await tlsServer(),
        trusted: false,
        every: '1s',
      },
    ],
    watch: { interval: '1s', elsewhere: { production: {} } },
  })
  await runner.create(serviceRef('payments'), newService('payments') as unknown as Json)
  await runner.create(alertsRef('payments'), newAlerts('payments') as unknown as Json)
  await runner.tell(serviceRef('payments'), {
    is: 'guard',
    guard: { run: 1, commit: 'c', config: config as unknown as Json },
  })
  const troubles: string[] = []
  const onTrouble = (what: string, error: unknown) => troubles.push(`${what}: ${String(error)}`)
  const around = { ...gone, watched: () => watchedIn(world), traffic: never, journey: never, secrets }
  const collector = startCollector({ store: stage.series, clock, around, onTrouble })
  closing.push(() => collector.stop())
  /** Fills in how much of the disk is free, hour by hour. */
  const fill = async (from: number, hours: number, usedAt: (hour: number) => number) => {
    const labels = {
      ...{ service_name: 'payments', deployment_environment_name: 'production', instance: 'db:9100' },
      ...{ mountpoint: '/var', fstype: 'ext4' },
    }
    await stage.series.append(
      Array.from({ length: hours }, (_, hour) => {
        const at = from + (hour + 0.5) * hourMs
        const free = 100 - usedAt(hour)
        return [
          { name: 'node_filesystem_avail_bytes', labels, at, value: free * 1e9 },
          { name: 'node_filesystem_size_bytes', labels, at, value: 1e11 },
        ]
      }).flat(),
    )
  }
  return { clock, hook, world, runner, onTrouble, troubles, fill, journal: stage.store.journal, collector }
}

it('tells of a disk that fills and of a certificate that ends, and that the disk is well again', {
  timeout: 60_000,
}, async () => {
  const { clock, hook, world, runner, onTrouble, troubles, fill, journal, collector } = await setUp()
  // 40 days at 1 % a day, up to 88 %.
  await fill(start - 40 * dayMs, 40 * 24, (hour) => 48 + hour / 24 + (hour % 5) / 10)
  expect(await clock.runUntil(() => collector.stats().readings > 2, clock.now() + 5_000)).toBe('done')
  for (const loop of [
    startForesight({ world, runner, onTrouble }),
    startBurnLoop({ world, runner, onTrouble }),
  ])
    closing.push(() => loop.stop())
  const heard = () => hook.heard.map(({ body }) => JSON.parse(body) as MessageBody)
  const looked = async () => (await viewFutures(world)).environments[0]?.futures ?? []
  /** Each time that it is not so yet, seconds go by. */
  const until = async (isSo: () => Promise<boolean>) => {
    for (const end = Date.now() + 20_000; Date.now() < end && !(await isSo()); ) {
      await new Promise((resolve) => setTimeout(resolve, 5))
      clock.jump(2_000)
    }
    expect(await isSo()).toBe(true)
  }
  await until(async () => (await looked()).length === 2)
  expect(heard()).toEqual([])
  // The second look, an hour later, is what opens tickets.
  await fill(start, 1, () => 88.2)
  clock.jump(hourMs)
  await until(async () => (await looked()).every(({ ticketSince }) => ticketSince !== undefined))
  await until(async () => (await readAlerts(journal, 'payments'))?.alerts.length === 2)
  await until(async () => heard().length === 1)
  const [ticket] = heard()
  expect(ticket).toMatchObject({ type: 'alert.ticket', environment: 'production' })
  const [cert, disk] = ticket?.alerts?.toSorted((a, b) => a.slo.localeCompare(b.slo)) ?? []
  expect(cert).toMatchObject({
    ...{ slo: 'certificate pay-tls', window: 'forecast', severity: 'ticket', owner: 'storage team' },
    text: 'certificate pay-tls ends on 4 November at 12:30 UTC',
    evidence: [expect.stringMatching(/^probe pay-tls sees it at localhost:\d+$/)],
  })
  expect(disk).toMatchObject({
    slo: 'disk /var',
    severity: 'ticket',
    next: expect.stringMatching(/^find out what grows/),
  })
  expect(disk?.text).toMatch(/^disk \/var is full about \d+ November \(80 %: [^;]+; 100 % within 30 days\)$/)
  // It was cleaned up: three days later it is seen that it will not be full so soon.
  await fill(start + hourMs, 71, (hour) => 20 + hour / 24)
  clock.jump(3 * dayMs - hourMs)
  await until(async () =>
    (await looked()).some(({ name, found }) => name === '/var' && found[0]?.includes(' 22')),
  )
  await fill(start + 3 * dayMs, 1, () => 23)
  clock.jump(hourMs)
  await until(async () =>
    (await looked()).some(({ name, ticketSince }) => name === '/var' && ticketSince === undefined),
  )
  await until(async () => heard().length === 2)
  expect(heard()[1]).toMatchObject({ type: 'alert.resolved', alerts: [{ slo: 'disk /var' }] })
  expect(heard()[1]?.text).toMatch(
    /^production of payments, over: disk \/var .*; still so: certificate pay-tls ends/,
  )
  expect(troubles).toEqual([])
})
