import { Agent, request } from 'node:http'
import type { Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { idleLimitMs } from './connections.ts'
import { startTestGateway, startUpstream, type TestUpstream, tableFor } from './gateway.fixture.ts'

test('an idle connection is let go a second before the service says, after two seconds when it does not', () => {
  expect(idleLimitMs('timeout=5')).toBe(4_000)
  expect(idleLimitMs('max=100, timeout=72')).toBe(71_000)
  expect(idleLimitMs('timeout=1')).toBe(0)
  expect(idleLimitMs(undefined)).toBe(2_000)
  expect(idleLimitMs('max=100')).toBe(2_000)
})

const post = (agent: Agent, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, agent, method: 'POST', path: '/pay' }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode ?? 0))
    })
    asked.on('error', reject)
    asked.end('amount=1')
  })

const clients = 20
const decidedMs = 50

/**
 * A service that decides to close an idle connection a moment before it does: what still arrives on it is lost for
 * certain, as it would be now and then with a service that is busy at that moment.
 */
function startStrict(keepAliveMs: number): Promise<TestUpstream> {
  const idleSince = new WeakMap<Socket, number>()
  return startUpstream((incoming, response) => {
    const { socket } = incoming
    const idleMs = performance.now() - (idleSince.get(socket) ?? performance.now())
    if (idleMs > keepAliveMs - decidedMs) return void socket.destroy()
    response.on('finish', () => idleSince.set(socket, performance.now()))
    incoming.resume().on('end', () => response.end('paid'))
  }, keepAliveMs)
}

/** A wave of POSTs, then as many again after a gap, so that every connection that was kept is wanted. */
async function twoWaves(keepAliveMs: number, gapMs: number): Promise<{ statuses: number[]; asked: number }> {
  const upstream = await startStrict(keepAliveMs)
  const gateway = await startTestGateway(tableFor({ live: { weight: 1, ports: [upstream.port] } }))
  await gateway.until((seen) => seen.upstreams[0]?.healthy === true)
  const agent = new Agent({ keepAlive: true })
  const wave = () => Promise.all(Array.from({ length: clients }, () => post(agent, gateway.port)))
  const first = await wave()
  await pause(gapMs)
  const statuses = [...first, ...(await wave())]
  agent.destroy()
  await gateway.stop()
  await upstream.close()
  return { statuses, asked: upstream.asked() }
}

test.each([1_000, 2_000])(
  'POSTs at the service’s idle timeout of %i ms ± 50 ms: none is lost',
  async (keepAliveMs) => {
    const gaps = [-50, -25, 0, 25, 50].map((offMs) => keepAliveMs + offMs)
    const waves = await Promise.all(gaps.map((gapMs) => twoWaves(keepAliveMs, gapMs)))
    expect(waves.flatMap(({ statuses }) => statuses).filter((status) => status !== 200)).toEqual([])
    expect(waves.map(({ asked }) => asked)).toEqual(gaps.map(() => 2 * clients))
  },
)
