import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientOf, createFailedClients, windowMs } from './failed-clients.ts'
import {
  sendRaw,
  startTestGateway,
  startUpstream,
  type TestGateway,
  type TestUpstream,
  tableFor,
} from './gateway.fixture.ts'

test('each client counts once in a window, however often it fails in it', () => {
  const failure = fc.record({ client: fc.constantFrom('a', 'b', 'c'), afterMs: fc.nat({ max: windowMs }) })
  fc.assert(
    fc.property(fc.array(failure), (failures) => {
      const failed = createFailedClients()
      const pairs = new Set<string>()
      let [atMs, counted] = [0, 0]
      for (const { client, afterMs } of failures) {
        atMs += afterMs
        pairs.add(`${client} ${Math.floor(atMs / windowMs)}`)
        if (failed.first(client, atMs)) counted++
      }
      expect(counted).toBe(pairs.size)
    }),
  )
})

test('beyond ten thousand clients in a window no more are remembered, nor counted', () => {
  const failed = createFailedClients()
  let counted = 0
  for (let i = 0; i < 20_000; i++) if (failed.first(`client ${i}`, 5)) counted++
  expect(counted).toBe(10_000)
  expect(failed.first('client 1', windowMs)).toBe(true)
})

test.each([
  [undefined, '81.2.69.142'],
  ['a=1; pin=abcdefghijkl', 'abcdefghijkl'],
  ['pin=abc', '81.2.69.142'],
])('with the cookies %s it is %s', (cookies, client) => {
  const origin = { hops: ['81.2.69.142', '10.0.0.9'], proto: 'http', host: 'a', isTrusted: true } as const
  expect(clientOf(cookies, 'pin', origin)).toBe(client)
})

describe('at the gateway', () => {
  let gateway: TestGateway
  let upstreams: TestUpstream[]

  beforeAll(async () => {
    const failing = await startUpstream((incoming, response) => {
      if (incoming.url === '/break') return void incoming.socket.destroy()
      response.writeHead(Number(incoming.url?.slice(1))).end()
    })
    upstreams = [failing, await startUpstream((_, response) => response.end('well'))]
    gateway = await startTestGateway(tableFor({ live: { weight: 1, ports: [failing.port] } }))
    await gateway.until((seen) => seen.upstreams[0]?.healthy === true)
  })

  afterAll(async () => {
    await gateway.stop()
    await Promise.all(upstreams.map((upstream) => upstream.close()))
  })

  const ask = (path: string, ...lines: string[]) =>
    sendRaw(
      gateway.port,
      [`GET ${path} HTTP/1.1`, 'Host: a', 'Connection: close', ...lines, '', ''].join('\r\n'),
    )
  const pin = (n: number) => `Cookie: plimsoll-pin-test=abcdefghijk${n}`
  const failed = async () => (await gateway.control.seen()).counts.live

  test('what is answered below 500 is no failure; clients that try again count once', async () => {
    await ask('/404')
    expect(await failed()).toMatchObject({ answered: 1, failedClients: 0 })
    for (let i = 0; i < 6; i++) await ask('/503', pin(1))
    for (let i = 0; i < 6; i++) await ask('/500', pin(2))
    for (let i = 0; i < 3; i++) await ask('/break', 'X-Forwarded-For: 1.1.1.1')
    const counts = await failed()
    expect(counts).toMatchObject({ answered: 13, lost: 3 })
    // Three clients; up to twice each, when a window ended meanwhile.
    expect(counts?.failedClients).toBeGreaterThanOrEqual(3)
    expect(counts?.failedClients).toBeLessThanOrEqual(6)
  })

  test('a failure that another instance made up for counts all the same', async () => {
    const ports = upstreams.map(({ port }) => port)
    await gateway.control.apply(tableFor({ canary: { weight: 1, ports } }))
    await gateway.until(({ upstreams: all }) => all.filter(({ healthy }) => healthy).length === 2)
    for (let i = 0; i < 20; i++) expect(await ask('/break', pin(3))).toContain('200 OK')
    const counts = (await gateway.control.seen()).counts.canary
    expect(counts).toMatchObject({ answered: 20, lost: 0 })
    expect(counts?.failedClients).toBeGreaterThanOrEqual(1)
    expect(counts?.failedClients).toBeLessThanOrEqual(2)
  })
})
