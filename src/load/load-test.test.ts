import { afterEach, describe, expect, it } from 'vitest'
import type { EnginePlan, Load } from './engine/engine-plan.ts'
import { runLoadTest } from './load-test.ts'
import { constant } from './plan/profile.ts'
import { parseThresholds } from './plan/thresholds.ts'
import { type LoadResult, loadResult } from './result.ts'
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

const open = (perSecond: number, durationMs: number): Load => ({
  model: 'open',
  stages: constant(perSecond, durationMs),
  arrivals: 'even',
})

const planOf = (url: string, load: Load, more: Partial<EnginePlan> = {}): EnginePlan => ({
  script: { is: 'requests', requests: [{ name: 'it', method: 'GET', url, headers: [] }] },
  load,
  warmUpMs: 0,
  connections: 50,
  requestsPerConnection: Number.MAX_SAFE_INTEGER,
  timeoutMs: 300,
  workers: 1,
  seed: 1,
  insecure: false,
  ...more,
})

async function test(
  url: string,
  load: Load,
  { thresholds = [], ...more }: Partial<EnginePlan> & { readonly thresholds?: readonly string[] } = {},
): Promise<LoadResult> {
  const plan = planOf(url, load, more)
  const result = await runLoadTest({ target: url, plan, thresholds: parseThresholds(thresholds).thresholds })
  expectWhole(result)
  return result
}

/** Every scheduled request appears, once. */
function expectWhole(result: LoadResult): void {
  expect(() => loadResult.parse(result)).not.toThrow()
  const { scheduled, sent, answered, failed, timedOut, unsent, errors } = result.counts
  expect(sent + unsent).toBe(scheduled)
  expect(answered + failed + timedOut).toBe(sent)
  expect(errors).toBeGreaterThanOrEqual(failed + timedOut + unsent)
  expect(result.response.count).toBe(answered)
  expect(result.sendLag.count).toBe(sent)
  const why = result.failures.reduce((sum, { count }) => sum + count, 0)
  expect(why).toBe(failed + timedOut + unsent)
}

const whyOf = (result: LoadResult): string | undefined => result.failures[0]?.because

describe('a load test', () => {
  it('sends what its schedule says, and counts what comes back', { timeout: 20_000 }, async () => {
    const { url, requests } = await target((socket) => socket.write(answer('hello')))
    const result = await test(url, open(200, 1_500), {
      warmUpMs: 500,
      thresholds: ['errors<1', 'rate>150/s'],
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
    const result = await test(url, open(300, 1_000), { workers: 3, connections: 9 })
    expect(result.counts).toMatchObject({ scheduled: 300, answered: 300 })
    expect(result.generator.mostConnections).toBeLessThanOrEqual(9)
    expect(requests()).toBe(300)
  })

  it('with users asks again when it was answered', { timeout: 20_000 }, async () => {
    const { url, requests } = await target((socket) => setTimeout(() => socket.write(answer('x')), 20))
    const result = await test(url, { model: 'closed', users: 4, thinkMs: 0, durationMs: 1_000 })
    expect(result.counts.answered).toBe(requests())
    // Each of four users can ask 50 times a second at the most.
    expect(requests()).toBeGreaterThan(60)
    expect(requests()).toBeLessThanOrEqual(200)
    expect(result.generator.mostConnections).toBe(4)
  })

  it('tells of every request that a stall kept waiting', { timeout: 20_000 }, async () => {
    // Stops for a second in the middle of two: of 200 requests 100 wait, half a second on average.
    const begun = performance.now()
    const { url } = await target((socket) => {
      const at = performance.now() - begun
      const stall = at > 700 && at < 1_700 ? 1_700 - at : 0
      setTimeout(() => socket.write(answer('x')), stall)
    })
    const result = await test(url, open(100, 2_000), { timeoutMs: 5_000, connections: 10 })
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
    const result = await test(url, open(200, 15_000), { thresholds: ['errors<5% stop'] })
    expect(result).toMatchObject({ verdict: 'fail', stoppedEarly: 'errors<5% stop was missed' })
    expect(result.durationMs).toBeLessThan(10_000)
    expect(result.counts.errors).toBe(result.counts.scheduled)
  })

  it('is no verdict when it was interrupted', { timeout: 20_000 }, async () => {
    const { url } = await target((socket) => socket.write(answer('x')))
    const stop = new AbortController()
    const result = await runLoadTest(
      { target: url, plan: planOf(url, open(100, 15_000)), thresholds: [] },
      { signal: stop.signal, onProgress: ({ atMs }) => atMs >= 0 && stop.abort() },
    )
    expectWhole(result)
    expect(result).toMatchObject({ verdict: 'inconclusive', stoppedEarly: 'it was interrupted' })
  })
})

describe('a target that', () => {
  it.each<[string, Behave, string]>([
    ['resets', (socket) => socket.resetAndDestroy(), 'connection reset'],
    ['closes', (socket) => socket.end(), 'the connection was closed without an answer'],
    ['answers garbage', (socket) => socket.end('SSH-2.0-what\r\n'), 'this is not an answer of HTTP/1'],
    [
      'sends half a head',
      (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-le'),
      'the connection was closed before the answer was complete',
    ],
    [
      'sends less than it says',
      (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf'),
      'the connection was closed before the answer was complete',
    ],
    [
      'sends more than it says',
      (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nmore'),
      'bytes after the end of the answer',
    ],
  ])('%s fails every request, and says why', { timeout: 20_000 }, async (_name, behave, because) => {
    const { url } = await target(behave)
    const result = await test(url, open(50, 1_000))
    expect(result).toMatchObject({ verdict: 'fail', counts: { scheduled: 50, failed: 50, answered: 0 } })
    expect(whyOf(result)).toBe(because)
    expect(result.reasons[0]?.text).toContain(because)
  })

  it.each<[string, Behave]>([
    ['never answers', () => {}],
    ['never ends its head', (socket) => socket.write('HTTP/1.1 200 OK\r\n')],
    [
      'never ends its body',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n')
        const more = setInterval(() => socket.writable && socket.write('1\r\nx\r\n'), 20)
        socket.on('close', () => clearInterval(more))
      },
    ],
  ])('%s is given up in time', { timeout: 20_000 }, async (_name, behave) => {
    const { url } = await target(behave)
    const result = await test(url, open(50, 1_000))
    expect(result).toMatchObject({ verdict: 'fail', counts: { scheduled: 50, timedOut: 50 } })
    expect(whyOf(result)).toBe('no answer in time')
  })

  it('is too slow for the connections it may have leaves the rest unsent', { timeout: 20_000 }, async () => {
    const { url } = await target((socket) => setTimeout(() => socket.write(answer('x')), 200))
    const result = await test(url, open(100, 1_000), { connections: 2, timeoutMs: 2_000 })
    expect(result.counts.unsent).toBeGreaterThan(70)
    expect(result.verdict).toBe('fail')
    expect(result.generator.is).toBe('sound')
  })

  it('refuses is told apart from one that fails', { timeout: 20_000 }, async () => {
    const { url, close } = await startTarget(() => {})
    await close()
    const result = await test(url, open(50, 500))
    expect(whyOf(result)).toBe('connection refused')
  })

  it('has no address cannot be loaded at all', { timeout: 20_000 }, async () => {
    await expect(test('http://no-such-host.invalid/', open(10, 100))).rejects.toMatchObject({
      code: 'PLM_LOAD_TARGET',
    })
  })

  it('closes each connection is asked on another', { timeout: 20_000 }, async () => {
    const { url } = await target((socket) => socket.end(answer('x', '200 OK', 'connection: close\r\n')))
    const result = await test(url, open(100, 1_000))
    expect(result.counts).toMatchObject({ scheduled: 100, answered: 100 })
  })

  it('answers errors fails by them, answered though they are', { timeout: 20_000 }, async () => {
    const { url } = await target((socket, n) =>
      socket.write(answer('', n % 50 === 0 ? '503 Later' : '200 OK')),
    )
    const result = await test(url, open(200, 1_000), { thresholds: ['errors<1%'] })
    expect(result).toMatchObject({
      verdict: 'fail',
      counts: { answered: 200, errors: 4 },
      statuses: { 200: 196, 503: 4 },
    })
  })
})
