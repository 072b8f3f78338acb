import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  sendRaw,
  startTestGateway,
  startUpstream,
  type TestGateway,
  type TestUpstream,
  tableFor,
} from './gateway.fixture.ts'

let upstream: TestUpstream
let gateway: TestGateway
const paths: string[] = []

beforeAll(async () => {
  upstream = await startUpstream((request, response) => {
    paths.push(request.url ?? '')
    request.resume().on('end', () => response.end('served'))
  })
  gateway = await startTestGateway(tableFor({ live: { weight: 1, ports: [upstream.port] } }))
  await gateway.until((seen) => seen.upstreams[0]?.healthy === true)
})

afterAll(async () => {
  await gateway.stop()
  await upstream.close()
})

beforeEach(() => {
  paths.length = 0
})

const hidden = 'GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n'
const post = (...headers: string[]) => ['POST / HTTP/1.1', 'Host: a', ...headers, '', ''].join('\r\n')

const cases: Record<string, string> = {
  'both a length and chunks': `${post('Content-Length: 4', 'Transfer-Encoding: chunked')}0\r\n\r\n${hidden}`,
  'chunks and then a length': `${post('Transfer-Encoding: chunked', 'Content-Length: 4')}0\r\n\r\n${hidden}`,
  'two lengths': `${post('Content-Length: 0', `Content-Length: ${hidden.length}`)}${hidden}`,
  'a list of lengths': `${post('Content-Length: 0, 5')}${hidden}`,
  'a length with a sign': `${post('Content-Length: +0')}${hidden}`,
  'a length in hexadecimal': `${post('Content-Length: 0x0')}${hidden}`,
  'an unknown encoding': `${post('Transfer-Encoding: xchunked')}0\r\n\r\n${hidden}`,
  'chunked twice': `${post('Transfer-Encoding: chunked', 'Transfer-Encoding: chunked')}0\r\n\r\n${hidden}`,
  'chunked and identity': `${post('Transfer-Encoding: chunked, identity')}0\r\n\r\n${hidden}`,
  'gzip and chunked': `${post('Transfer-Encoding: gzip, chunked')}0\r\n\r\n${hidden}`,
  'a space before the colon': `${post('Transfer-Encoding : chunked')}0\r\n\r\n${hidden}`,
  'a folded header': `${post('Transfer-Encoding:\r\n chunked')}0\r\n\r\n${hidden}`,
  'a vertical tab in the encoding': `${post('Transfer-Encoding: \x0bchunked')}0\r\n\r\n${hidden}`,
  'a bare line feed': `${post('X: y\nTransfer-Encoding: chunked')}0\r\n\r\n${hidden}`,
  'a bare carriage return': `${post('X: y\rTransfer-Encoding: chunked')}0\r\n\r\n${hidden}`,
  'a zero byte': `${post('X: y\0')}${hidden}`,
  'a chunk size with a minus': `${post('Transfer-Encoding: chunked')}-1\r\n\r\n${hidden}`,
  'a chunk longer than it says': `${post('Transfer-Encoding: chunked')}1\r\nabc\r\n0\r\n\r\n${hidden}`,
  'chunks in HTTP/1.0': `POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
  'Connection naming the length': `${post('Connection: close, content-length', 'Content-Length: 0')}${hidden}`,
  'two hosts': `${post('Host: b', 'Content-Length: 0')}${hidden}`,
  'no host': `GET / HTTP/1.1\r\n\r\n${hidden}`,
  'a host with a user': `GET / HTTP/1.1\r\nHost: a@b\r\n\r\n${hidden}`,
  'a host with a space': `GET / HTTP/1.1\r\nHost: a b\r\n\r\n${hidden}`,
  'a host with a path': `GET / HTTP/1.1\r\nHost: a/b\r\n\r\n${hidden}`,
  'a fragment in the target': `GET /a#/hidden HTTP/1.1\r\nHost: a\r\n\r\n${hidden}`,
  'no version': `GET /\r\n\r\n${hidden}`,
  'a whole address as the target': `GET http://b/hidden HTTP/1.1\r\nHost: a\r\n\r\n${hidden}`,
  'a space in the target': `GET /a b HTTP/1.1\r\nHost: a\r\n\r\n${hidden}`,
  'a tab in the target': `GET /a\tb HTTP/1.1\r\nHost: a\r\n\r\n${hidden}`,
}

test.each(Object.entries(cases))(
  '%s is refused, and what hides behind it is not served',
  async (_, bytes) => {
    const answer = await sendRaw(gateway.port, bytes)
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect(answer).not.toContain('served')
    expect(paths).not.toContain('/hidden')
  },
)

test('what is in order is served on the same ways', async () => {
  const chunked = post('Transfer-Encoding: chunked', 'Connection: close')
  expect(await sendRaw(gateway.port, `${chunked}3\r\nabc\r\n0\r\n\r\n`)).toContain('served')
  const length = post('Content-Length: 3', 'Connection: close')
  expect(await sendRaw(gateway.port, `${length}abc`)).toContain('served')
  expect(paths).toEqual(['/', '/'])
  for (const host of ['a.example:8080', '127.0.0.1', '[::1]:80', 'under_score', ''])
    expect(
      await sendRaw(gateway.port, `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`),
    ).toContain('served')
})
