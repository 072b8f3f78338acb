import { afterEach, beforeEach, expect, test } from 'vitest'
import { startTestGateway, type TestGateway, type TestUpstream, tableFor } from './gateway.fixture.ts'
import { findGateway, stopGateway, upgradeGateway } from './processes.ts'
import { call, echoFrames, frame, startSwitching, upgradeRequest } from './sockets.fixture.ts'

let gateway: TestGateway
let a: Awaited<ReturnType<typeof startSwitching>>
let b: TestUpstream

beforeEach(async () => {
  a = await startSwitching(echoFrames)
  b = await startSwitching(echoFrames)
  gateway = await startTestGateway()
})

afterEach(async () => {
  await gateway.stop()
  await Promise.all([a.close(), b.close()])
})

async function serve(serving: 'a' | 'b', patienceMs = 10_000): Promise<void> {
  const fleets = {
    a: { weight: 1, ports: [a.port], serving: serving === 'a' },
    b: { weight: 1, ports: [b.port], serving: serving === 'b' },
  }
  await gateway.control.apply(tableFor(fleets, patienceMs))
  await gateway.until(({ upstreams }) => upstreams.filter(({ healthy }) => healthy).length === 2)
}

const counted = async (what: object) => {
  const { counts } = await gateway.until(({ counts: { a: now } }) => now?.inFlight === 0)
  expect(counts.a).toMatchObject(what)
}
const open = async () => {
  const caller = call(gateway.port, upgradeRequest('Upgrade: websocket'))
  await caller.until(/\r\n\r\n/)
  return caller
}
const restart = frame(8, '\x03\xf4')

test('frames go both ways; it is in flight while it lasts, and answered once it was closed in order', async () => {
  await serve('a')
  const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}/ws`)
  await new Promise((resolve) => socket.addEventListener('open', resolve))
  const heard = new Promise((resolve) => socket.addEventListener('message', ({ data }) => resolve(data)))
  socket.send('hello')
  expect(await heard).toBe('hello')
  const { counts, upstreams } = await gateway.control.seen()
  expect(counts.a).toMatchObject({ accepted: 1, inFlight: 1 })
  expect(upstreams.find(({ fleet }) => fleet === 'a')?.inFlight).toBe(1)
  const closed = new Promise<CloseEvent>((resolve) => socket.addEventListener('close', resolve))
  socket.close(1_000)
  expect(await closed).toMatchObject({ code: 1_000, wasClean: true })
  await counted({ accepted: 1, answered: 1, lost: 0, abandoned: 0, byClass: { 1: 1 } })
})

test('silence is no reason to end it', async () => {
  await serve('a', 300)
  const caller = await open()
  await new Promise((resolve) => setTimeout(resolve, 900))
  caller.socket.write(frame(1, 'still here', true), 'latin1')
  await caller.until(/still here/)
  caller.socket.destroy()
  await counted({ accepted: 1, lost: 0 })
})

test('when its instance leaves, it goes on for the grace, then both sides are told', async () => {
  await serve('a', 2_000)
  const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}/ws`)
  await new Promise((resolve) => socket.addEventListener('open', resolve))
  const closed = new Promise<CloseEvent>((resolve) => socket.addEventListener('close', resolve))
  const leftMs = performance.now()
  await serve('b', 2_000)
  const heard = new Promise((resolve) => socket.addEventListener('message', ({ data }) => resolve(data)))
  socket.send('in the grace')
  expect(await heard).toBe('in the grace')
  expect(await closed).toMatchObject({ code: 1_012 })
  expect(performance.now() - leftMs).toBeGreaterThan(1_800)
  await counted({ accepted: 1, answered: 1, lost: 0, abandoned: 0 })
  expect(a.sockets.size).toBe(0)
})

test('it stays when its fleet leaves and comes back within the grace, as a rollback does', async () => {
  await serve('a', 2_000)
  const caller = await open()
  await serve('b', 2_000)
  await serve('a', 2_000)
  await new Promise((resolve) => setTimeout(resolve, 2_500))
  caller.socket.write(frame(1, 'still here', true), 'latin1')
  await caller.until(/still here/)
  caller.socket.destroy()
})

test('a service that breaks off in the middle has lost it; a client that does has abandoned it', async () => {
  await serve('a')
  const cut = await open()
  for (const socket of a.sockets) socket.end(frame(1, 'half').slice(0, 4), 'latin1')
  expect(await cut.closed).toMatch(/ha$/)
  await counted({ accepted: 1, lost: 1, failedClients: 1 })
  const reset = await open()
  reset.socket.resetAndDestroy()
  await counted({ accepted: 2, lost: 1, abandoned: 1 })
  expect((await gateway.control.seen()).lost[0]).toMatchObject({
    path: '/ws',
    because: 'the tunnel broke off',
  })
})

test('a gateway that is upgraded keeps it, until its instance leaves', async () => {
  await serve('a')
  const caller = await open()
  await upgradeGateway(gateway.folder)
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  caller.socket.write(frame(1, 'still here', true), 'latin1')
  await caller.until(/still here/)
  await serve('b')
  expect((await caller.closed).endsWith(restart)).toBe(true)
  await counted({ accepted: 1, answered: 1, lost: 0 })
})

test('a gateway that is stopped closes it in order', async () => {
  await serve('a')
  const caller = await open()
  await stopGateway(gateway.folder, 3_000)
  expect((await caller.closed).endsWith(restart)).toBe(true)
  expect(await findGateway(gateway.folder)).toBeUndefined()
})
