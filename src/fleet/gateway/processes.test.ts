import { readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type LoadLedger, startLoad } from '../../../test/support/load-client.ts'
import {
  childrenOf,
  poll,
  sendRaw,
  startTestGateway,
  startUpstream,
  type TestGateway,
  type TestUpstream,
  tableFor,
} from './gateway.fixture.ts'
import { findGateway, startGateway, stopGateway, upgradeGateway } from './processes.ts'

let upstream: TestUpstream
let gateway: TestGateway
/** Answers that are given when the test says so. */
let held: (() => void)[] = []

beforeEach(async () => {
  held = []
  upstream = await startUpstream((request, response) => {
    request.resume()
    const answer = () => response.end('done')
    if (request.url === '/held') held.push(answer)
    else setTimeout(answer, request.url === '/slow' ? 300 : 0)
  })
  gateway = await startTestGateway(tableFor({ live: { weight: 1, ports: [upstream.port] } }))
})

afterEach(async () => {
  await gateway.stop()
  await upstream.close()
})

const load = (ratePerSecond = 200) => {
  let turn = 0
  return startLoad({
    host: '127.0.0.1',
    port: gateway.port,
    ratePerSecond,
    newConnectionShare: 0.2,
    mix: () => {
      turn++
      if (turn % 20 === 0) return { method: 'GET', path: '/slow' }
      return turn % 2 === 0 ? { method: 'GET', path: '/' } : { method: 'POST', path: '/', body: 'a=1' }
    },
  })
}

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0)
const lostOf = ({ lost }: LoadLedger): number => sum(lost)

async function gatewayPid(): Promise<number> {
  const { pid } = (await findGateway(gateway.folder)) ?? { pid: 0 }
  return (await childrenOf(pid)).at(-1) ?? 0
}

/** Does something, and returns once another gateway process answers and has served for a moment. */
async function untilNext(act: () => Promise<unknown>): Promise<void> {
  const before = await gatewayPid()
  await act()
  await poll(gatewayPid, (pid) => pid !== 0 && pid !== before)
  await gateway.until((seen) => seen.reachable)
  const asked = upstream.asked()
  await poll(
    async () => upstream.asked(),
    (now) => now > asked + 50,
  )
}

test('kill -9 three times under load: lost is only what was in flight, and nothing is refused', async () => {
  const running = load()
  let atRisk = 0
  for (let i = 0; i < 3; i++)
    await untilNext(async () => {
      const pid = await gatewayPid()
      // Each connection dies with at most one request on it; whoever connects later waits for the next gateway.
      atRisk += running.connections()
      process.kill(pid, 'SIGKILL')
    })
  const ledger = await running.stop()
  expect(Object.keys(ledger.lost).filter((because) => because === 'ECONNREFUSED')).toEqual([])
  expect(lostOf(ledger)).toBeLessThanOrEqual(atRisk)
  expect(sum(ledger.answered) + lostOf(ledger)).toBe(ledger.sent)
  expect(ledger.answered).toEqual({ 200: expect.any(Number) })
  // What was lost in the gateways that died is in the account of the one that lives; what a client sent on a
  // connection that was dead already never reached any.
  const counts = await settled()
  // An answer that was out when the gateway died, but not yet counted, counts as lost: never the other way round.
  expect(counts?.lost).toBeGreaterThan(0)
  expect(counts?.answered).toBeLessThanOrEqual(sum(ledger.answered))
  expect((counts?.answered ?? 0) + (counts?.lost ?? 0)).toBeGreaterThanOrEqual(sum(ledger.answered))
  expect(counts?.accepted).toBe((counts?.answered ?? 0) + (counts?.lost ?? 0) + (counts?.abandoned ?? 0))
})

/** The account once nothing is in flight and nobody who leaves has more to add. */
const settled = async () =>
  (await gateway.until(({ counts: { live } }) => live !== undefined && live.inFlight === 0)).counts.live

test('kill -9 counts exactly what was in flight as lost, under the same account', async () => {
  const answered = 7
  for (let i = 0; i < answered; i++)
    await sendRaw(gateway.port, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
  const slow = Array.from({ length: 5 }, () =>
    sendRaw(gateway.port, 'GET /held HTTP/1.1\r\nHost: a\r\n\r\n').catch(() => 'cut off'),
  )
  const before = await gateway.until((seen) => seen.counts.live?.inFlight === 5)
  await untilDead(await gatewayPid())
  const after = await gateway.until((seen) => seen.counts.live?.lost === 5)
  expect(after.generation).toBe(before.generation)
  expect(after.counts.live).toMatchObject({ accepted: 12, answered: 7, lost: 5, abandoned: 0, inFlight: 0 })
  expect(after.lost).toHaveLength(5)
  expect(after.lost[0]?.because).toBe('one of 5 that were in flight when their gateway was killed')
  await Promise.all(slow)
})

test('three upgrades under load lose nothing, and the old processes end', async () => {
  const running = load()
  for (let i = 0; i < 3; i++) await untilNext(() => upgradeGateway(gateway.folder))
  const ledger = await running.stop()
  expect(ledger.lost).toEqual({})
  expect(ledger.answered).toEqual({ 200: ledger.sent })
  await gateway.until(
    ({ counts: { live } }) => live?.answered === ledger.sent && live.accepted === ledger.sent,
  )
  const { pid = 0 } = (await findGateway(gateway.folder)) ?? {}
  expect(
    await poll(
      () => childrenOf(pid),
      (children) => children.length === 1,
    ),
  ).toHaveLength(1)
})

test('after a restart it serves the last table, without anybody telling it', async () => {
  await untilDead(await gatewayPid())
  const seen = await gateway.until((now) => now.reachable && now.upstreams.some(({ healthy }) => healthy))
  expect(seen.upstreams.map(({ instance }) => instance)).toEqual(['live/0'])
  expect(await sendRaw(gateway.port, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')).toContain(
    'done',
  )
})

async function untilDead(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL')
  await poll(gatewayPid, (now) => now !== 0 && now !== pid)
  await gateway.until((seen) => seen.reachable)
}

test('client and gateway count the same', async () => {
  const running = load(400)
  await poll(
    async () => running.ledger().sent,
    (sent) => sent > 400,
  )
  const ledger = await running.stop()
  const { counts, refused } = await gateway.control.seen()
  expect(refused).toBe(0)
  expect(counts.live).toMatchObject({ accepted: ledger.sent, answered: ledger.sent, lost: 0, abandoned: 0 })
  expect(counts.live?.byClass['2']).toBe(ledger.answered[200])
  expect(sum(Object.fromEntries(Object.entries(counts.live?.latency.counts ?? [])))).toBe(ledger.sent)
})

/** Whether the gateway was told to go: the first that it does then is to take no more orders. */
const isLeaving = (): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(join(gateway.folder, 'control.sock'))
    socket.once('error', () => resolve(true))
    socket.once('connect', () => {
      socket.destroy()
      resolve(false)
    })
  })

test('stopping answers what is in flight, then refuses', async () => {
  const asked = sendRaw(gateway.port, 'GET /held HTTP/1.1\r\nHost: a\r\n\r\n')
  await gateway.until((seen) => seen.counts.live?.inFlight === 1)
  const stopped = stopGateway(gateway.folder, 30_000)
  await poll(isLeaving, Boolean)
  held[0]?.()
  await stopped
  expect(await asked).toContain('done')
  expect(await asked).toContain('Connection: close')
  expect(await findGateway(gateway.folder)).toBeUndefined()
  await expect(sendRaw(gateway.port, 'GET / HTTP/1.1\r\n\r\n')).rejects.toThrow('ECONNREFUSED')
})

test('a gateway whose loop was killed starts another, and goes on serving', async () => {
  const running = load()
  const before = await findGateway(gateway.folder)
  process.kill(before?.pid ?? 0, 'SIGKILL')
  const after = await poll(
    () => findGateway(gateway.folder),
    (found) => found !== undefined && found.pid !== before?.pid,
  )
  expect(after?.pid).not.toBe(before?.pid)
  await gateway.until((seen) => seen.reachable && seen.upstreams.some(({ healthy }) => healthy))
  const ledger = await running.stop()
  expect(ledger.lost).toEqual({})
})

test('a port that is taken is said to be taken', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const address = other.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  const start = startGateway({ folder: gateway.folder, host: '127.0.0.1', port, env: {} })
  await expect(start).rejects.toMatchObject({ code: 'PLM_PORT_IN_USE' })
  other.close()
})

test('the gateway has the environment that it was given, and no other', async () => {
  const environ = await readFile(join('/proc', String(await gatewayPid()), 'environ'), 'utf8')
  const names = environ.split('\0').map((line) => line.split('=')[0])
  expect(names.filter((name) => !['', 'PATH', 'PWD', 'OLDPWD', 'SHLVL', '_'].includes(name ?? ''))).toEqual(
    [],
  )
})

test('an older table changes nothing, the same one is taken again', async () => {
  const newer = tableFor({ live: { weight: 1, ports: [upstream.port] } })
  await gateway.control.apply(newer)
  await gateway.control.apply({ ...newer, fleets: [], revision: newer.revision - 1 })
  await gateway.control.apply({ ...newer, fleets: [], revision: newer.revision + 5, fence: 0 })
  await gateway.control.apply(newer)
  const seen = await gateway.control.seen()
  expect(seen).toMatchObject({ revision: newer.revision, upstreams: [{ instance: 'live/0' }] })
})

const tell = (table: unknown): Promise<number> =>
  new Promise((resolve, reject) => {
    const socketPath = join(gateway.folder, 'control.sock')
    const asked = request({ socketPath, method: 'POST', path: '/table' }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode ?? 0))
    })
    asked.on('error', reject)
    asked.end(JSON.stringify(table))
  })

test('the process itself refuses an older table, and one that it cannot read', async () => {
  const table = { ...tableFor({ live: { weight: 1, ports: [upstream.port] } }), fence: 3 }
  expect(await tell(table)).toBe(200)
  expect(await tell(table)).toBe(200)
  expect(await tell({ ...table, revision: table.revision - 1 })).toBe(409)
  expect(await tell({ ...table, revision: table.revision + 1, fence: 2 })).toBe(409)
  expect(await tell({ revision: 'many' })).toBe(400)
  expect(await gateway.control.seen()).toMatchObject({ revision: table.revision })
})
