import { type AddressInfo, createServer, type Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import {
  sendRaw,
  startTestGateway,
  type TestGateway,
  type TestUpstream,
  tableFor,
} from './gateway.fixture.ts'
import { call, startSwitching, upgradeRequest } from './sockets.fixture.ts'

const hidden = 'GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n'
const webSocket = 'Upgrade: websocket'

describe('upgrades that two readers could understand differently', () => {
  let gateway: TestGateway
  let upstream: TestUpstream
  let through = ''

  beforeAll(async () => {
    upstream = await startSwitching((socket) => {
      socket.on('data', (bytes) => (through += bytes))
      socket.on('end', () => socket.end())
    })
    gateway = await startTestGateway(tableFor({ live: { weight: 1, ports: [upstream.port] } }))
    await gateway.until((seen) => seen.upstreams[0]?.healthy === true)
  })

  afterAll(async () => {
    await gateway.stop()
    await upstream.close()
  })

  test.each([
    ['a body with a length', upgradeRequest(webSocket, 'Content-Length: 4') + hidden],
    ['a body in chunks', `${upgradeRequest(webSocket, 'Transfer-Encoding: chunked')}0\r\n\r\n${hidden}`],
    ['two Upgrade headers', upgradeRequest(webSocket, webSocket) + hidden],
    ['two protocols', upgradeRequest('Upgrade: websocket, spdy/3') + hidden],
    ['a protocol that is no word', upgradeRequest('Upgrade: web socket') + hidden],
    ['an empty protocol', upgradeRequest('Upgrade:') + hidden],
    ['Connection naming the host', upgradeRequest(webSocket, 'Connection: upgrade, host') + hidden],
    ['two lengths', upgradeRequest(webSocket, 'Content-Length: 0', 'Content-Length: 1') + hidden],
    ['no host', `GET / HTTP/1.1\r\nConnection: upgrade\r\n${webSocket}\r\n\r\n${hidden}`],
  ])('%s: refused, and what hides behind it goes nowhere', async (_, bytes) => {
    const [asked, before] = [upstream.asked(), through]
    expect(await sendRaw(gateway.port, bytes)).toMatch(/^HTTP\/1\.1 400 (?![\s\S]*HTTP\/1\.1)/)
    expect([upstream.asked(), through]).toEqual([asked, before])
  })

  test.each([
    ['h2c', ['Upgrade: h2c', 'HTTP2-Settings: AAMAAABk', 'Connection: HTTP2-Settings']],
    ['HTTP itself', ['Upgrade: HTTP/2.0']],
    ['TLS', ['Upgrade: TLS/1.2']],
  ])('an offer of %s is passed over in silence, and not passed on', async (_, lines) => {
    const answer = await sendRaw(gateway.port, upgradeRequest(...lines, 'Connection: close'))
    expect(answer).toMatch(/^HTTP\/1\.1 200 [\s\S]*without undefined/)
  })

  test('without Connection: upgrade, or from HTTP/1.0, it is an ordinary request', async () => {
    const lines = ['Host: a', 'Connection: close', webSocket, '', ''].join('\r\n')
    expect(await sendRaw(gateway.port, `GET / HTTP/1.1\r\n${lines}`)).toContain('without undefined')
    const old = ['Host: a', 'Connection: upgrade', webSocket, '', ''].join('\r\n')
    expect(await sendRaw(gateway.port, `GET / HTTP/1.0\r\n${old}`)).toContain('without undefined')
  })

  test('an upgrade behind a request that is not answered yet is refused, after that answer', async () => {
    const first = 'GET /first HTTP/1.1\r\nHost: a\r\n\r\n'
    const answer = await sendRaw(gateway.port, first + upgradeRequest(webSocket) + hidden)
    expect(answer).toMatch(/^HTTP\/1\.1 200 [\s\S]*GET \/first without[\s\S]*HTTP\/1\.1 400 /)
    expect(through).not.toContain('hidden')
  })

  test('bytes that come before the 101 reach the service after it, once, and in order', async () => {
    through = ''
    const caller = call(gateway.port, `${upgradeRequest(webSocket)}early `)
    await caller.until(/^HTTP\/1\.1 101 Switching Protocols\r\n[\s\S]*\r\n\r\n/)
    caller.socket.end('late')
    await caller.closed
    expect(through).toBe('early late')
  })
})

describe('upstreams that do not do what was asked', () => {
  let gateway: TestGateway
  let close: () => void
  let received: string

  /** Answers each connection's first bytes; later ones are only kept. */
  async function serve(answer: string, then?: (socket: Socket) => void): Promise<void> {
    received = ''
    const sockets = new Set<Socket>()
    const server = createServer((socket) => {
      sockets.add(socket.on('error', () => undefined))
      socket.once('data', (bytes) => {
        if (String(bytes).includes('/health'))
          return socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
        received += bytes
        socket.on('data', (more) => (received += more))
        socket.write(answer)
        return then?.(socket)
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    close = () => {
      server.close()
      for (const socket of sockets) socket.destroy()
    }
    const { port } = server.address() as AddressInfo
    gateway = await startTestGateway(tableFor({ live: { weight: 1, ports: [port] } }, 1_000))
    await gateway.until((seen) => seen.upstreams[0]?.healthy === true)
  }

  afterEach(async () => {
    await gateway.stop()
    close()
  })

  const live = async () => (await gateway.until(({ counts }) => counts.live?.inFlight === 0)).counts.live

  test('what it answers instead of 101 is passed on, and ends the connection: what hides behind it goes nowhere', async () => {
    await serve('HTTP/1.1 426 Upgrade Required\r\nContent-Length: 2\r\n\r\nno')
    const answer = await sendRaw(gateway.port, upgradeRequest(webSocket) + hidden)
    expect(answer).toMatch(/^HTTP\/1\.1 426 [\s\S]*Connection: close[\s\S]*\r\n\r\nno$/)
    expect(received).not.toContain('hidden')
    expect(await live()).toMatchObject({ accepted: 1, answered: 1, lost: 0 })
  })

  test.each([
    [
      'another protocol',
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: spdy/3\r\n\r\n',
    ],
    ['no protocol', 'HTTP/1.1 101 Switching Protocols\r\n\r\n'],
    ['rubbish', 'SSH-2.0-OpenSSH_9.2\r\n'],
  ])('a switch to %s is lost', async (_, answer) => {
    await serve(answer)
    expect(await sendRaw(gateway.port, upgradeRequest(webSocket) + hidden)).toMatch(/^HTTP\/1\.1 502 /)
    expect(received).not.toContain('hidden')
    expect(await live()).toMatchObject({ accepted: 1, answered: 0, lost: 1 })
  })

  test('a 101 that nobody asked for is lost', async () => {
    await serve('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
    expect(
      await sendRaw(
        gateway.port,
        'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nConnection: close\r\n\r\n',
      ),
    ).toMatch(/^HTTP\/1\.1 502 /)
    expect(await live()).toMatchObject({ accepted: 1, lost: 1 })
  })

  test('one that does not answer is lost in time', async () => {
    await serve('')
    expect(await sendRaw(gateway.port, upgradeRequest(webSocket))).toMatch(/^HTTP\/1\.1 504 /)
    expect(await live()).toMatchObject({ accepted: 1, lost: 1 })
  })

  test('a client that leaves before the 101 has abandoned it', async () => {
    await serve('')
    const caller = call(gateway.port, upgradeRequest(webSocket))
    await gateway.until(({ counts }) => counts.live?.inFlight === 1)
    caller.socket.resetAndDestroy()
    expect(await live()).toMatchObject({ accepted: 1, abandoned: 1, lost: 0 })
  })
})
