import { afterEach, describe, expect, it } from 'vitest'
import { expectWhole, open, planOf, requestsTo, runWhole } from './load-test.fixture.ts'
import { runLoadTest } from './load-test.ts'
import { answer, type Behave, startTarget, type Target } from './target.fixture.ts'

const targets: Target[] = []

async function target(behave: Behave): Promise<Target> {
  const made = await startTarget(behave)
  targets.push(made)
  return made
}

afterEach(async () => {
  for (const one of targets.splice(0)) await one.close()
})

describe('a load test', () => {
  it('sends what its schedule says, and counts what comes back', { timeout: 20_000 }, async () => {
    const { url, requests } = await target((socket) => socket.write(answer('hello')))
    const result = await runWhole(url, open(200, 1_500), {
      warmUpMs: 500,
      timeoutMs: 5_000,
      // Tests may share the machine: a send that is late by half a second says nothing here.
      thresholds: ['errors<1', 'rate>150/s', 'p99<10s'],
    })
    expect(result).toMatchObject({
      verdict: 'pass',
      counts: { scheduled: 300, sent: 300, answered: 300, errors: 0 },
      warmUp: { sent: 100, answered: 100 },
      statuses: { 200: 300 },
      bytes: { received: 1_500 },
      generator: { workers: 1 },
    })
    expect(requests()).toBe(400)
    expect(result.seconds.reduce((sum, { scheduled }) => sum + scheduled, 0)).toBe(300)
    expect(result.seconds.map(({ atMs }) => atMs).slice(0, 2)).toEqual([0, 1_000])
  })

  it('shares one schedule among its workers', { timeout: 20_000 }, async () => {
    const { url, requests } = await target((socket) => socket.write(answer('hello')))
    const result = await runWhole(url, open(300, 1_000), { workers: 3, connections: 9, timeoutMs: 5_000 })
    expect(result.counts).toMatchObject({ scheduled: 300, answered: 300 })
    expect(result.generator.mostConnections).toBeLessThanOrEqual(9)
    expect(requests()).toBe(300)
  })

  it('with users asks again when it was answered', { timeout: 20_000 }, async () => {
    const { url, requests } = await target((socket) => setTimeout(() => socket.write(answer('x')), 20))
    const users = { model: 'closed', users: 4, thinkMs: 0, durationMs: 1_000 } as const
    const result = await runWhole(url, users, { timeoutMs: 5_000 })
    expect(result.counts.answered).toBe(requests())
    // Each of four users can ask 50 times a second at the most.
    expect(requests()).toBeGreaterThan(60)
    expect(requests()).toBeLessThanOrEqual(200)
    expect(result.generator.mostConnections).toBe(4)
  })

  it('tells of every request that a stall kept waiting', { timeout: 20_000 }, async () => {
    // Stops for a second in the middle of two: of 200 requests 100 wait, half a second on average.
    let begun = 0
    const { url } = await target((socket) => {
      begun ||= performance.now()
      const at = performance.now() - begun
      const stall = at > 500 && at < 1_500 ? 1_500 - at : 0
      setTimeout(() => socket.write(answer('x')), stall)
    })
    const result = await runWhole(url, open(100, 2_000), {
      timeoutMs: 5_000,
      connections: 10,
      thresholds: ['p99<10s'],
    })
    expect(result.counts).toMatchObject({ scheduled: 200, answered: 200 })
    // From the intended time, though only ten connections could wait at the same time.
    const slow = result.response.histogram.upperMs.reduce(
      (sum, upper, i) => sum + (upper > 200 ? (result.response.histogram.counts[i] ?? 0) : 0),
      0,
    )
    expect(slow).toBeGreaterThan(60)
    expect(result.response.maxMs).toBeGreaterThan(700)
    expect(result.generator.is).toBe('sound')
  })

  it('ends as soon as a threshold says so', { timeout: 20_000 }, async () => {
    const { url } = await target((socket) => socket.write(answer('', '500 Oh')))
    const result = await runWhole(url, open(200, 15_000), { thresholds: ['errors<5% stop', 'p99<10s'] })
    expect(result).toMatchObject({ verdict: 'fail', stoppedEarly: 'errors<5% stop was missed' })
    expect(result.durationMs).toBeLessThan(10_000)
    expect(result.counts.errors).toBe(result.counts.scheduled)
  })

  it('is no verdict when it was interrupted', { timeout: 20_000 }, async () => {
    const { url } = await target((socket) => socket.write(answer('x')))
    const stop = new AbortController()
    const result = await runLoadTest(
      { target: url, plan: planOf(requestsTo(url), open(100, 15_000)), thresholds: [] },
      { signal: stop.signal, onProgress: ({ atMs }) => atMs >= 0 && stop.abort() },
    )
    expectWhole(result)
    expect(result).toMatchObject({ verdict: 'inconclusive', stoppedEarly: 'it was interrupted' })
  })
})
