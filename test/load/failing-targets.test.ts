import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Script } from '../../src/load/engine/engine-plan.ts'
import { open, requestsTo, runWhole } from '../../src/load/load-test.fixture.ts'
import type { LoadResult } from '../../src/load/result.ts'
import { answer, type Behave, startTarget, type Target } from '../../src/load/target.fixture.ts'

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-failing-'))
const scenario = join(folder, 'one.load.ts')
const targets: Target[] = []

beforeAll(() =>
  writeFileSync(
    scenario,
    `import { scenario } from 'plimsoll/load'
    export default scenario('one request', async (user) => { await user.get('/') })`,
  ),
)
afterEach(async () => {
  for (const one of targets.splice(0)) await one.close()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function target(behave: Behave): Promise<string> {
  const made = await startTarget(behave)
  targets.push(made)
  return made.url
}

/** A piece of body as often as the connection takes it, until it is closed. */
const forever =
  (head: string, piece: string, everyMs?: number): Behave =>
  (socket) => {
    socket.write(head)
    const write = () => {
      if (everyMs !== undefined) socket.write(piece)
      else while (socket.writable && socket.write(piece));
    }
    const more = everyMs === undefined ? undefined : setInterval(write, everyMs)
    if (everyMs === undefined) socket.on('drain', write)
    socket.on('close', () => clearInterval(more))
    write()
  }

const chunked = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n'
const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`

const failing: readonly (readonly [name: string, behave: Behave, because: string])[] = [
  ['resets', (socket) => socket.resetAndDestroy(), 'connection reset'],
  [
    'resets in the middle of its answer',
    (socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf')
      setTimeout(() => socket.resetAndDestroy(), 20)
    },
    'connection reset',
  ],
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
  [
    'says two lengths',
    (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nx'),
    'two Content-Lengths',
  ],
  [
    'never ends its head, however fast',
    forever('HTTP/1.1 200 OK\r\n', `x-more: ${'x'.repeat(1_000)}\r\n`),
    'a head of more than 64 KiB',
  ],
]

const silent: readonly (readonly [name: string, behave: Behave])[] = [
  ['never answers', () => {}],
  ['never ends its head', (socket) => socket.write('HTTP/1.1 200 OK\r\n')],
  ['never ends its body', forever(chunked, '1\r\nx\r\n', 20)],
]

/** For what comes at once: a machine that is busy with other things is no silence of the target. */
const patient = { timeoutMs: 5_000 }

/** A verdict, with its reason first. */
function expectFailed(result: LoadResult, because: string): void {
  expect(result.verdict).toBe('fail')
  expect(result.failures[0]?.because).toBe(because)
  expect(result.reasons[0]?.text).toContain(because)
}

describe.each<[string, (url: string) => Script]>([
  ['one address', (url) => requestsTo(url)],
  ['a scenario', (url) => ({ is: 'scenarios', file: scenario, baseUrl: url })],
])('a target of %s that', { timeout: 30_000 }, (_way, scriptOf) => {
  it.each(failing)('%s fails every request, and says why', async (_name, behave, because) => {
    const result = await runWhole(scriptOf(await target(behave)), open(50, 1_000), patient)
    expect(result.counts).toMatchObject({ scheduled: 50, failed: 50, answered: 0 })
    expectFailed(result, because)
  })

  it.each(silent)('%s is given up in time', async (_name, behave) => {
    const result = await runWhole(scriptOf(await target(behave)), open(50, 1_000))
    expect(result.counts).toMatchObject({ scheduled: 50, timedOut: 50 })
    expectFailed(result, 'no answer in time')
  })

  it('refuses is told apart from one that fails', async () => {
    const { url, close } = await startTarget(() => {})
    await close()
    const result = await runWhole(scriptOf(url), open(50, 500), patient)
    expect(result.counts).toMatchObject({ scheduled: 25, sent: 25, failed: 25 })
    expectFailed(result, 'connection refused')
  })

  it('refuses users, again and again, lets the load end', async () => {
    const { url, close } = await startTarget(() => {})
    await close()
    const result = await runWhole(scriptOf(url), { model: 'closed', users: 3, thinkMs: 0, durationMs: 500 })
    expect(result.counts.failed).toBeGreaterThan(3)
    expectFailed(result, 'connection refused')
  })

  it('never ends its body, as fast as it can, fills no memory and ends', async () => {
    const before = process.memoryUsage.rss()
    const result = await runWhole(scriptOf(await target(forever(chunked, chunk))), open(10, 500))
    expect(result.counts).toMatchObject({ scheduled: 5, answered: 0 })
    expect(result.counts.timedOut + result.counts.failed).toBe(5)
    expect(['no answer in time', 'a body of more than 64 MiB']).toContain(result.failures[0]?.because)
    expect(result.verdict).toBe('fail')
    expect(process.memoryUsage.rss() - before).toBeLessThan(600 << 20)
  })

  it('has no address cannot be loaded at all', async () => {
    await expect(runWhole(scriptOf('http://no-such-host.invalid/'), open(10, 100))).rejects.toMatchObject({
      code: 'PLM_LOAD_TARGET',
      message: expect.stringContaining('no-such-host.invalid has no address'),
    })
  })

  it('closes each connection is asked on another', async () => {
    const url = await target((socket) => socket.end(answer('x', '200 OK', 'connection: close\r\n')))
    const result = await runWhole(scriptOf(url), open(100, 1_000), patient)
    expect(result.counts).toMatchObject({ scheduled: 100, answered: 100 })
  })

  it('is too slow for the connections it may have leaves the rest unsent', async () => {
    const url = await target((socket) => setTimeout(() => socket.write(answer('x')), 200))
    const result = await runWhole(scriptOf(url), open(100, 1_000), { connections: 2, timeoutMs: 2_000 })
    expect(result.counts.unsent).toBeGreaterThan(70)
    expectFailed(result, 'no connection was free')
    expect(result.generator.mostConnections).toBe(2)
  })

  it('answers errors fails by them, answered though they are', async () => {
    const url = await target((socket, n) => socket.write(answer('', n % 50 === 0 ? '503 Later' : '200 OK')))
    const result = await runWhole(scriptOf(url), open(200, 1_000), {
      ...patient,
      thresholds: ['errors<1%', 'p99<10s'],
    })
    expect(result).toMatchObject({
      verdict: 'fail',
      counts: { answered: 200, errors: 4 },
      statuses: { 200: 196, 503: 4 },
    })
  })
})
