import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTls } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { seededRandom } from '../../src/kernel/index.ts'
import { type LoadResult, loadResult } from '../../src/load/result.ts'
import { compiled } from '../support/compiled.ts'

const exec = promisify(execFile)
const bin = fileURLToPath(new URL('../../bin/plimsoll.cjs', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'plimsoll-truth-'))
const servers: Server[] = []

const listen = async (server: Server): Promise<number> => {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}
const serve = async (answer: RequestListener): Promise<string> =>
  `http://127.0.0.1:${await listen(createServer({ keepAliveTimeout: 60_000 }, answer))}/`

afterEach(() => {
  for (const server of servers.splice(0)) {
    if ('closeAllConnections' in server) (server.closeAllConnections as () => void)()
    server.close()
  }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A load test as people run it, of all that a limit on open files leaves. */
async function load(args: readonly string[], openFiles = 4_096): Promise<LoadResult> {
  const command = `ulimit -n ${openFiles}; exec "$0" "$@"`
  const env = { PATH: process.env.PATH ?? '', HOME: folder, LANG: 'C.UTF-8', ...compiled }
  const { stdout } = await exec(
    '/bin/sh',
    ['-c', command, process.execPath, bin, 'load', ...args, '--warm-up', '0s', '--json'],
    { env, maxBuffer: 64 << 20 },
  ).catch((error: { stdout: string }) => error)
  const result = loadResult.parse(JSON.parse(stdout))
  const { scheduled, sent, answered, failed, timedOut, unsent } = result.counts
  expect([sent + unsent, answered + failed + timedOut]).toEqual([scheduled, sent])
  return result
}

const quantile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.ceil(share * values.length) - 1] ?? Number.NaN

/** A target that answers late on purpose, and knows how late it really was. */
async function lateTarget(delayMs: (arrivedAt: number) => number) {
  const took: number[] = []
  const url = await serve((_, response) => {
    const arrivedAt = performance.now()
    setTimeout(() => {
      took.push(performance.now() - arrivedAt)
      response.end('x')
    }, delayMs(arrivedAt))
  })
  return { url, took }
}

/** Within 1 %, and what a message on this machine may take. */
function expectQuantile(found: number | null, truth: number): void {
  expect(found).toBeGreaterThanOrEqual(truth * 0.99 - 0.1)
  expect(found).toBeLessThanOrEqual(truth * 1.01 + 2)
}

const calm = ['--threshold', 'p99<60s'] as const

describe('against a target of which the truth is known', { timeout: 60_000 }, () => {
  it('finds both humps of a latency that has two', async () => {
    let n = 0
    const { url, took } = await lateTarget(() => (n++ % 10 === 0 ? 600 : 150))
    const { service, counts } = await load([url, '--rate', '150', '--duration', '4s', ...calm])
    expect(took).toHaveLength(counts.answered)
    expectQuantile(service.p50Ms, quantile(took, 0.5))
    expectQuantile(service.p95Ms, quantile(took, 0.95))
    expectQuantile(service.p99Ms, quantile(took, 0.99))
  })

  it('finds the p99 of M/M/1', async () => {
    // 250 requests a second to a worker who could do 333: exponential, with 83 a second.
    const random = seededRandom(7)
    let freeAt = 0
    const { url, took } = await lateTarget((arrivedAt) => {
      freeAt = Math.max(freeAt, arrivedAt) - 3 * Math.log(1 - random.next())
      return freeAt - arrivedAt
    })
    const { service } = await load([url, '--rate', '250', '--duration', '12s', ...calm])
    const [p99, closedForm] = [quantile(took, 0.99), (1_000 * Math.log(100)) / (1_000 / 3 - 250)]
    expectQuantile(service.p99Ms, p99)
    expect(Math.abs(Math.log(p99 / closedForm))).toBeLessThan(0.5)
  })

  it('counts one error in a hundred as one in a hundred', async () => {
    let n = 0
    const url = await serve((_, response) => response.writeHead(n++ % 100 === 99 ? 500 : 200).end('x'))
    const result = await load([
      url,
      '--rate',
      '300',
      '--duration',
      '4s',
      '--threshold',
      'errors<0.9%',
      ...calm,
    ])
    expect(result.counts.errors).toBe(Math.floor(result.counts.answered / 100))
    expect(result.verdict).toBe('fail')
  })

  it('sees a service get slower in the seconds of its run', async () => {
    const began = performance.now()
    const { url } = await lateTarget((at) => 20 + (at - began) / 20)
    const { seconds } = await load([url, '--rate', '100', '--duration', '5s', ...calm])
    const p50s = seconds.map(({ p50Ms }) => p50Ms ?? 0)
    expect((p50s[4] ?? 0) - (p50s[1] ?? 0)).toBeGreaterThan(80)
  })

  it('that takes more connections than there are file descriptors blames itself', async () => {
    const url = await serve((_, response) => setTimeout(() => response.end('x'), 300))
    const result = await load([url, '--users', '300', '--duration', '2s', ...calm], 120)
    expect(result.verdict).toBe('inconclusive')
    expect(result.reasons.map(({ text }) => text)).toContainEqual(
      expect.stringMatching(/^the generator, not your service: it ran out of sockets \d+ times/),
    )
    expect(result.failures[0]?.because).toBe('out of file descriptors')
  })

  it('speaks TLS, and believes no certificate unless told to', async () => {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
    await exec('openssl', [
      ...[
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '1',
      ],
      ...['-subj', '/CN=localhost', '-keyout', key, '-out', cert],
    ])
    const server = createTls({ key: readFileSync(key), cert: readFileSync(cert) }, (_, response) =>
      response.end('hush'),
    )
    const url = `https://127.0.0.1:${await listen(server)}/`
    const [doubting, trusting] = [
      await load([url, '--rate', '50', '--duration', '1s', ...calm]),
      await load([url, '--rate', '50', '--duration', '1s', '--insecure', ...calm]),
    ]
    expect([doubting.verdict, doubting.counts.answered]).toEqual(['fail', 0])
    expect(trusting.verdict).toBe('pass')
    expect(trusting.bytes.received).toBe(4 * trusting.counts.answered)
  })
})
