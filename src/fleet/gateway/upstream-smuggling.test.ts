import type { Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { sendRaw, startTestGateway, type TestGateway, tableFor } from './gateway.fixture.ts'
import { call, type RawUpstream, startRaw } from './sockets.fixture.ts'

let gateway: TestGateway
let upstream: RawUpstream

/** @param answer to the head of each request, as it came, but for health checks */
async function serve(answer: (head: string, socket: Socket, asked: number) => void): Promise<void> {
  upstream = await startRaw(answer)
  gateway = await startTestGateway(tableFor({ live: { weight: 1, ports: [upstream.port] } }, 1_000))
  await gateway.until((seen) => seen.upstreams[0]?.healthy === true)
}

afterEach(async () => {
  await gateway.stop()
  await upstream.close()
})

const get = (path: string, method = 'GET') =>
  sendRaw(gateway.port, `${method} ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)
const counts = async () => (await gateway.until(({ counts: { live } }) => live?.inFlight === 0)).counts.live
const answerOf = (body: string, ...lines: string[]): string =>
  ['HTTP/1.1 200 OK', `Content-Length: ${body.length}`, ...lines, '', body].join('\r\n')
const pathOf = (head: string): string => /^\w+ (\S+)/.exec(head)?.[1] ?? ''

/** Ways of an upstream to say more than was asked of it, behind an answer that is whole. */
const extras: Record<string, (socket: Socket, answer: string) => void> = {
  'a second answer in the same packet': (socket, answer) =>
    socket.write(answer + answerOf('of another', 'X-Second: 1')),
  'a second answer in the next packet': (socket, answer) => {
    socket.write(answer)
    socket.write(answerOf('of another'))
  },
  'a body that is longer than it says': (socket, answer) => socket.write(`${answer}of another`),
  'half a head': (socket, answer) => socket.write(`${answer}HTTP/1.1 2`),
  'an interim answer': (socket, answer) => socket.write(`${answer}HTTP/1.1 100 Continue\r\n\r\n`),
}

test.each(Object.entries(extras))('%s is nobody’s, and ends the connection', async (_, write) => {
  await serve((head, socket) => write(socket, answerOf(pathOf(head))))
  for (let i = 0; i < 30; i++) {
    const answer = await get(`/${i}`)
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 200 OK\\r\\n[\\s\\S]*\\r\\n\\r\\n/${i}$`))
    expect(answer).not.toMatch(/of another|X-Second|HTTP\/1\.1 [12][\s\S]*HTTP/)
    await upstream.untilOpen(0)
  }
  expect(upstream.connections()).toBe(30)
  expect(await counts()).toMatchObject({ accepted: 30, answered: 30, lost: 0 })
})

test('among many at once, nobody gets the answer of another', async () => {
  const { 'a second answer in the next packet': _, ...samePacket } = extras
  const ways = Object.values(samePacket)
  await serve((head, socket, asked) => {
    const write = asked % 3 === 0 ? ways[asked % ways.length] : undefined
    const answer = answerOf(pathOf(head))
    if (write) write(socket, answer)
    else socket.write(answer)
  })
  const clients = Array.from({ length: 8 }, async (_, client) => {
    for (let i = 0; i < 40; i++) {
      const path = `/${client}-${i}`
      expect((await get(path)).endsWith(`\r\n\r\n${path}`)).toBe(true)
    }
  })
  await Promise.all(clients)
  expect(upstream.connections()).toBeLessThan(320)
})

test('an answer that nobody asked for ends the connection on which it comes', async () => {
  await serve((head, socket) => {
    socket.write(answerOf(pathOf(head)))
    setTimeout(() => socket.write(answerOf('late, of another')), 100)
  })
  expect(await get('/one')).toMatch(/\/one$/)
  await upstream.untilOpen(0)
  expect(await get('/two')).toMatch(/\/two$/)
})

test.each([
  ['HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n12345', '200'],
  ['GET', 'HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n12345', '204'],
  ['GET', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n12345', '304'],
])('%s: a body where there is none, behind %j, goes nowhere', async (method, answer, status) => {
  await serve((_, socket) => socket.write(answer))
  for (let i = 0; i < 3; i++) {
    const heard = await get('/', method)
    expect(heard.startsWith(`HTTP/1.1 ${status} `)).toBe(true)
    expect(heard.endsWith('\r\n\r\n')).toBe(true)
  }
  expect(upstream.connections()).toBe(3)
})

test.each([
  ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
  [
    'a length and chunks',
    'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  ],
  ['an unknown encoding', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n'],
  ['a length with a sign', 'HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nab'],
  ['a bare line feed', 'HTTP/1.1 200 OK\r\nX: y\nContent-Length: 2\r\n\r\nab'],
  ['a folded header', 'HTTP/1.1 200 OK\r\nX: y\r\n Content-Length: 2\r\n\r\nab'],
  ['a space before the colon', 'HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\nab'],
  ['no status', 'HTTP/1.1 OK\r\nContent-Length: 2\r\n\r\nab'],
  ['a status that nobody knows', 'HTTP/1.1 042 OK\r\nContent-Length: 2\r\n\r\nab'],
  [
    'a chunk that is longer than it says',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n',
  ],
])('an answer with %s is lost, and ends the connection', async (_, answer) => {
  await serve((_head, socket) => socket.write(answer))
  expect(await get('/')).toMatch(/^HTTP\/1\.1 502 (?![\s\S]*HTTP\/1)/)
  await upstream.untilOpen(0)
  expect(await counts()).toMatchObject({ accepted: 1, answered: 0, lost: 1 })
})

test('an answer before the request is done is passed on; nobody else is sent what is left of the request', async () => {
  await serve((_head, socket) => socket.write(answerOf('early')))
  const caller = call(gateway.port, 'POST /up HTTP/1.1\r\nHost: a\r\nContent-Length: 60\r\n\r\nhalf')
  await caller.until(/early$/)
  await upstream.untilOpen(0)
  const hidden = 'GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n'.padEnd(56, '.')
  caller.socket.write(`${hidden}GET /next HTTP/1.1\r\nHost: a\r\n\r\n`)
  await caller.until(/early[\s\S]*early$/)
  expect(upstream.received.join('\n')).not.toContain('hidden')
  expect(upstream.received.at(-1)).toMatch(/^GET \/next /)
  caller.socket.destroy()
  expect(await counts()).toMatchObject({ accepted: 2, answered: 2, lost: 0 })
})

test('a connection that ends with its answer is not used again, though the answer does not say so', async () => {
  await serve((head, socket) => socket.end(answerOf(pathOf(head))))
  for (let i = 0; i < 50; i++) {
    const post = `POST /${i} HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`
    expect((await sendRaw(gateway.port, post)).endsWith(`/${i}`)).toBe(true)
  }
  expect(await counts()).toMatchObject({ accepted: 50, answered: 50, lost: 0 })
})

test('interim answers, chunk extensions and trailers are left out; the answer is whole', async () => {
  const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n'
  await serve((_head, socket) =>
    socket.write(
      `HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n${chunked}3;a=b\r\none\r\n3\r\ntwo\r\n0\r\nX-Sum: 6\r\n\r\n`,
    ),
  )
  const answer = await get('/')
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\n\r\n6\r\nonetwo\r\n0\r\n\r\n$/)
  expect(answer).not.toMatch(/Link|X-Sum|a=b/)
  // Read for all of it: the connection is in order, and used again.
  for (let i = 0; i < 20; i++) expect(await get('/')).toMatch(/onetwo\r\n0\r\n\r\n$/)
  expect(upstream.connections()).toBeLessThan(20)
})

test('an answer of HTTP/1.0 ends with its connection', async () => {
  await serve((_head, socket) => socket.end('HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nold'))
  expect(await get('/')).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*3\r\nold\r\n0\r\n\r\n$/)
  expect(await counts()).toMatchObject({ accepted: 1, answered: 1, lost: 0 })
})
