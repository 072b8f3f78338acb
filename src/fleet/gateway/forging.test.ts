import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { GatewayConfig } from '../gateway-config.ts'
import { usualGateway } from '../gateway-config.ts'
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
import { findGateway } from './processes.ts'
import { requestFiles } from './request-files.ts'

/** Clients of these tests come from 127.0.0.1: trusted, unless a test says otherwise. */
const untrusting = { trustedProxies: ['192.0.2.1'] }

let upstream: TestUpstream
let gateway: TestGateway

beforeAll(async () => {
  upstream = await startUpstream((request, response) => {
    const echoed = request.url === '/own' ? { 'x-request-id': ['own-1', 'own-2'] } : {}
    response.writeHead(200, { 'Content-Type': 'application/json', ...echoed })
    response.end(JSON.stringify({ url: request.url, raw: request.rawHeaders }))
  })
  gateway = await startTestGateway()
})

afterAll(async () => {
  await gateway.stop()
  await upstream.close()
})

async function treat(more: Partial<GatewayConfig>): Promise<void> {
  const table = tableFor({ live: { weight: 1, ports: [upstream.port] } })
  await gateway.control.apply({ ...table, gateway: { ...usualGateway, ...more } })
  await gateway.until((seen) => seen.revision === table.revision && seen.upstreams[0]?.healthy === true)
}

const ask = (...lines: string[]) => askFor('/', ...lines)
const askFor = (path: string, ...lines: string[]) =>
  sendRaw(
    gateway.port,
    [`GET ${path} HTTP/1.1`, 'Host: shop.test', 'Connection: close', ...lines, '', ''].join('\r\n'),
  )

/** What the service heard under any name that some reader takes for this one. */
function heardAs(answer: string, wanted: string): string[] {
  const { raw } = JSON.parse(/\{.*\}/.exec(answer)?.[0] ?? '') as { raw: string[] }
  return raw.filter((_, i) => i % 2 === 1 && raw[i - 1]?.toLowerCase().replaceAll('_', '-') === wanted)
}

const told = (answer: string): string[] =>
  [...answer.matchAll(/^x-request-id: (.*)\r$/gim)].map(([, value = '']) => value)

const forgeries = {
  'a chain': ['X-Forwarded-For: 6.6.6.6', 'X-Forwarded-Proto: https', 'X-Forwarded-Host: evil.test'],
  'a chain in another case': ['x-FORWARDED-for: 6.6.6.6', 'X-forwarded-PROTO: https'],
  'a chain on two lines': ['X-Forwarded-For: 6.6.6.6', 'X-Forwarded-For: 7.7.7.7'],
  underscores: ['X_Forwarded_For: 6.6.6.6', 'X-Forwarded_Proto: https', 'x_forwarded_host: evil.test'],
  'a chain that Connection names': [
    'Connection: x-forwarded-for, x-forwarded-proto',
    'X-Forwarded-For: 6.6.6.6',
  ],
  'the standard header': ['Forwarded: for=6.6.6.6;proto=https;host=evil.test'],
  'other headers of proxies': ['X-Real-IP: 6.6.6.6', 'X-Forwarded-Port: 443', 'X-Forwarded-Prefix: /admin'],
  'an empty chain': ['X-Forwarded-For:', 'X-Forwarded-Proto:'],
}

test.each(Object.entries(forgeries))('from whom nobody trusts, %s is replaced', async (_, lines) => {
  await treat(untrusting)
  const answer = await ask(...lines)
  expect(heardAs(answer, 'x-forwarded-for')).toEqual(['127.0.0.1'])
  expect(heardAs(answer, 'x-forwarded-proto')).toEqual(['http'])
  expect(heardAs(answer, 'x-forwarded-host')).toEqual(['shop.test'])
  for (const name of ['forwarded', 'x-real-ip', 'x-forwarded-port', 'x-forwarded-prefix'])
    expect(heardAs(answer, name)).toEqual([])
  expect(answer).not.toMatch(/6\.6\.6\.6|evil|https/)
})

test('from a trusted one it is appended to, and what others wrote before is cut off', async () => {
  await treat({})
  const lines = ['X-Forwarded-For: 6.6.6.6', 'X-Forwarded-For: 81.2.69.142', 'X-Forwarded-Port: 443']
  const answer = await ask(
    ...lines,
    'X-Forwarded-Proto: https',
    'X_Forwarded_For: 6.6.6.6',
    'Forwarded: for=6.6.6.6',
  )
  expect(heardAs(answer, 'x-forwarded-for')).toEqual(['81.2.69.142, 127.0.0.1'])
  expect(heardAs(answer, 'x-forwarded-proto')).toEqual(['https'])
  expect(heardAs(answer, 'x-forwarded-port')).toEqual(['443'])
  expect(answer).not.toContain('6.6.6.6')
})

test('by the standard header, when the proxies are said to write that', async () => {
  await treat({ clientHeader: 'forwarded' })
  const forwarded = 'Forwarded: for=6.6.6.6;proto=http, for="[2001:db8::7]:80";proto=https;host=shop.test'
  const answer = await ask('X-Forwarded-For: 6.6.6.6', forwarded)
  expect(heardAs(answer, 'x-forwarded-for')).toEqual(['2001:db8::7, 127.0.0.1'])
  expect(heardAs(answer, 'x-forwarded-proto')).toEqual(['https'])
  expect(heardAs(answer, 'forwarded')).toEqual([
    'for="[2001:db8::7]";proto=https;host="shop.test", for=127.0.0.1',
  ])
})

test('an id that can be kept is kept, passed on once and given back once', async () => {
  await treat({})
  const answer = await askFor('/own', 'x-request-id: Root=1-abc', 'X_Request_Id: other')
  expect(heardAs(answer, 'x-request-id')).toEqual(['Root=1-abc'])
  expect(told(answer)).toEqual(['Root=1-abc'])
})

const made = /^[\da-f]{32}$/

test.each([
  [[]],
  [['X-Request-Id: a b']],
  [['X-Request-Id:']],
  [['X-Request-Id: <script>']],
  [[`X-Request-Id: ${'a'.repeat(200)}`]],
  [['X-Request-Id: one', 'X-Request-Id: two']],
  [['X_Request_Id: other']],
  [['X-Request-Id: "x";\tSet-Cookie: a=b']],
])('with %j a new one is made', async (lines) => {
  await treat({})
  const answer = await ask(...lines)
  const [id, ...more] = told(answer)
  expect(id).toMatch(made)
  expect(more).toEqual([])
  expect(heardAs(answer, 'x-request-id')).toEqual([id])
})

test('it has the name that was configured, and none at all when nobody wants it', async () => {
  await treat({ requestId: 'X-Correlation' })
  const named = await ask('x-correlation: 17', 'X-Request-Id: theirs')
  expect(named).toMatch(/\r\nX-Correlation: 17\r\n/)
  expect([heardAs(named, 'x-correlation'), heardAs(named, 'x-request-id')]).toEqual([['17'], ['theirs']])
  await treat({ requestId: false })
  const none = await ask('X-Request-Id: a b')
  expect([told(none), heardAs(none, 'x-request-id')]).toEqual([[], ['a b']])
})

test('the trace goes on as it came, and the gateway’s own refusals have an id, too', async () => {
  await treat({})
  const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`
  const answer = await ask(`traceparent: ${traceparent}`, 'tracestate: a=1')
  expect([heardAs(answer, 'traceparent'), heardAs(answer, 'tracestate')]).toEqual([[traceparent], ['a=1']])
  await gateway.control.apply(tableFor({}))
  expect(await ask('X-Request-Id: mine')).toMatch(/^HTTP\/1\.1 503 [\s\S]*\r\nX-Request-Id: mine\r\n/)
})

type Line = Record<string, string | number>

const written = async (): Promise<Line[]> => {
  const [newest = ''] = requestFiles(gateway.folder)
  const text = await readFile(newest, 'utf8').catch(() => '')
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
}

const untilWritten = (lines: number) => poll(written, (all) => all.length === lines)

test('each request is one line in the access log, without query and headers, also when its gateway is killed', async () => {
  await treat({ accessLog: { keep: 2 ** 20, query: false } })
  const trace = 'c'.repeat(32)
  const secrets = ['Authorization: Bearer s3cret', 'Cookie: session=s3cret', 'X-Forwarded-For: 81.2.69.142']
  await askFor(
    '/pay?card=s3cret',
    ...secrets,
    'X-Request-Id: r-1',
    `traceparent: 00-${trace}-${'b'.repeat(16)}-01`,
  )
  await askFor('/a#s3cret', 'X-Request-Id: r-2')
  await gateway.control.apply(tableFor({}))
  await gateway.control.apply({
    ...tableFor({}),
    gateway: { ...usualGateway, accessLog: { keep: 2 ** 20, query: false } },
  })
  await ask('X-Request-Id: r-3')
  const lines = await untilWritten(3)
  expect(JSON.stringify(lines)).not.toContain('s3cret')
  expect(lines).toEqual([
    {
      time: expect.stringMatching(/^20\d\d-\d\d-\d\dT.*Z$/),
      ...{ client: '81.2.69.142', method: 'GET', path: '/pay', end: 'answered', status: 200 },
      ...{ bytes: expect.any(Number), durationMs: expect.any(Number), upstreamMs: expect.any(Number) },
      ...{ instance: 'live/0', requestId: 'r-1', traceId: trace },
    },
    expect.objectContaining({
      path: '/a',
      end: 'refused',
      status: 400,
      because: 'the target must be a path',
    }),
    expect.objectContaining({ path: '/', end: 'refused', status: 503, requestId: 'r-3' }),
  ])
  const loop = await findGateway(gateway.folder)
  const [child = 0] = await childrenOf(loop?.pid ?? 0)
  process.kill(child, 'SIGKILL')
  await treat({ accessLog: { keep: 2 ** 20, query: true } })
  await askFor('/pay?card=4111')
  expect((await untilWritten(4)).at(-1)).toMatchObject({ path: '/pay?card=4111' })
  expect((await gateway.control.seen()).accessLog).toEqual({ written: 1, dropped: 0 })
})
